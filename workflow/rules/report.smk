# Needs: everything else. Makes: the report, one page for a browser.
# What the page for sorting leaves, if it was used.
OF_SORTING = {"labels": f"{SETTINGS.data.folder}/{journal.NAME}", "sorting": f"{RESULTS}/{situation.STATE}"}


use rule program as write_report with:
    input:
        PAGE_PARTS,
        template=f"{PAGES}/report.html.j2",
        metrics=rules.evaluate.output.metrics,
        predictions=rules.evaluate.output.predictions,
        videos=rules.evaluate.output.videos,
        leaks=rules.evaluate.output.leaks,
        label_issues=rules.train.output.label_issues,
        head=rules.train.output.head,
        audit=rules.create_docs.output.audit,
        rejected=rules.create_docs.output.rejected,
        provenance=rules.write_provenance.output.provenance,
        # With a truth about some films, training goes on to the end of the chain: to the visits found in these films.
        check=rules.check_visits.output.check if SETTINGS.annotate.truth and OWN_MODEL else [],
        visits_audit=rules.audit_visits.output.audit if IS_AUDITED and OWN_MODEL else [],
    output:
        report=report(f"{RESULTS}/report.html", caption="../report/report.rst", category="Report"),
    log:
        log_of("write_report"),
    benchmark:
        benchmark_of("write_report")
    localrule: True  # seconds: not worth a place in a queue
    params:
        **command(
            "write_report.py",
            {"figures": f"{EVALUATION}/figures"} | {name: path for name, path in OF_SORTING.items() if Path(path).is_file()},
            own=list(OF_SORTING.values()),
        ),
