# Needs: the head and the embeddings. Makes: predictions, metrics, figures, and what the model has seen of the Testing clips.
EVALUATION = f"{RESULTS}/evaluation"
FIGURES = ["confusion_matrix", "to_watch", "roc", "precision_recall", "scores", "reliability", "training"]


rule find_leaks:
    input:
        code=program("find_leaks.py"),
        training=records("train"),
        testing=records("eval"),
    output:
        f"{EVALUATION}/leaks.csv",
    log:
        f"{RESULTS}/logs/find_leaks.log",
    benchmark:
        f"{RESULTS}/benchmarks/find_leaks.tsv"
    conda:
        "../envs/training.yaml"
    threads: 4
    resources:
        mem_mb=rising(4000),
        runtime=rising(120),
    params:
        options=options({"video_pattern": config["data"]["video_pattern"], "near_duplicate": config["evaluate"]["near_duplicate"]}),
    shell:
        "python {input.code[0]:q} --training {input.training:q} --testing {input.testing:q} {params.options:q} "
        "--output {output:q} --threads {threads} 2>&1 | tee {log:q}"


rule evaluate:
    input:
        code=program("evaluate.py"),
        records=records("eval"),
        head=rules.train.output.head,
        held_out=rules.train.output.held_out,
        leaks=rules.find_leaks.output,
    output:
        predictions=f"{EVALUATION}/predictions.csv",
        metrics=f"{EVALUATION}/metrics.json",
        videos=f"{EVALUATION}/videos.csv",
    log:
        f"{RESULTS}/logs/evaluate.log",
    benchmark:
        f"{RESULTS}/benchmarks/evaluate.tsv"
    conda:
        "../envs/training.yaml"
    threads: 1
    resources:
        mem_mb=rising(4000),
        runtime=rising(60),
    params:
        options=options(
            {name: config["evaluate"][name] for name in ["recalls", "operating_recall", "replicates"]} | {"seed": config["seed"]}
        ),
    shell:
        "python {input.code[0]:q} --records {input.records:q} --head {input.head:q} --held_out {input.held_out:q} "
        "--leaks {input.leaks:q} {params.options:q} --predictions {output.predictions:q} --metrics {output.metrics:q} "
        "--videos {output.videos:q} 2>&1 | tee {log:q}"


rule draw_figures:
    input:
        code=program("draw_figures.py"),
        predictions=rules.evaluate.output.predictions,
        metrics=rules.evaluate.output.metrics,
        head=rules.train.output.head,
    output:
        [report(f"{EVALUATION}/figures/{name}.svg", caption=f"../report/{name}.rst", category="Figures") for name in FIGURES],
    log:
        f"{RESULTS}/logs/draw_figures.log",
    benchmark:
        f"{RESULTS}/benchmarks/draw_figures.tsv"
    localrule: True  # seconds: not worth a place in a queue
    conda:
        "../envs/training.yaml"
    threads: 1
    resources:
        mem_mb=rising(1000),
        runtime=rising(30),
    params:
        output=lambda wildcards, output: Path(output[0]).parent,
    shell:
        "python {input.code[0]:q} --predictions {input.predictions:q} --metrics {input.metrics:q} --head {input.head:q} "
        "--output {params.output:q} 2>&1 | tee {log:q}"
