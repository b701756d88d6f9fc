# Needs: the embeddings of the Training clips. Makes: the head, logs for TensorBoard, and clips that deserve a second look.
rule train:
    input:
        code=program("train.py"),
        records=records("train"),
    output:
        head=f"{RESULTS}/head/head.npz",
        held_out=f"{RESULTS}/head/held_out.csv",
    log:
        f"{RESULTS}/logs/train.log",
    benchmark:
        f"{RESULTS}/benchmarks/train.tsv"
    conda:
        "../envs/training.yaml"
    threads: 2
    resources:
        mem_mb=rising(4000),
        runtime=rising(240),
    params:
        options=options(config["train"] | {"video_pattern": config["data"]["video_pattern"], "seed": config["seed"]}),
        logs=f"{RESULTS}/tensorboard",
        state=f"{STATE}/training",
    shell:
        "python {input.code[0]:q} --records {input.records:q} --output {output.head:q} "
        "--held_out {output.held_out:q} {params.options:q} --logs {params.logs:q} --state {params.state:q} 2>&1 | tee {log:q}"


rule find_suspects:
    input:
        code=program("find_suspects.py"),
        records=records("train"),
        head=rules.train.output.head,
    output:
        f"{RESULTS}/head/suspects.csv",
    log:
        f"{RESULTS}/logs/find_suspects.log",
    benchmark:
        f"{RESULTS}/benchmarks/find_suspects.tsv"
    conda:
        "../envs/training.yaml"
    threads: 1
    resources:
        mem_mb=rising(4000),
        runtime=rising(120),
    params:
        options=options({"video_pattern": config["data"]["video_pattern"]}),
    shell:
        "python {input.code[0]:q} --records {input.records:q} --head {input.head:q} {params.options:q} --output {output:q} "
        "2>&1 | tee {log:q}"
