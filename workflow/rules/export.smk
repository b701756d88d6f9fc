# Needs: backbone, head and evaluation. Makes: the model for DeepMeerkat, checked against the contract.


use rule program as export with:
    input:
        backbone=rules.freeze_backbone.output.graph,
        head=rules.train.output.head,
        # Given records may come from clips that are not here, or from other clips of the same names.
        predictions=rules.evaluate.output.predictions if number_of_shards("eval") else [],
    output:
        model=f"{RESULTS}/model/saved_model.pb",
        labels=f"{RESULTS}/model/dict.txt",
    log:
        log_of("export"),
    benchmark:
        benchmark_of("export")
    resources:
        mem_mb=rising(4000),
        runtime=rising(30),
    params:
        **command("export.py", {}, to_folder=True),
