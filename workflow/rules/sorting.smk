# Needs: the motion in the videos, or loose clips in a folder. Makes, on demand (`snakemake sorting`): the cards from which the page for
# sorting chooses.
UNSORTED = SETTINGS.sorting.unsorted
# A user who has only loose clips names no videos.
SORTS_VIDEOS = bool(SETTINGS.videos.folder) or not UNSORTED


use rule program as make_cards with:
    input:
        videos=rules.gather_motion.output.films if SORTS_VIDEOS else [],
        backbone=rules.freeze_backbone.output.graph,
    output:
        cards=f"{RESULTS}/sorting/cards.csv",
        embeddings=f"{RESULTS}/sorting/embeddings.npy",
    log:
        log_of("make_cards"),
    benchmark:
        benchmark_of("make_cards")
    threads: 8
    resources:
        mem_mb=rising(3000),
        runtime=rising(240),
    params:
        **command(
            "make_cards.py",
            lambda wildcards: {"store": f"{STATE}/embeddings"}
            | ({"motion": MOTION, "folder": video_folder()} | settings(StartPattern) if SORTS_VIDEOS else {})
            | settings(CameraTable)
            | ({"leave_out": RESULTS, "known": f"{STATE}/unsorted.csv"} | settings(Sorting, ClipOrigins) if UNSORTED else {}),
            inputs=lambda wildcards: input_digest.of_folder(UNSORTED, RESULTS) if UNSORTED else None,
            threads=True,
        ),


rule sorting:
    input:
        rules.list_videos.output if SORTS_VIDEOS else [],
        searched_shards if SORTS_VIDEOS else [],
        rules.gather_motion.output if SORTS_VIDEOS else [],
        rules.freeze_backbone.output,
        rules.make_cards.output,
