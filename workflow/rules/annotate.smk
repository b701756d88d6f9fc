# Needs: videos and a model. Makes, when asked for (`snakemake annotate`): the frames with animals, tables and a report.
ANNOTATIONS = f"{RESULTS}/annotations"
# A model from elsewhere comes without an evaluation of ours.
OWN_MODEL = config["annotate"]["model"] is None
MODEL = Path(rules.export.output.model).parent if OWN_MODEL else Path(config["annotate"]["model"])


use rule program as annotate_video with:
    input:
        # A file that is not there is no input: the program says what to write instead.
        [path for path in [MODEL / "saved_model.pb"] if OWN_MODEL or path.is_file()],
        metrics=rules.evaluate.output.metrics if OWN_MODEL else [],
    output:
        annotations=f"{ANNOTATIONS}/{{video}}/annotations.csv",
        detections=f"{ANNOTATIONS}/{{video}}/detections.json",
        parameters=f"{ANNOTATIONS}/{{video}}/parameters.csv",
    log:
        log_of("annotate_video/{video}"),
    benchmark:
        benchmark_of("annotate_video/{video}")
    resources:
        mem_mb=rising(1500),
        runtime=rising(240),
    params:
        **command(
            "annotate_video.py",
            # The video is no input, for Snakemake takes braces in a file's name for wildcards.
            lambda wildcards: MOTION
            | {name: config["annotate"][name] for name in ["threshold", "draw_boxes"]}
            | {"video": all_videos()[wildcards.video], "folder": video_folder(), "model": MODEL},
            inputs=lambda wildcards: input_digest.status([all_videos()[wildcards.video]]),
            to_folder=True,
        ),


use rule program as summarize_annotations with:
    input:
        lambda wildcards: expand(rules.annotate_video.output, video=all_videos()),
        videos=rules.list_videos.output.videos,
        template=f"{workflow.basedir}/workflow/report/annotations.html.j2",
    output:
        detections=f"{ANNOTATIONS}/detections.json",
        rejected=f"{ANNOTATIONS}/rejected.csv",
        report=f"{ANNOTATIONS}/report.html",
    log:
        log_of("summarize_annotations"),
    benchmark:
        benchmark_of("summarize_annotations")
    localrule: True  # seconds: not worth a place in a queue
    params:
        **command(
            "summarize_annotations.py",
            {"folder": ANNOTATIONS},
        ),


rule annotate:
    input:
        rules.list_videos.output,
        lambda wildcards: expand(rules.annotate_video.output, video=all_videos()),
        rules.summarize_annotations.output,
    localrule: True
