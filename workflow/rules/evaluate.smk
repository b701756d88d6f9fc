# Needs: the head and the embeddings. Makes: predictions, metrics, figures, and what the model has seen of the Testing clips.
EVALUATION = f"{RESULTS}/evaluation"


use rule program as find_leaks with:
    input:
        records("train"),
        records("eval"),
    output:
        leaks=f"{EVALUATION}/leaks.csv",
    log:
        log_of("find_leaks"),
    benchmark:
        benchmark_of("find_leaks")
    threads: 4
    resources:
        mem_mb=rising(4000),
        runtime=rising(120),
    params:
        **command(
            "find_leaks.py",
            {
                "training": records_pattern("train"),
                "testing": records_pattern("eval"),
                "near_duplicate": config["evaluate"]["near_duplicate"],
            }
            | ORIGINS,
            own=[config["data"]["sites"]],
            inputs=lambda wildcards: given_records(*SPLITS),
            threads=True,
        ),


use rule program as evaluate with:
    input:
        records("eval"),
        head=rules.train.output.head,
        out_of_fold=rules.train.output.out_of_fold,
        leaks=rules.find_leaks.output.leaks,
    output:
        predictions=f"{EVALUATION}/predictions.csv",
        metrics=f"{EVALUATION}/metrics.json",
        videos=f"{EVALUATION}/videos.csv",
    log:
        log_of("evaluate"),
    benchmark:
        benchmark_of("evaluate")
    resources:
        mem_mb=rising(4000),
        runtime=rising(60),
    params:
        **command(
            "evaluate.py",
            {"records": records_pattern("eval"), "lists": lists_pattern("eval"), "seed": config["seed"]}
            | {name: config["evaluate"][name] for name in ["recalls", "operating_recall", "replicates"]},
            inputs=lambda wildcards: given_records("eval"),
        ),


use rule program as draw_figures with:
    input:
        predictions=rules.evaluate.output.predictions,
        metrics=rules.evaluate.output.metrics,
        head=rules.train.output.head,
    output:
        [
            report(
                f"{EVALUATION}/figures/{name}.svg", caption=str(Path(f"{EVALUATION}/figures/{name}.rst").absolute()), category="Figures"
            )
            for name in figures.FIGURES
        ],
        [f"{EVALUATION}/figures/{name}.rst" for name in figures.FIGURES],
    log:
        log_of("draw_figures"),
    benchmark:
        benchmark_of("draw_figures")
    localrule: True  # seconds: not worth a place in a queue
    params:
        **command(
            "draw_figures.py",
            {},
            to_folder=True,
        ),
