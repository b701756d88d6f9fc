# Needs: videos. Makes: the motion in each of them, as tables and clips. No video is decoded again after that.
use rule program as list_videos with:
    output:
        videos=f"{RESULTS}/videos.csv",
    log:
        log_of("list_videos"),
    benchmark:
        benchmark_of("list_videos")
    # It says how long the others will take, so it goes first, and alone: what they search meanwhile would be missing in its count.
    priority: 1
    localrule: True  # seconds: not worth a place in a queue
    threads: workflow.resource_settings.cores or 1
    params:
        **command(
            "list_videos.py",
            lambda wildcards: {"folder": video_folder(), "leave_out": NOT_VIDEOS, "known": FILMS, "store": MOTION_STORE}
            | settings(Motion, CameraTable, StartPattern, Stills, Detector),
            inputs=lambda wildcards: input_digest.value(all_videos()),
        ),


# The stretches of a shard are known by their content: where their films lie now is no reason to run again.
use rule program as find_motion with:
    output:
        searched=f"{RESULTS}/searched/{{shard}}.csv",
    log:
        log_of("find_motion/{shard}"),
    benchmark:
        benchmark_of("find_motion/{shard}")
    threads: threads_of_a_motion_shard
    resources:
        mem_mb=rising(1000),
        runtime=rising(240),
    params:
        **command(
            "find_motion.py",
            lambda wildcards: settings(Motion)
            | {"videos": LISTED, "shard": wildcards.shard, "store": MOTION_STORE}
            | (settings(Detector) | {"folder": video_folder()} if SETTINGS.videos.boxes else {}),
            inputs=lambda wildcards: input_digest.value(motion_shards()[wildcards.shard]),
            threads=True,
        ),


use rule program as gather_motion with:
    input:
        searched_shards,
    output:
        films=GATHERED,
        rejected=f"{CLIPS}/rejected.csv",
    log:
        log_of("gather_motion"),
    benchmark:
        benchmark_of("gather_motion")
    params:
        **command(
            "gather_motion.py",
            lambda wildcards: settings(Motion)
            | {"videos": LISTED, "store": MOTION_STORE, "searched": f"{RESULTS}/searched", "motion": MOTION, "clips": CLIPS},
            inputs=lambda wildcards: input_digest.value(all_videos()),
        ),
