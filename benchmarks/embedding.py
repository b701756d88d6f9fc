"""Compares the speed of preprocess with that of the bare network on one core: prints a table.

The clips come from generate.py. Both get batches of the workflow's size, and take turns, so that the state of the machine is the same.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from machine import ROOT
from meerkat.preprocess import backbones
from meerkat.preprocess.embedding import BATCH, Embedder
from meerkat.quiet_tensorflow import limit_threads

ROUNDS = 5
NETWORKS = ("efficientnet_lite0", "efficientnet_lite2")


def main(clips: str, seconds: float = 10, networks: Sequence[str] = NETWORKS) -> None:
    """`seconds` are for each measurement."""
    os.sched_setaffinity(0, {0})
    limit_threads(1)
    print("| network | preprocess, clips/s | bare graph, images/s | ratio | start-up of a job, s |\n|---|---|---|---|---|")
    for name in networks:
        with tempfile.TemporaryDirectory() as folder:
            print(row(name, Path(folder), Path(clips), seconds), flush=True)


def row(name: str, folder: Path, clips: Path, seconds: float) -> str:
    """One network's line of the table."""
    backbone = frozen(name, folder / "backbone.pb")
    pictures = np.random.default_rng(0).uniform(0, 255, (BATCH, backbone.size, backbone.size, 3)).astype(np.float32)
    embedder = Embedder(backbone, 1)
    bare, jobs, starts = [], [], []
    paths = sorted(clips.glob("Training/*/*.jpg"))
    for _ in range(ROUNDS):
        bare.append(BATCH * rate(lambda: embedder._network(pictures), seconds / ROUNDS))
        few, many = (job(paths[:number], folder) for number in (8, 8 + int(bare[-1] * seconds)))
        jobs.append(int(bare[-1] * seconds) / (many - few))
        starts.append(few - 8 / bare[-1])
    middle, of_job, start = (statistics.median(found) for found in (bare, jobs, starts))
    return f"| {name} | {of_job:.1f} | {middle:.1f} | {of_job / middle:.2f} | {start:.1f} |"


def frozen(name: str, path: Path) -> backbones.Backbone:
    """The frozen backbone, also saved as `path`."""
    backbone = backbones.freeze(name, None)
    backbones.save(backbone, path)
    return backbone


def rate(run: Callable, seconds: float) -> float:
    """Calls a second, after a first call that is not counted."""
    run()
    started, calls = time.perf_counter(), 0
    while time.perf_counter() - started < seconds:
        run()
        calls += 1
    return calls / (time.perf_counter() - started)


def job(paths: list[Path], folder: Path) -> float:
    """Seconds that the program preprocess takes for these clips on one core, including its start, with an empty store of embeddings."""
    (folder / "list.csv").write_text("".join(f"{path},positive\n" for path in paths))
    (folder / "dict.txt").write_text("positive\nnegative\n")
    command = [sys.executable, ROOT / "workflow/scripts/preprocess.py", "--input_path", folder / "list.csv", "--threads", "1"]
    command += ["--input_dict", folder / "dict.txt", "--backbone", folder / "backbone.pb", "--output_path", folder / "train"]
    with tempfile.TemporaryDirectory(dir=folder) as store:
        started = time.monotonic()
        subprocess.run([*command, "--store", store], check=True, capture_output=True)
        return time.monotonic() - started
