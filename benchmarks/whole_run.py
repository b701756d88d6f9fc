"""Measures whole runs from folders to report, and what a run costs if nothing, or little, is new: prints tables.

The clips come from generate.py. run.py also puts the last table into the README.
"""

import os
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
from machine import Run, run


def main(source: str, folder: str, clips: Sequence[int] = (1_000, 11_000)) -> None:
    """The folder is on the same disk as the clips; one in eleven is for Testing."""
    cores, lines = os.cpu_count(), []
    for number in clips:
        place = Path(folder) / str(number)
        linked = link(Path(source), place / "clips", number)
        print(f"{linked:,} clips, --cores {cores}:\n\n| run | seconds | embedded, reused | jobs |\n|---|---|---|---|")
        first = show("first run", run(place))
        rules = table_of_rules(place / "results/benchmarks")
        show("nothing to do", run(place))
        show("dry run", run(place, "--dry-run"))
        for name in ("Positive", "Negative"):
            for path in sorted((place / "clips/Training" / name).glob("*.jpg"))[:50]:
                path.with_name(f"new{path.name}").write_bytes(path.read_bytes() + b"new")  # another content, the same picture
        more = show("100 Training clips more", run(place))
        print(f"\n{rules}\n", flush=True)
        lines.append(f"| {linked:,} | {first.seconds:.0f} s | {more.seconds:.0f} s |")
    print("\n".join([f"| clips | all new, {cores} cores | 100 of them new |", "|---|---|---|", *lines]))


def link(source: Path, folder: Path, number: int) -> int:
    """Link `number` clips of the source into the folder, one in eleven for Testing. Returns how many there are."""
    for split, wanted in [("Testing", number // 11), ("Training", number - number // 11)]:
        for name in ("Positive", "Negative"):
            (folder / split / name).mkdir(parents=True)
            for path in sorted((source / split / name).glob("*.jpg"))[: wanted // 2]:
                (folder / split / name / path.name).hardlink_to(path)
    return len(list(folder.rglob("*.jpg")))


def show(what: str, run: Run) -> Run:
    """Print the line of a run: its seconds, the clips embedded and reused, and the jobs of each rule."""
    jobs = Counter(re.findall(r"^(?:local)?(?:rule|checkpoint) (\w+):", run.text, re.MULTILINE))
    jobs.pop("all", None)
    counts = re.findall(r": (\d+) embedded, (\d+) reused", run.text)
    embedded, reused = (sum(int(count[index]) for count in counts) for index in (0, 1))
    listed = ", ".join(f"{name} {number}" for name, number in jobs.items()) or "none"
    print(f"| {what} | {run.seconds:.1f} | {embedded:,}, {reused:,} | {listed} |", flush=True)
    return run


def table_of_rules(folder: Path) -> str:
    """Seconds and peak memory of each rule, summed and the greatest over its jobs, from the rules' own benchmark files."""
    jobs = {path: pd.read_csv(path, sep="\t", na_values="-") for path in folder.rglob("*.tsv")}
    rows = [(path.relative_to(folder).parts[0].removesuffix(".tsv"), job.s[0], job.max_rss[0]) for path, job in jobs.items()]
    rules = pd.DataFrame(rows, columns=["rule", "s", "mb"]).groupby("rule").agg({"s": "sum", "mb": "max"}).sort_values("s", ascending=False)
    lines = [f"| {rule} | {seconds:.1f} | {memory:,.0f} |" for rule, seconds, memory in rules.itertuples()]
    return "\n".join(["| rule, first run | seconds | peak memory, MB |", "|---|---|---|", *lines])
