# Needs: the motion in the videos. Makes, on demand (`snakemake clips`): a list of the videos that could not be read.
use rule program as summarize_clips with:
    input:
        motion_of_all,
        videos=rules.list_videos.output.videos,
    output:
        rejected=f"{CLIPS}/rejected.csv",
    log:
        log_of("summarize_clips"),
    benchmark:
        benchmark_of("summarize_clips")
    localrule: True  # seconds: not worth a place in a queue
    params:
        **command("summarize_clips.py", {"motion": MOTION, "clips": CLIPS}),


# As in `all`, every intermediate file is a target, so that a video whose results were deleted is searched again.
rule clips:
    input:
        rules.list_videos.output,
        all_of_motion,
        rules.summarize_clips.output,
    localrule: True
