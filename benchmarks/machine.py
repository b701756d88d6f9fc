"""Shared by the benchmarks: the paths of the project, and a description of the machine. Makes `import meerkat` possible."""

import os
import platform
import sys
import time
from importlib.metadata import version
from pathlib import Path

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
