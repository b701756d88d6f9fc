# Needs: the embeddings. Makes, on demand (`snakemake learning_curve`): a figure that shows whether more clips would help.


use rule program as learning_curve with:
    input:
        records("train"),
        records("eval"),
        head=rules.train.output.head,
        sites=rules.create_docs.output.sites,
    output:
        f"{RESULTS}/learning_curve/learning_curve.csv",
        report(f"{RESULTS}/learning_curve/learning_curve.svg", caption="../report/learning_curve.rst", category="Figures"),
    log:
        log_of("learning_curve"),
    benchmark:
        benchmark_of("learning_curve")
    threads: 4
    resources:
        mem_mb=rising(4000),
        runtime=rising(120),
    params:
        **command(
            "learning_curve.py",
            {"training": records_pattern("train"), "testing": records_pattern("eval")}
            | settings(ClipOrigins, Folds, NearDuplicates, Replicates),
            inputs=lambda wildcards: given_records(*SPLITS),
            to_folder=True,
            threads=True,
        ),
