# Needs: the model, its evaluation, and an audit of visits if there is one. Makes: the model card.


use rule program as write_model_card with:
    input:
        rules.export.output,
        backbone=BACKBONE,
        head=rules.train.output.head,
        metrics=rules.evaluate.output.metrics,
        visits_audit=rules.audit_visits.output.audit if IS_AUDITED and OWN_MODEL else [],
    output:
        card=f"{RESULTS}/model/model_card.md",
    log:
        log_of("write_model_card"),
    benchmark:
        benchmark_of("write_model_card")
    localrule: True  # seconds: not worth a place in a queue
    params:
        **command("write_model_card.py", lambda wildcards: {"data": given_pattern("train") or SETTINGS.data.train_csv or clip_folder()}),
