# Needs: the clips. Makes: the list of clips of each split and shard, and an audit of what was taken and left out.


# A checkpoint, so that a shard whose list has not changed is not embedded again.
checkpoint create_docs:
    input:
        code=program("create_docs.py"),
    output:
        [f"{DOCS}/{name}" for name in LISTS.values()],
        rejected=f"{DOCS}/rejected.csv",
        audit=f"{DOCS}/audit.json",
        labels=f"{DOCS}/dict.txt",
        shards=[f"{DOCS}/shards/{name}.csv" for split in SPLITS for name in shards.shard_names(split, number_of_shards(split))],
    log:
        f"{RESULTS}/logs/create_docs.log",
    benchmark:
        f"{RESULTS}/benchmarks/create_docs.tsv"
    retries: 0  # what fails here is in the clips or the configuration, and fails again
    conda:
        "../envs/training.yaml"
    threads: 4
    resources:
        mem_mb=2000,
        runtime=120,
    params:
        clips=lambda wildcards: clip_digest(),
        options=options(config["data"] | {f"{split}_shards": number_of_shards(split) for split in SPLITS} | {"seed": config["seed"]}),
        known=f"{STATE}/inspected.csv",
        sides=f"{STATE}/sides.csv",
        problems=f"{RESULTS}/logs/create_docs_problems.csv",
        output=lambda wildcards, output: Path(output.labels).parent,
    shell:
        "python {input.code[0]:q} {params.options:q} --known {params.known:q} --sides {params.sides:q} --problems {params.problems:q} "
        "--output {params.output:q} --threads {threads} 2>&1 | tee {log:q}"
