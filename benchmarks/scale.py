"""What a million and a hundred million clips take, computed from rates that are measured now: `python benchmarks/scale.py`.

Measured: a core's rate of embedding and of inspecting, the size of a record, the time to notice changed files, and how
long Snakemake takes to plan a run of many shards (a dry run). Writes scale.md beside this file.
"""

import math
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from machine import ROOT, described
from meerkat.data import records
from meerkat.data.clips import Clip
from meerkat.manifest import image_checks
from meerkat.preprocess import backbones
from meerkat.preprocess.embedding import Embedder
from meerkat.quiet_tensorflow import limit_threads
from meerkat.running import input_digest

REPORT = Path(__file__).with_suffix(".md")
CLIPS_OF_A_SHARD = 10_000  # some minutes of one core
CORES = 256


def main() -> None:
    machine = described()
    embedding, size = embed()
    inspecting, noticing = inspect()
    plans = {shards: plan(shards) for shards in (100, 1_000, 3_000)}
    rows = "".join(row(clips, embedding, inspecting, noticing, size) for clips in (1_000_000, 100_000_000))
    REPORT.write_text(f"""# Plan for many clips

Written by `python benchmarks/scale.py`. {machine}

Measured, on one core: {embedding:.0f} clips/s embedded with efficientnet_lite0, {inspecting:.0f} clips/s inspected by create_docs;
{size / 1000:.1f} kB a record, {1e6 * noticing:.1f} µs a file to notice changes.

Computed from these for shards of {CLIPS_OF_A_SHARD:,} clips, {CLIPS_OF_A_SHARD / embedding / 60:.0f} minutes each on a core of
its own (core-hours and wall time are those of embedding; changes are looked for at each start):

| clips | shards | core-hours | wall time, {CORES} cores | inspecting, 4 cores | noticing changes | records | temporary file of train |
|---|---|---|---|---|---|---|---|
{rows}
A hundred million clips are more than one run should list: make a hundred runs of a million each, one for each site or
month, with a `results` folder of its own, and train on the records of some or all of them with
`preprocessed: {{train: "runs/*/preprocessed/train-*", eval: "runs/*/preprocessed/eval-*"}}`. The head needs no more than some
hundred thousand clips, nor does Testing.

Planning a run of so many shards, measured (a dry run on a fresh folder):

| shards | seconds |
|---|---|
{"".join(f"| {shards:,} | {seconds:.1f} |" + chr(10) for shards, seconds in plans.items())}""")
    print(REPORT.read_text())


def embed() -> tuple[float, float]:
    """Clips/s of one core with lite0, and bytes a record takes."""
    limit_threads(1, 1)
    backbone = backbones.freeze("efficientnet_lite0", None)
    clips = [Clip(str(path), 0).with_digest() for path in sorted((ROOT / "samples").glob("T*/*/*.jpg"))]
    embedder = Embedder(backbone, 1)
    list(embedder.embed(clips[:8]))
    started = time.monotonic()
    embedded = list(embedder.embed(clips * 2))
    rate = len(embedded) / (time.monotonic() - started)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"all{records.SUFFIX}"
        with records.writing(path, backbone.fingerprint) as write:
            for row in embedded:
                write(*row)
        return rate, path.stat().st_size / len(embedded)


def inspect() -> tuple[float, float]:
    """Clips/s that are looked at on one core, and seconds a file takes to be noticed."""
    paths = sorted(map(str, (ROOT / "samples").glob("T*/*/*.jpg")))
    with tempfile.TemporaryDirectory() as folder:
        started = time.monotonic()
        for turn in range(10):
            image_checks.inspect(paths, f"{folder}/{turn}.csv", 1)
        inspecting = 10 * len(paths) / (time.monotonic() - started)
        for number in range(20_000):
            (Path(folder) / f"{number}.jpg").touch()
        started = time.monotonic()
        input_digest.of_folder(folder, "results")
        return inspecting, (time.monotonic() - started) / 20_000


def plan(shards: int) -> float:
    """Seconds of a dry run on a fresh folder."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "samples").symlink_to(ROOT / "samples")
        (Path(folder) / "mine.yaml").write_text(f"data: {{folder: samples}}\nshards: {{train: {shards}}}\n")
        command = [Path(sys.executable).parent / "snakemake", "--snakefile", ROOT / "Snakefile", "--directory", folder, "--dry-run"]
        started = time.monotonic()
        subprocess.run([*command, "--cores", "1", "--configfile", f"{folder}/mine.yaml"], check=True, capture_output=True)
        return time.monotonic() - started


def row(clips: int, embedding: float, inspecting: float, noticing: float, size: float) -> str:
    shards = clips // CLIPS_OF_A_SHARD
    cells = [
        f"{clips:,}",
        f"{shards:,}",
        f"{clips / embedding / 3600:,.0f}",
        f"{math.ceil(shards / CORES) * CLIPS_OF_A_SHARD / embedding / 60:,.0f} min",
        f"{clips / inspecting / 4 / 60:,.0f} min",
        f"{clips * noticing:,.0f} s",
        f"{clips * size / 1e9:,.0f} GB",
        f"{clips * 1152 * 4 / 1e9:,.0f} GB",
    ]
    return f"| {' | '.join(cells)} |\n"


if __name__ == "__main__":
    main()
