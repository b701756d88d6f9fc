"""What a run costs when nothing, or little, is new: first run, nothing to do, dry run, 100 clips more.

    python benchmarks/incremental.py --clips 11000 --folder /somewhere/with/space

Clips are the samples under new names, each with a few bytes of its own behind the end of the JPEG, so that every one
is another content and is embedded. Training clips from the 10,000th on they are links to the first ones: listed, watched and looked at
like any other, and then left out as the same picture. The results are added to incremental.md beside this file.
"""

import argparse
import os
import platform
import re
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REPORT = Path(__file__).with_suffix(".md")
DIFFERENT = 10_000  # Training clips of different content


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clips", type=int, default=11_000, help="number of clips, Training and Testing 10 to 1")
    parser.add_argument("--folder", type=Path, required=True, help="an empty folder to work in")
    parser.add_argument("--cores", type=int, default=2)
    args = parser.parse_args()

    load = os.getloadavg()[0]
    testing = args.clips // 11
    make_clips(args.folder / "clips/Training", "Training", range(args.clips - testing))
    make_clips(args.folder / "clips/Testing", "Testing", range(testing))
    rows = [
        measure("first run", args),
        measure("nothing to do", args),
        measure("nothing to do, again", args),
        measure("dry run", args, "--dry-run"),
    ]
    make_clips(args.folder / "clips/Training", "Training", range(100), b"new")
    rows += [measure("100 Training clips more", args), measure("nothing to do after that", args)]
    text = report(args, load, rows)
    with REPORT.open("a") as file:
        file.write(text)
    print(text)


def make_clips(folder: Path, split: str, numbers: range, tail: bytes = b"") -> None:
    """One file for each number, in turn from the positive and the negative samples of the split."""
    samples = {name: sorted((ROOT / "samples" / split / name).glob("*.jpg")) for name in ("Positive", "Negative")}
    for name in samples:
        (folder / name).mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    for number in numbers:
        name = ("Positive", "Negative")[number % 2]
        source = samples[name][number // 2 % len(samples[name])]
        video, frame, box = source.stem.rsplit("_", 2)
        target = folder / name / f"{video}_{int(frame) + 1000 * number}_{box}{tail.decode()}.jpg"
        if number < DIFFERENT:
            target.write_bytes(source.read_bytes() + number.to_bytes(4, "big") + tail)
            written.append(target)
        else:
            target.hardlink_to(written[number % len(written) // 2 * 2 + number % 2])


def measure(what: str, args: argparse.Namespace, *flags: str) -> tuple[str, float, str, str]:
    """Run the workflow; (what, seconds, jobs that ran, clips embedded and reused)."""
    command = [Path(sys.executable).parent / "snakemake", "--snakefile", ROOT / "Snakefile", "--directory", args.folder]
    command += ["--cores", str(args.cores), "--quiet", "host", "--config", "data={folder: clips}", *flags]
    started = time.monotonic()
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    seconds = time.monotonic() - started
    if done.returncode:
        sys.exit(done.stdout)
    jobs = Counter(re.findall(r"^(?:local)?(?:rule|checkpoint) (\w+):", done.stdout, re.MULTILINE))
    jobs.pop("all", None)
    counts = re.findall(r"^(\d+) embedded, (\d+) reused", done.stdout, re.MULTILINE)
    embedded, reused = (sum(int(count[index]) for count in counts) for index in (0, 1))
    return what, seconds, ", ".join(f"{name} {number}" for name, number in jobs.items()) or "none", f"{embedded}, {reused}"


def report(args: argparse.Namespace, load: float, rows: list[tuple[str, float, str, str]]) -> str:
    """The rows as a Markdown table; each time also as a share of the first run's."""
    cpu = next(
        (line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line), platform.machine()
    )
    table = "".join(
        f"| {what} | {seconds:.1f} | {seconds / rows[0][1]:.4f} | {counts} | {jobs} |\n" for what, seconds, jobs, counts in rows
    )
    return f"""## {args.clips} clips, --cores {args.cores}

{time.strftime("%Y-%m-%d")}, {cpu}, {os.cpu_count()} cores, load before {load:.2f}

| run | seconds | share of first run | embedded, reused | jobs |
|---|---|---|---|---|
{table}
"""


if __name__ == "__main__":
    main()
