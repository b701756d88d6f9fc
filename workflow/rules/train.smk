# Needs: the embeddings of the Training clips. Makes: the head, and logs for TensorBoard.
rule train:
    input:
        code=program("train.py"),
        records=records("train"),
    output:
        f"{RESULTS}/head/head.npz",
    log:
        f"{RESULTS}/logs/train.log",
    benchmark:
        f"{RESULTS}/benchmarks/train.tsv"
    conda:
        "../envs/training.yaml"
    threads: 4
    resources:
        mem_mb=8000,
        runtime=240,
    params:
        options=options(config["train"] | {"video_pattern": config["data"]["video_pattern"], "seed": config["seed"]}),
        logs=f"{RESULTS}/tensorboard",
        state=f"{STATE}/training",
    shell:
        "python {input.code[0]:q} --records {input.records:q} --output {output:q} {params.options:q} "
        "--logs {params.logs:q} --state {params.state:q} --threads {threads} 2>&1 | tee {log:q}"
