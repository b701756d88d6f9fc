# Needs: the embeddings of the Training clips. Makes: the head, logs for TensorBoard, and clips that deserve a second look.
TRAINING = {
    "records": records_pattern("train"),
    "lists": lists_pattern("train"),
    "video_pattern": config["data"]["video_pattern"],
}


use rule program as train with:
    input:
        records("train"),
    output:
        head=f"{RESULTS}/head/head.npz",
        held_out=f"{RESULTS}/head/held_out.csv",
    log:
        log_of("train"),
    benchmark:
        benchmark_of("train")
    threads: 2
    resources:
        mem_mb=rising(4000),
        runtime=rising(240),
    params:
        **command(
            "train.py",
            TRAINING | config["train"] | {"seed": config["seed"], "logs": f"{RESULTS}/tensorboard", "state": f"{STATE}/training"},
            inputs=lambda wildcards: given_records("train"),
        ),


use rule program as find_label_issues with:
    input:
        records("train"),
        head=rules.train.output.head,
    output:
        label_issues=f"{RESULTS}/head/label_issues.csv",
    log:
        log_of("find_label_issues"),
    benchmark:
        benchmark_of("find_label_issues")
    resources:
        mem_mb=rising(4000),
        runtime=rising(120),
    params:
        **command(
            "find_label_issues.py",
            TRAINING,
            inputs=lambda wildcards: given_records("train"),
        ),
