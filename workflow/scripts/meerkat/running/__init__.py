"""Helpers for Snakemake: settings, the lock of a run, failed jobs, and the code that a program depends on."""
