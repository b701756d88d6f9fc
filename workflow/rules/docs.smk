# Needs: the clips. Makes: the list of clips of each split and shard, and an audit of the clips that are used and left out.


# These files remember for each group whether it is held out.
SIDES = {"folders": "sides.csv", "video": "sides.csv", "site": "sides_of_sites.csv"}


# A checkpoint, so that a shard whose list has not changed is not embedded again.
checkpoint create_docs:
    output:
        [f"{DOCS}/{name}" for name in LISTS.values()],
        rejected=f"{DOCS}/rejected.csv",
        audit=f"{DOCS}/audit.json",
        labels=f"{DOCS}/dict.txt",
        sites=f"{DOCS}/sites.csv",
        shards=[f"{DOCS}/shards/{name}.csv" for split in SPLITS for name in shards.shard_names(split, number_of_shards(split))],
    log:
        log_of("create_docs"),
    benchmark:
        benchmark_of("create_docs")
    retries: 0  # the fault is in the clips or the configuration, and would occur again
    conda:
        "../envs/training.yaml"
    threads: 4
    resources:
        mem_mb=2000,
        runtime=120,
    params:
        **command(
            "create_docs.py",
            lambda wildcards: settings(Data, CameraTable, Seeded)
            | {"folder": clip_folder(), "leave_out": RESULTS}
            | {f"{split}_shards": number_of_shards(split) for split in SPLITS}
            | {"known": f"{STATE}/findings.csv", "films": FILMS, "doubted": DOUBTED, "sides": f"{STATE}/{SIDES[SETTINGS.data.split]}"}
            | {"problems": f"{RESULTS}/logs/create_docs_problems.csv"},
            inputs=lambda wildcards: clip_digest(),
            to_folder=True,
            threads=True,
        ),
    shell:
        COMMAND
