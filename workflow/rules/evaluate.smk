# Needs: the head and the embeddings. Makes: predictions, metrics, figures, and a table of the Testing clips that the model may have seen.
EVALUATION = f"{RESULTS}/evaluation"


use rule program as evaluate with:
    input:
        records("train"),
        records("eval"),
        sites=rules.create_docs.output.sites,
        head=rules.train.output.head,
        out_of_fold=rules.train.output.out_of_fold,
    output:
        [
            report(
                f"{EVALUATION}/figures/{name}.svg", caption=str(Path(f"{EVALUATION}/figures/{name}.rst").absolute()), category="Figures"
            )
            for name in figures.FIGURES
        ],
        [f"{EVALUATION}/figures/{name}.rst" for name in figures.FIGURES],
        predictions=f"{EVALUATION}/predictions.csv",
        metrics=f"{EVALUATION}/metrics.json",
        videos=f"{EVALUATION}/videos.csv",
        leaks=f"{EVALUATION}/leaks.csv",
    log:
        log_of("evaluate"),
    benchmark:
        benchmark_of("evaluate")
    threads: 4
    resources:
        mem_mb=rising(4000),
        runtime=rising(120),
    params:
        **command(
            "evaluate.py",
            {"training": records_pattern("train"), "testing": records_pattern("eval"), "lists": lists_pattern("eval")}
            | {"figures": f"{EVALUATION}/figures"}
            | settings(Evaluate, ClipOrigins, Seeded),
            inputs=lambda wildcards: given_records(*SPLITS),
            threads=True,
        ),
