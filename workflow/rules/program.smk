# The base of all rules; it is not a step itself. Snakemake wants a separate log and benchmark for each rule.
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
