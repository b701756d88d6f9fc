# Needs: what moves in the videos. Makes, when asked for (`snakemake sorting`): what the page for sorting chooses from.
use rule program as embed_tracks with:
    input:
        given_file(config["videos"]["table"]),
        motion_of_all,
        videos=rules.list_videos.output.videos,
        backbone=rules.freeze_backbone.output.graph,
    output:
        cards=f"{RESULTS}/sorting/cards.csv",
        embeddings=f"{RESULTS}/sorting/embeddings.npy",
    log:
        log_of("embed_tracks"),
    benchmark:
        benchmark_of("embed_tracks")
    threads: 8
    resources:
        mem_mb=rising(3000),
        runtime=rising(240),
    params:
        **command(
            "embed_tracks.py",
            lambda wildcards: {
                "motion": MOTION,
                "folder": video_folder(),
                "store": f"{STATE}/embeddings",
                "table": config["videos"]["table"],
            },
            threads=True,
        ),


rule sorting:
    input:
        rules.list_videos.output,
        all_of_motion,
        rules.freeze_backbone.output,
        rules.embed_tracks.output,
    localrule: True
