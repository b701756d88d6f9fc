"""Shared by the benchmarks: the paths of the project, a description of the machine, and what a command or the workflow takes on it. Makes
`import meerkat` possible."""

import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "workflow" / "scripts"))


def described() -> str:
    """Date, processor, cores, load and the versions that matter, in one line."""
    lines = Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []
    processor = next((line.split(":")[1].strip() for line in lines if "model name" in line), platform.machine())
    widest = next(
        (name for name in ("avx512f", "avx2", "avx") if any(line.startswith("flags") and name in line.split() for line in lines)), ""
    )
    packages = ", ".join(f"{name} {version(name)}" for name in ("tensorflow", "snakemake", "numpy"))
    return (
        f"{time.strftime('%Y-%m-%d')}: {processor} ({widest}), {os.cpu_count()} cores, load {os.getloadavg()[0]:.2f}; "
        f"Python {platform.python_version()}, {packages}."
    )


class Run(NamedTuple):
    """A finished command: seconds, processor seconds, memory of its largest process in MB, and everything that it printed."""

    seconds: float
    processor: float
    megabytes: float
    text: str


def measured(command: Iterable, cores: int | None = None) -> Run:
    """Run a command, on the first cores if a number is given. If it fails, the benchmark ends with what it has printed."""
    pinned = ["taskset", "-c", f"0-{cores - 1}"] if cores else []
    with tempfile.TemporaryFile("w+") as printed:
        started = time.monotonic()
        process = subprocess.Popen([*pinned, *map(str, command)], stdout=printed, stderr=subprocess.STDOUT)
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.monotonic() - started
        printed.seek(0)
        text = printed.read()
    if status:
        sys.exit(text)
    return Run(seconds, used.ru_utime + used.ru_stime, used.ru_maxrss * 1024 / 1e6, text)


def run(folder: Path, *arguments: str, settings: str = "", cores: int | None = None) -> Run:
    """Run the workflow as users do, in a folder whose sub-folder `clips` contains the clips, on all cores if no number is given.

    arguments  of Snakemake: flags, then "--" and targets
    settings   lines of the configuration besides `data:`
    """
    configuration = folder / "mine.yaml"
    configuration.write_text(f"data: {{folder: clips}}\n{settings}\n")
    command = [Path(sys.executable).parent / "snakemake", "--snakefile", ROOT / "Snakefile", "--directory", folder]
    command += ["--cores", cores or os.cpu_count(), "--quiet", "host", "--benchmark-extended"]
    return measured([*command, "--configfile", configuration, *arguments])
