# Needs: videos and a model. Makes, when asked for (`snakemake annotate`): the frames with animals, tables and a report.
ANNOTATIONS = f"{RESULTS}/annotations"
# A model from elsewhere comes without an evaluation of ours.
OWN_MODEL = config["annotate"]["model"] is None


rule annotate_video:
    input:
        code=program("annotate_video.py"),
        model=rules.export.output.model if OWN_MODEL else f"{config['annotate']['model']}/saved_model.pb",
        metrics=rules.evaluate.output.metrics if OWN_MODEL else [],
    output:
        annotations=f"{ANNOTATIONS}/{{video}}/annotations.csv",
        detections=f"{ANNOTATIONS}/{{video}}/detections.json",
        parameters=f"{ANNOTATIONS}/{{video}}/parameters.csv",
    log:
        f"{RESULTS}/logs/annotate_video/{{video}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/annotate_video/{{video}}.tsv"
    conda:
        "../envs/training.yaml"
    threads: 1
    resources:
        mem_mb=rising(1500),
        runtime=rising(240),
    params:
        # No inputs, for Snakemake takes braces in a file's name for wildcards.
        video=lambda wildcards: all_videos()[wildcards.video],
        file=lambda wildcards: relative_to_videos(all_videos()[wildcards.video]),
        digest=lambda wildcards: watching.file_digest(all_videos()[wildcards.video]),
        model=lambda wildcards, input: Path(input.model).parent,
        metrics=lambda wildcards, input: [f"--metrics={path}" for path in [input.metrics] if path],
        options=options(MOTION | {name: config["annotate"][name] for name in ["threshold", "draw_boxes"]}),
        output=lambda wildcards, output: Path(output.annotations).parent,
    shell:
        "python {input.code[0]:q} --video={params.video:q} --file={params.file:q} --model={params.model:q} {params.metrics:q} "
        "--output {params.output:q} {params.options:q} 2>&1 | tee {log:q}"


rule annotate:
    input:
        code=program("sum_up_annotations.py"),
        template=f"{workflow.basedir}/workflow/report/annotations.html.j2",
        tables=lambda wildcards: expand(list(rules.annotate_video.output), video=all_videos()),
    output:
        detections=f"{ANNOTATIONS}/detections.json",
        rejected=f"{ANNOTATIONS}/rejected.csv",
        report=f"{ANNOTATIONS}/report.html",
    log:
        f"{RESULTS}/logs/annotate.log",
    benchmark:
        f"{RESULTS}/benchmarks/annotate.tsv"
    localrule: True  # seconds: not worth a place in a queue
    conda:
        "../envs/training.yaml"
    threads: 1
    resources:
        mem_mb=rising(1000),
        runtime=rising(30),
    params:
        folder=lambda wildcards, output: Path(output.detections).parent,
        videos=lambda wildcards: list(all_videos()),
    shell:
        "python {input.code[0]:q} --folder {params.folder:q} --videos {params.videos:q} --template {input.template:q} "
        "--detections {output.detections:q} --rejected {output.rejected:q} --report {output.report:q} 2>&1 | tee {log:q}"
