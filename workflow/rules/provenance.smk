# Needs: everything else. Makes: a record of what the results were made from and how long it took.
STEPS = ["create_docs", "freeze_backbone", "train", "evaluate", "export"]
STEPS += [f"preprocess/{shards.pattern(split, number_of_shards(split))}" for split in SPLITS if number_of_shards(split)]


use rule program as write_provenance with:
    input:
        rules.export.output,
        rules.train.output,
        rules.create_docs.output,
    output:
        provenance=f"{RESULTS}/provenance.json",
    log:
        log_of("write_provenance"),
    benchmark:
        benchmark_of("write_provenance")
    localrule: True  # seconds: not worth a place in a queue
    params:
        **command(
            "write_provenance.py",
            {
                # The work on videos is not part of these results; its settings are recorded beside its own outputs. The table of cameras
                # gives the sites of clips, too.
                "settings": json.dumps(
                    SETTINGS.model_dump(exclude={"videos", "sorting", "annotate", "audit", "dataset"})
                    | {"videos": {"cameras": SETTINGS.videos.cameras}},
                    sort_keys=True,
                ),
                "made_from": [given_pattern(split) or f"{escape(DOCS)}/{name}" for split, name in LISTS.items()],
                "benchmarks": [f"{escape(RESULTS)}/benchmarks/{step}.tsv" for step in STEPS],
            },
            inputs=lambda wildcards: given_records(*SPLITS),
        ),
