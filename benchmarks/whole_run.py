"""Measures whole runs from folders to report, and what a run costs if nothing, or little, is new: prints tables.

python benchmarks/whole_run.py --source FOLDER --folder EMPTY [--clips 1000 11000]

FOLDER contains the clips of generate.py. run.py also puts the last table into the README.
"""

import argparse
import csv
import os
import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path

from machine import Run
from snakemake_run import run


@dataclass(frozen=True)
class Job:
    """A finished job: its rule, seconds, cores, peak memory in MB, and when it ended, in seconds of the clock."""

    rule: str
    seconds: float
    cores: int
    memory: float
    end: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--source", type=Path, required=True, help="the generated clips")
    parser.add_argument("--folder", type=Path, required=True, help="an empty folder to work in, on the same disk")
    parser.add_argument("--clips", type=int, nargs="+", default=[1_000, 11_000], help="Training and Testing, 10 to 1")
    args = parser.parse_args()
    cores, lines = os.cpu_count(), []
    for number in args.clips:
        place = args.folder / str(number)
        linked = link(args.source, place / "clips", number)
        print(f"{linked:,} clips, --cores {cores}:\n\n| run | seconds | embedded, reused | jobs |\n|---|---|---|---|")
        first = show("first run", run(place))
        jobs = finished_jobs(place / "results/benchmarks")
        show("nothing to do", run(place))
        show("dry run", run(place, "--dry-run"))
        for name in ("Positive", "Negative"):
            for path in sorted((place / "clips/Training" / name).glob("*.jpg"))[:50]:
                path.with_name(f"new{path.name}").write_bytes(path.read_bytes() + b"new")  # another content, the same picture
        more = show("100 Training clips more", run(place))
        print(f"\n{table_of_rules(jobs, first)}\n", flush=True)
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


def finished_jobs(folder: Path) -> list[Job]:
    """The jobs of a run, from the rules' own benchmark files; Snakemake writes each as its job ends."""
    found = []
    for path in folder.rglob("*.tsv"):
        with path.open(newline="") as file:
            (row,) = csv.DictReader(file, delimiter="\t")
        memory = float(row["max_rss"]) if row["max_rss"] not in ("NA", "-") else 0.0
        rule = path.relative_to(folder).parts[0].removesuffix(".tsv")
        found.append(Job(rule, float(row["s"]), int(row["threads"]), memory, path.stat().st_mtime))
    return found


def busy(jobs: list[Job]) -> float:
    """Seconds in which at least one of the jobs ran."""
    total, covered = 0.0, 0.0  # covered: the end of the latest job so far
    for job in sorted(jobs, key=lambda job: job.end - job.seconds):
        total += max(0.0, job.end - max(covered, job.end - job.seconds))
        covered = max(covered, job.end)
    return total


def table_of_rules(jobs: list[Job], first: Run) -> str:
    """Seconds and peak memory of each rule, summed and the greatest over its jobs, and the time in which no job ran."""
    rules, idle = defaultdict(list), first.seconds - busy(jobs)
    for job in jobs:
        rules[job.rule].append(job)
    lines = [
        f"| {rule} | {sum(job.seconds for job in done):.1f} | {sum(job.seconds * job.cores for job in done):.1f} "
        f"| {max(job.memory for job in done):,.0f} |"
        for rule, done in sorted(rules.items(), key=lambda item: -sum(job.seconds for job in item[1]))
    ]
    return "\n".join(
        [
            f"Rules of the first run, which took {first.seconds:.1f} s; jobs run side by side. "
            f"For {idle:.1f} s of it ({idle / first.seconds:.0%}) no job ran: Snakemake's own share.",
            "",
            "| rule | seconds | seconds times cores | peak memory, MB |",
            "|---|---|---|---|",
            *lines,
        ]
    )


if __name__ == "__main__":
    main()
