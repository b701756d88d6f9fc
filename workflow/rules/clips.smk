# Needs: videos. Makes, when asked for (`snakemake clips`): clips of what moves in them, for a person to sort.
CLIPS = f"{RESULTS}/clips"
MOTION = {name: value for name, value in config["videos"].items() if name not in ("folder", "max_clips_per_video")}


use rule program as list_videos with:
    output:
        videos=f"{RESULTS}/videos.csv",
    log:
        log_of("list_videos"),
    benchmark:
        benchmark_of("list_videos")
    localrule: True  # seconds: not worth a place in a queue
    params:
        **command(
            "list_videos.py",
            lambda wildcards: {"folder": video_folder(), "leave_out": RESULTS},
            inputs=lambda wildcards: input_digest.value(all_videos()),
        ),


use rule program as extract_clips with:
    output:
        clips=f"{CLIPS}/{{video}}/clips.csv",
        parameters=f"{CLIPS}/{{video}}/parameters.csv",
    log:
        log_of("extract_clips/{video}"),
    benchmark:
        benchmark_of("extract_clips/{video}")
    resources:
        mem_mb=rising(500),
        runtime=rising(240),
    params:
        **command(
            "extract_clips.py",
            # The video is no input, for Snakemake takes braces in a file's name for wildcards.
            lambda wildcards: MOTION
            | {"video": all_videos()[wildcards.video], "name": wildcards.video}
            | {"max_clips_per_video": config["videos"]["max_clips_per_video"]},
            inputs=lambda wildcards: input_digest.status([all_videos()[wildcards.video]]),
            to_folder=True,
        ),


use rule program as summarize_clips with:
    input:
        lambda wildcards: expand(rules.extract_clips.output, video=all_videos()),
        videos=rules.list_videos.output.videos,
    output:
        rejected=f"{CLIPS}/rejected.csv",
    log:
        log_of("summarize_clips"),
    benchmark:
        benchmark_of("summarize_clips")
    localrule: True  # seconds: not worth a place in a queue
    params:
        **command(
            "summarize_clips.py",
            {"folder": CLIPS},
        ),


# As in `all`, every intermediate is a target, so that a video whose results were deleted is done again.
rule clips:
    input:
        rules.list_videos.output,
        lambda wildcards: expand(rules.extract_clips.output, video=all_videos()),
        rules.summarize_clips.output,
    localrule: True
