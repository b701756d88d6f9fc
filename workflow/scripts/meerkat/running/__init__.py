"""What Snakemake needs around the steps: settings, the lock of a run, failed jobs, what code a program depends on."""
