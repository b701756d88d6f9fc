"""Record what the results were made from: settings, clips, versions, code revision and the time of each step."""

import argparse
import csv
import importlib.metadata
import json
import platform
import subprocess
from datetime import UTC, datetime
from glob import glob
from pathlib import Path

from meerkat import atomic, digests
from meerkat.data.file_tree import expand
from meerkat.errors import run_program

_CODE = Path(__file__).resolve().parent


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--settings", required=True, help="the resolved configuration as JSON")
    parser.add_argument("--made_from", nargs="+", required=True, help="lists of clips or files of records, or patterns of them, to digest")
    parser.add_argument("--benchmarks", nargs="+", required=True, help="the benchmarks of the steps (*.tsv), or patterns of them")
    parser.add_argument("--provenance", required=True, help="JSON file to write")
    args = parser.parse_args()

    provenance = {
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
        "settings": json.loads(args.settings),
        "sha256": {path: digests.of_file(path) for path in expand(args.made_from)},
        "code_revision": _revision(),
        "python": platform.python_version(),
        "machine": f"{platform.system()} {platform.machine()}",
        "packages": {found.name: found.version for found in sorted(importlib.metadata.distributions(), key=lambda found: found.name)},
        "seconds": {Path(path).stem: _seconds(path) for pattern in args.benchmarks for path in glob(pattern)},
    }
    atomic.write_text(args.provenance, json.dumps(provenance, indent=2) + "\n")


def _revision() -> str | None:
    """The git revision of the code, with "-dirty" after it if files differ from it; None outside a checkout."""
    command = ["git", "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*"]
    try:
        return subprocess.run(command, cwd=_CODE, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return None


def _seconds(table: str) -> float:
    with Path(table).open(newline="") as file:
        return sum(float(row["s"]) for row in csv.DictReader(file, delimiter="\t"))


run_program(main)
