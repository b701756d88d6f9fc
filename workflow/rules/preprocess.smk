# Needs: the list of a shard. Makes: the frozen backbone, and a file of embeddings for each shard.
rule freeze_backbone:
    input:
        code=program("freeze_backbone.py"),
        weights=[config["backbone"]["weights"]] if config["backbone"]["weights"] not in (None, "imagenet") else [],
    output:
        graph=f"{RESULTS}/backbone/backbone.pb",
        facts=f"{RESULTS}/backbone/backbone.json",
    log:
        f"{RESULTS}/logs/freeze_backbone.log",
    benchmark:
        f"{RESULTS}/benchmarks/freeze_backbone.tsv"
    conda:
        "../envs/training.yaml"
    threads: 1
    resources:
        mem_mb=rising(4000),
        runtime=rising(30),
    params:
        options=options(config["backbone"]),
    shell:
        "python {input.code[0]:q} {params.options:q} --output {output.graph:q} 2>&1 | tee {log:q}"


rule preprocess:
    input:
        code=program("preprocess.py"),
        clips=list_of_shard,
        labels=rules.create_docs.output.labels,
        backbone=rules.freeze_backbone.output.graph,
    output:
        f"{RESULTS}/preprocessed/{{shard}}.tfrecord.gz",
    log:
        f"{RESULTS}/logs/preprocess/{{shard}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/preprocess/{{shard}}.tsv"
    conda:
        "../envs/training.yaml"
    threads: threads_of_a_shard
    resources:
        mem_mb=rising(2000),
        runtime=rising(240),
    params:
        store=f"{STATE}/embeddings",
    shell:
        "python {input.code[0]:q} --input_path {input.clips:q} --input_dict {input.labels:q} --output_path {output:q} "
        "--backbone {input.backbone:q} --store {params.store:q} --threads {threads} 2>&1 | tee {log:q}"
