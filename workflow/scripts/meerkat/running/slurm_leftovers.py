"""Jobs on a Slurm cluster that still exist although the Snakemake that submitted them has ended."""

import re
import subprocess
import time
from pathlib import Path

# The Slurm executor of Snakemake names all jobs of a run by a UUID.
_RUN = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# Seconds to wait for cancelled jobs: longer than clusters let them live after the first signal (KillWait, 30 s).
_PATIENCE = 120


def cancel_jobs_of(folder: Path | str) -> list[str]:
    """Cancel the user's jobs that a run of Snakemake in `folder` has submitted, and wait until they have ended.

    Call it when no run is alive, before a new one submits its jobs: two jobs must not write the same files. Returns the numbers of the
    cancelled jobs; none if there is no Slurm.
    """
    jobs = _jobs_of(folder)
    if jobs:
        subprocess.run(["scancel", *jobs], check=False)
    until = time.monotonic() + _PATIENCE
    while _jobs_of(folder) and time.monotonic() < until:
        time.sleep(1)
    return jobs


def _jobs_of(folder: Path | str) -> list[str]:
    try:
        listed = subprocess.run(
            ["squeue", "--me", "--noheader", "--format=%A|%j|%Z"], capture_output=True, text=True, errors="surrogateescape", check=False
        ).stdout
    except OSError:  # no Slurm here
        return []
    rows = (line.split("|", 2) for line in listed.splitlines())
    return [number for number, name, place in rows if _RUN.fullmatch(name) and place == str(Path(folder).absolute())]
