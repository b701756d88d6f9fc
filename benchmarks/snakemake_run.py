"""Runs the workflow as users do."""

import os
import sys
from pathlib import Path

from machine import ROOT, Run, measured


def run(folder: Path, *arguments: str, settings: str = "", cores: int | None = None, code: Path = ROOT) -> Run:
    """Run the workflow in a folder whose sub-folder `clips` contains the clips, on all cores if no number is given.

    arguments  of Snakemake: flags, then "--" and targets
    settings   lines of the configuration besides `data:`
    code       this or another checkout
    """
    configuration = folder / "mine.yaml"
    configuration.write_text(f"data: {{folder: clips}}\n{settings}\n")
    command = [Path(sys.executable).parent / "snakemake", "--snakefile", code / "Snakefile", "--directory", folder]
    command += ["--cores", cores or os.cpu_count(), "--quiet", "host", "--benchmark-extended"]
    return measured([*command, "--configfile", configuration, *arguments])
