"""A whole run from folders to report, and what a run costs when nothing, or little, is new: prints tables.

python benchmarks/whole_run.py --folder EMPTY [--clips 11000] [--cores 2] [--shards 4]

Clips are those of generate.py. Training clips from the 10,000th on are links to the first ones: listed, watched and looked at
like any other, and then left out as the same picture.
"""

import argparse
import csv
import re
import subprocess
import sys
import time
from collections import Counter, defaultdict
from pathlib import Path

import generate
from machine import ROOT

DIFFERENT = 10_000  # Training clips of different content


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, required=True, help="an empty folder to work in")
    parser.add_argument("--clips", type=int, default=11_000, help="number of clips, Training and Testing 10 to 1")
    parser.add_argument("--cores", type=int, default=2)
    parser.add_argument("--shards", type=int, default=4, help="shards of Training")
    args = parser.parse_args()

    generate.make(args.folder / "clips", min(args.clips, DIFFERENT * 11 // 10))
    link(args.folder / "clips/Training", args.clips * 10 // 11)
    (args.folder / "mine.yaml").write_text(f"data: {{folder: clips}}\nshards: {{train: {args.shards}}}\n")
    print(f"{args.clips:,} clips, --cores {args.cores}, {args.shards} shards:\n")
    print("| run | seconds | share of the first run | embedded, reused | jobs |\n|---|---|---|---|---|")
    first = measure("first run", args)
    rules = table_of_rules(args.folder / "results/benchmarks", first)
    measure("nothing to do", args, first=first)
    measure("dry run", args, "--dry-run", first=first)
    for path in sorted((args.folder / "clips/Training").glob("*/*.jpg"))[:100]:
        path.with_name(f"new{path.name}").write_bytes(path.read_bytes() + b"new")  # another content, the same picture
    measure("100 Training clips more", args, first=first)
    print(f"\n{rules}")


def link(folder: Path, number: int) -> None:
    """Link clips under new names until there are `number` below the folder."""
    paths = sorted(folder.glob("*/*.jpg"))
    for index in range(number - len(paths)):
        path = paths[index % len(paths)]
        (path.parent / f"copy{index // len(paths)}{path.name}").hardlink_to(path)


def measure(what: str, args: argparse.Namespace, *flags: str, first: float | None = None) -> float:
    """Run the workflow, print a line and return the seconds; `first` are those of the first run."""
    command = [Path(sys.executable).parent / "snakemake", "--snakefile", ROOT / "Snakefile", "--directory", args.folder]
    command += ["--cores", str(args.cores), "--quiet", "host", "--configfile", args.folder / "mine.yaml", *flags]
    started = time.monotonic()
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    seconds = time.monotonic() - started
    if done.returncode:
        sys.exit(done.stdout)
    jobs = Counter(re.findall(r"^(?:local)?(?:rule|checkpoint) (\w+):", done.stdout, re.MULTILINE))
    jobs.pop("all", None)
    counts = re.findall(r"^(\d+) embedded, (\d+) reused", done.stdout, re.MULTILINE)
    embedded, reused = (sum(int(count[index]) for count in counts) for index in (0, 1))
    listed = ", ".join(f"{name} {number}" for name, number in jobs.items()) or "none"
    print(f"| {what} | {seconds:.1f} | {seconds / (first or seconds):.3f} | {embedded:,}, {reused:,} | {listed} |", flush=True)
    return seconds


def table_of_rules(folder: Path, whole: float) -> str:
    """Seconds and peak memory of each rule, summed and the greatest over its jobs, from the rules' own benchmark files."""
    found = defaultdict(list)
    for path in folder.rglob("*.tsv"):
        with path.open(newline="") as file:
            (row,) = csv.DictReader(file, delimiter="\t")
        name = path.relative_to(folder).parts[0].removesuffix(".tsv")
        found[name].append((float(row["s"]), float(row["max_rss"]) if row["max_rss"] not in ("NA", "-") else 0.0, float(row["cpu_time"])))
    lines = [
        f"| {name} | {sum(row[0] for row in rows):.1f} | {sum(row[2] for row in rows):.1f} | {max(row[1] for row in rows):,.0f} |"
        for name, rows in sorted(found.items(), key=lambda item: -sum(row[0] for row in item[1]))
    ]
    return "\n".join(
        [
            f"Rules of the first run, which took {whole:.1f} s:",
            "",
            "| rule | seconds | processor seconds | peak memory, MB |",
            "|---|---|---|---|",
            *lines,
        ]
    )


if __name__ == "__main__":
    main()
