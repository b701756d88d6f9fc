# Needs: videos. Makes: the motion in each of them, as tables, clips and stills. No video is read again after that.
use rule program as list_videos with:
    output:
        videos=f"{RESULTS}/videos.csv",
    log:
        log_of("list_videos"),
    benchmark:
        benchmark_of("list_videos")
    priority: 1  # it says how long the other jobs will take
    localrule: True  # seconds: not worth a place in a queue
    params:
        **command(
            "list_videos.py",
            lambda wildcards: {"folder": video_folder(), "leave_out": RESULTS, "known": NAMES, "motion": MOTION},
            inputs=lambda wildcards: input_digest.value(all_videos()),
        ),


use rule program as find_motion with:
    output:
        f"{MOTION}/{{video}}/clips.csv",
        f"{MOTION}/{{video}}/boxes.csv",
        f"{MOTION}/{{video}}/parameters.csv",
        f"{CLIPS}/{{video}}/clips.csv",
    log:
        log_of("find_motion/{video}"),
    benchmark:
        benchmark_of("find_motion/{video}")
    threads: threads_of_a_video
    resources:
        mem_mb=rising(500),
        runtime=rising(240),
    params:
        **command(
            "find_motion.py",
            # The video is not an input, because Snakemake takes braces in a file's name for wildcards.
            lambda wildcards: settings(Motion)
            | {"video": all_videos().paths[wildcards.video], "name": wildcards.video}
            | {"motion": f"{MOTION}/{wildcards.video}", "clips": f"{CLIPS}/{wildcards.video}"},
            inputs=lambda wildcards: input_digest.status([all_videos().paths[wildcards.video]]),
            threads=True,
        ),
