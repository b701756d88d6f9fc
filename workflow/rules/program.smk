# The frame of all rules, which is no step itself. Snakemake wants a log, and a benchmark, of each rule's own.
rule program:
    log:
        f"{RESULTS}/logs/program.log",
    conda:
        "../envs/training.yaml"
    threads: 1
    resources:
        mem_mb=rising(1000),
        runtime=rising(30),
    shell:
        COMMAND
