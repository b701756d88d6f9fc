"""Runs the workflow as users do, and says what it took."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from machine import ROOT


class Run(NamedTuple):
    """A finished run: seconds, memory of its largest process in MB, and everything that it printed."""

    seconds: float
    megabytes: float
    text: str


def run(folder: Path, *arguments: str, settings: str = "", cores: int | None = None, code: Path = ROOT) -> Run:
    """Run the workflow in a folder whose sub-folder `clips` contains the clips, on all cores if no number is given.

    arguments  of Snakemake: flags, then "--" and targets
    settings   lines of the configuration besides `data:`
    code       this or another checkout
    """
    configuration = folder / "mine.yaml"
    configuration.write_text(f"data: {{folder: clips}}\n{settings}\n")
    command = [Path(sys.executable).parent / "snakemake", "--snakefile", code / "Snakefile", "--directory", folder]
    command += ["--cores", str(cores or os.cpu_count()), "--quiet", "host", "--benchmark-extended"]
    command += ["--configfile", configuration, *arguments]
    with tempfile.TemporaryFile("w+") as printed:
        started = time.monotonic()
        process = subprocess.Popen(command, stdout=printed, stderr=subprocess.STDOUT)
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.monotonic() - started
        printed.seek(0)
        text = printed.read()
    if status:
        sys.exit(text)
    return Run(seconds, used.ru_maxrss * 1024 / 1e6, text)
