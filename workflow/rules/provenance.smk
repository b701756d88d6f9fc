# Needs: everything else. Makes: a record of what the results were made from and how long it took.
STEPS = ["create_docs", "freeze_backbone", "train", "find_suspects", "find_leaks", "evaluate", "draw_figures", "export"]
STEPS += [f"preprocess/{name}" for split in SPLITS for name in shards.shard_names(split, number_of_shards(split))]


rule write_provenance:
    input:
        rules.export.output,
        rules.draw_figures.output,
        rules.find_suspects.output,
        code=program("write_provenance.py"),
        lists=[name for split in SPLITS for name in ([f"{DOCS}/{LISTS[split]}"] if number_of_shards(split) else records(split))],
    output:
        f"{RESULTS}/provenance.json",
    log:
        f"{RESULTS}/logs/write_provenance.log",
    benchmark:
        f"{RESULTS}/benchmarks/write_provenance.tsv"
    localrule: True  # seconds: not worth a place in a queue
    conda:
        "../envs/training.yaml"
    threads: 1
    resources:
        mem_mb=rising(500),
        runtime=rising(10),
    params:
        # What is done with videos is no part of these results; its settings stand beside what it gives.
        settings=json.dumps({name: config[name] for name in config if name not in ("videos", "annotate")}, sort_keys=True),
        benchmarks=[f"{RESULTS}/benchmarks/{step}.tsv" for step in STEPS],
    shell:
        "python {input.code[0]:q} --settings {params.settings:q} --lists {input.lists:q} --benchmarks {params.benchmarks:q} "
        "--output {output:q} 2>&1 | tee {log:q}"
