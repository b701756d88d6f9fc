# Needs: the embeddings of the Training clips. Makes: the head, scores of the clips by heads that never saw them, clips that deserve a
# second look, and logs for TensorBoard.


use rule program as train with:
    input:
        records("train"),
        # Their lists, all of them: with another number of shards create_docs has to run again, whatever the target is.
        rules.create_docs.output.shards,
        sites=rules.create_docs.output.sites,
    output:
        head=f"{RESULTS}/head/head.npz",
        out_of_fold=f"{RESULTS}/head/out_of_fold.csv",
        label_issues=f"{RESULTS}/head/label_issues.csv",
    log:
        log_of("train"),
    benchmark:
        benchmark_of("train")
    threads: 4
    resources:
        mem_mb=rising(4000),
        runtime=rising(240),
    params:
        **command(
            "train.py",
            {"records": records_pattern("train"), "lists": lists_pattern("train")}
            | settings(ClipOrigins, Balance, NearDuplicates, Train, Seeded)
            | {"logs": f"{RESULTS}/tensorboard"},
            inputs=lambda wildcards: given_records("train"),
            threads=True,
        ),
