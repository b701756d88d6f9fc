# Needs: the list of a shard. Makes: the frozen backbone, and a file of embeddings for each shard.


use rule program as freeze_backbone with:
    output:
        BACKBONE,
        graph=f"{RESULTS}/backbone/backbone.pb",
    log:
        log_of("freeze_backbone"),
    benchmark:
        benchmark_of("freeze_backbone")
    resources:
        mem_mb=rising(4000),
        runtime=rising(30),
    params:
        **command("freeze_backbone.py", settings(Backbone)),


use rule program as preprocess with:
    input:
        list_of_shard,
        input_dict=rules.create_docs.output.labels,
        backbone=rules.freeze_backbone.output.graph,
    output:
        output_path=f"{RESULTS}/preprocessed/{{shard}}.tfrecord.gz",
    log:
        log_of("preprocess/{shard}"),
    benchmark:
        benchmark_of("preprocess/{shard}")
    threads: threads_of_a_shard
    resources:
        mem_mb=rising(2000),
        runtime=rising(240),
    params:
        **command(
            "preprocess.py",
            # By its name: before create_docs has made the lists, Snakemake has another file in this place.
            lambda wildcards: {"input_path": f"{DOCS}/shards/{wildcards.shard}.csv", "store": f"{STATE}/embeddings", "doubted": DOUBTED},
            inputs=lambda wildcards: input_digest.content([f"{DOCS}/shards/{wildcards.shard}.csv"]),
            threads=True,
        ),
