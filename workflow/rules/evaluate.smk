# Needs: the head and the embeddings of the Testing clips. Makes: predictions, metrics and figures.
EVALUATION = f"{RESULTS}/evaluation"


rule evaluate:
    input:
        code=program("evaluate.py"),
        records=records("eval"),
        head=rules.train.output,
    output:
        predictions=f"{EVALUATION}/predictions.csv",
        metrics=f"{EVALUATION}/metrics.json",
    log:
        f"{RESULTS}/logs/evaluate.log",
    benchmark:
        f"{RESULTS}/benchmarks/evaluate.tsv"
    conda:
        "../envs/training.yaml"
    threads: 1
    resources:
        mem_mb=4000,
        runtime=60,
    params:
        options=options(config["evaluate"] | {"video_pattern": config["data"]["video_pattern"], "seed": config["seed"]}),
    shell:
        "python {input.code[0]:q} --records {input.records:q} --head {input.head:q} {params.options:q} "
        "--predictions {output.predictions:q} --metrics {output.metrics:q} 2>&1 | tee {log:q}"


rule draw_figures:
    input:
        code=program("draw_figures.py"),
        predictions=rules.evaluate.output.predictions,
    output:
        [f"{EVALUATION}/figures/{name}.svg" for name in ["confusion_matrix", "roc", "precision_recall"]],
    log:
        f"{RESULTS}/logs/draw_figures.log",
    benchmark:
        f"{RESULTS}/benchmarks/draw_figures.tsv"
    conda:
        "../envs/training.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=30,
    params:
        output=lambda wildcards, output: Path(output[0]).parent,
    shell:
        "python {input.code[0]:q} --predictions {input.predictions:q} --output {params.output:q} 2>&1 | tee {log:q}"
