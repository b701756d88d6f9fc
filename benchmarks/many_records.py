"""Measures how much memory and time the program train takes for many records: prints a table.

Embeddings are drawn at random, with a width of 1152 as in efficientnet_lite0. A million of them take 4.6 GB of disk meanwhile.
"""

import re
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from machine import ROOT, measured

WIDTH, FILE, STEPS = 1152, 10_000, 2_000


def main(records: Sequence[int] = (10_000, 1_000_000)) -> None:
    """The numbers are multiples of FILE."""
    print(f"| records | embeddings, MB | peak memory, MB | steps/s | seconds besides the steps | seconds, five heads of {STEPS:,} steps |")
    print("|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory(dir=ROOT) as folder:  # not in memory, as /tmp may be
        # In a separate process, because a process inherits the peak memory of the one that starts it.
        with ProcessPoolExecutor(1, get_context("spawn")) as other:
            file = other.submit(write, Path(folder)).result()
        for number in records:
            print(row(number, file, Path(folder)), flush=True)


def write(folder: Path) -> Path:
    """A file of records."""
    from meerkat.data import records
    from meerkat.data.clips import Clip

    random = np.random.default_rng(1)
    path = folder / f"all{records.SUFFIX}"
    with records.writing(path, "") as add:
        for index in range(FILE):
            # So far apart that a head gets nine in ten clips right, as with real ones.
            embedding = random.random(WIDTH, np.float32) + np.float32(0.02 * (index % 2))
            add(Clip(f"camera{index // 20}_{index % 20}_0.jpg", index % 2, f"{index:064x}"), embedding)
    return path


def row(number: int, file: Path, folder: Path) -> str:
    """The line of the table for `number` records: the same file again and again, under other names."""
    for copy in range(number // FILE):
        (folder / f"{number}-{copy}{file.name}").hardlink_to(file)
    command = [sys.executable, ROOT / "workflow/scripts/train.py", "--records", folder / f"{number}-*"]
    for name in ("head", "out_of_fold", "label_issues", "logs"):
        command += [f"--{name}", folder / name]
    command += ["--max_steps", str(STEPS), "--patience", str(STEPS)]
    done = measured(command)
    in_steps = [float(found) for found in re.findall(r"step +\d+ +([\d.]+) s", done.text, re.MULTILINE)][-1]
    rate = np.median([float(found) for found in re.findall(r"(\d+) steps/s", done.text)])
    cells = f"{number * WIDTH * 4 / 1e6:,.0f} | {done.megabytes:,.0f} | {rate:.0f} | {done.seconds - in_steps:.0f} | {done.seconds:.0f}"
    return f"| {number:,} | {cells} |"
