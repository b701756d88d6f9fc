# Needs: everything else. Makes: the report, one page for a browser.
CAPTIONS = f"{workflow.basedir}/workflow/report"


rule write_report:
    input:
        code=program("write_report.py"),
        template=f"{CAPTIONS}/report.html.j2",
        captions=[f"{CAPTIONS}/{name}.rst" for name in FIGURES],
        metrics=rules.evaluate.output.metrics,
        predictions=rules.evaluate.output.predictions,
        videos=rules.evaluate.output.videos,
        leaks=rules.find_leaks.output,
        suspects=rules.find_suspects.output,
        head=rules.train.output.head,
        audit=rules.create_docs.output.audit,
        rejected=rules.create_docs.output.rejected,
        provenance=rules.write_provenance.output,
        figures=rules.draw_figures.output,
    output:
        report(f"{RESULTS}/report.html", caption="../report/report.rst", category="Report"),
    log:
        f"{RESULTS}/logs/write_report.log",
    benchmark:
        f"{RESULTS}/benchmarks/write_report.tsv"
    localrule: True  # seconds: not worth a place in a queue
    conda:
        "../envs/training.yaml"
    threads: 1
    resources:
        mem_mb=rising(1000),
        runtime=rising(30),
    shell:
        "python {input.code[0]:q} --metrics {input.metrics:q} --predictions {input.predictions:q} --videos {input.videos:q} "
        "--leaks {input.leaks:q} --suspects {input.suspects:q} --head {input.head:q} --audit {input.audit:q} "
        "--rejected {input.rejected:q} --provenance {input.provenance:q} --figures {input.figures:q} "
        "--captions {input.captions:q} --template {input.template:q} --output {output:q} 2>&1 | tee {log:q}"
