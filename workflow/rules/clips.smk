# Needs: the motion in the videos. On demand (`snakemake clips`), nothing else. As in `all`, every intermediate file is a target.
rule clips:
    input:
        rules.list_videos.output,
        searched_shards,
        rules.gather_motion.output,
