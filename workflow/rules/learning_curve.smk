# Needs: the embeddings. Makes, when asked for (`snakemake learning_curve`): whether more clips would help.
rule learning_curve:
    input:
        code=program("learning_curve.py"),
        training=records("train"),
        testing=records("eval"),
        head=rules.train.output.head,
    output:
        f"{RESULTS}/learning_curve/learning_curve.csv",
        report(f"{RESULTS}/learning_curve/learning_curve.svg", caption="../report/learning_curve.rst", category="Figures"),
    log:
        f"{RESULTS}/logs/learning_curve.log",
    benchmark:
        f"{RESULTS}/benchmarks/learning_curve.tsv"
    conda:
        "../envs/training.yaml"
    threads: 2
    resources:
        mem_mb=rising(4000),
        runtime=rising(120),
    params:
        options=options(
            {
                "video_pattern": config["data"]["video_pattern"],
                "validation": config["train"]["validation"],
                "replicates": config["evaluate"]["replicates"],
            }
        ),
        output=lambda wildcards, output: Path(output[0]).parent,
    shell:
        "python {input.code[0]:q} --training {input.training:q} --testing {input.testing:q} --head {input.head:q} "
        "{params.options:q} --output {params.output:q} 2>&1 | tee {log:q}"
