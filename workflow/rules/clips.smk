# Needs: videos. Makes, when asked for (`snakemake clips`): clips of what moves in them, for a person to sort.
CLIPS = f"{RESULTS}/clips"
MOTION = {name: value for name, value in config["videos"].items() if name not in ("folder", "max_clips_per_video")}


rule extract_clips:
    input:
        code=program("extract_clips.py"),
    output:
        clips=f"{CLIPS}/{{video}}/clips.csv",
        parameters=f"{CLIPS}/{{video}}/parameters.csv",
    log:
        f"{RESULTS}/logs/extract_clips/{{video}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/extract_clips/{{video}}.tsv"
    conda:
        "../envs/training.yaml"
    threads: 1
    resources:
        mem_mb=rising(500),
        runtime=rising(240),
    params:
        # No inputs, for Snakemake takes braces in a file's name for wildcards.
        video=lambda wildcards: all_videos()[wildcards.video],
        digest=lambda wildcards: watching.file_digest(all_videos()[wildcards.video]),
        options=options(MOTION | {"max_clips_per_video": config["videos"]["max_clips_per_video"]}),
        output=lambda wildcards, output: Path(output.clips).parent,
    shell:
        "python {input.code[0]:q} --video={params.video:q} --name={wildcards.video:q} --output {params.output:q} "
        "{params.options:q} 2>&1 | tee {log:q}"


rule clips:
    input:
        code=program("sum_up_videos.py"),
        tables=lambda wildcards: expand([rules.extract_clips.output.clips, rules.extract_clips.output.parameters], video=all_videos()),
    output:
        f"{CLIPS}/rejected.csv",
    log:
        f"{RESULTS}/logs/clips.log",
    benchmark:
        f"{RESULTS}/benchmarks/clips.tsv"
    localrule: True  # seconds: not worth a place in a queue
    conda:
        "../envs/training.yaml"
    threads: 1
    resources:
        mem_mb=rising(500),
        runtime=rising(10),
    params:
        folder=lambda wildcards, output: Path(output[0]).parent,
        videos=lambda wildcards: list(all_videos()),
    shell:
        "python {input.code[0]:q} --folder {params.folder:q} --videos {params.videos:q} --rejected {output:q} 2>&1 | tee {log:q}"
