# Needs: backbone, head and evaluation. Makes: the model for DeepMeerkat, checked against the contract.
rule export:
    input:
        code=program("export.py"),
        backbone=rules.freeze_backbone.output.graph,
        head=rules.train.output.head,
        # Given records may come from clips that are not here, or from other clips of the same names.
        predictions=rules.evaluate.output.predictions if number_of_shards("eval") else [],
        metrics=rules.evaluate.output.metrics,
    output:
        model=f"{RESULTS}/model/saved_model.pb",
        labels=f"{RESULTS}/model/dict.txt",
        card=f"{RESULTS}/model/model_card.md",
    log:
        f"{RESULTS}/logs/export.log",
    benchmark:
        f"{RESULTS}/benchmarks/export.tsv"
    conda:
        "../envs/training.yaml"
    threads: 1
    resources:
        mem_mb=rising(4000),
        runtime=rising(30),
    params:
        compare=lambda wildcards, input: [f"--predictions={path}" for path in [input.predictions] if path],
        data=config["preprocessed"]["train"] or config["data"]["train_csv"] or config["data"]["folder"],
        output=lambda wildcards, output: Path(output[0]).parent,
    shell:
        "python {input.code[0]:q} --backbone {input.backbone:q} --head {input.head:q} {params.compare:q} "
        "--metrics {input.metrics:q} --data={params.data:q} --output {params.output:q} 2>&1 | tee {log:q}"
