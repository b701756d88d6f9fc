"""Runs the benchmarks and writes results.md: python benchmarks/run.py [--quick] [--only SECTION ...]

Takes four hours on two cores, two of them for the large season; with --quick nine minutes. Sections that are not run now keep their last
figures.
"""

import argparse
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import camera_films
import camera_stills
import generate
import photographs
import promises
from machine import described

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results.md"
README = HERE.parent / "README.md"
# Heading, program, its options in a full run and in a quick run, which may leave it out; {work} is an empty folder, the others are clips.
SECTIONS = {
    "embedding": (
        "Embedding on one core",
        "embedding.py",
        ["--clips", "{clips}"],
        ["--clips", "{clips}", "--seconds", "1", "--networks", "efficientnet_lite0"],
    ),
    "many_records": ("Training on many records", "many_records.py", [], ["--records", "10000"]),
    "accuracy": (
        "Accuracy",
        "accuracy.py",
        ["--sets", "{clips}", "{photographs}"],
        ["--sets", "{clips}", "--networks", "efficientnet_lite0"],
    ),
    "thresholds": (
        "Do thresholds keep what they promise?",
        "thresholds.py",
        ["--clips", "{clips}"],
        ["--clips", "{clips}", "--draws", "2"],
    ),
    "visits": ("Visits", "visits.py", ["--films", "{films}"], None),
    "loop": ("From films to visits", "loop.py", ["--films", "{films}", "--folder", "{work}"], None),
    "stills": ("From stills to visits", "stills.py", ["--stills", "{stills}", "--folder", "{work}"], None),
    "videos": ("Speed of the search for motion", "videos.py", [], ["--codecs", "H.264 high"]),
    "seasons": ("Many films, moved films, long films", "seasons.py", ["--folder", "{work}"], None),
    "scale": ("A large season", "scale.py", ["--folder", "{work}"], None),
    "sorting": ("Sorting", "sorting.py", ["--sets", "{photographs}", "{clips}"], None),
    "sorting_page": ("The page for sorting", "sorting_page.py", ["--set", "{photographs}"], ["--set", "{clips}", "--cards", "3000"]),
    "review_page": ("The page for reviewing", "review_page.py", [], ["--films", "200"]),
    "audit": ("Audit", "audit.py", [], ["--seasons", "2"]),
    "names": ("Suggested names", "names.py", [], None),
    "whole_run": (
        "Whole runs",
        "whole_run.py",
        ["--source", "{clips}", "--folder", "{work}"],
        ["--source", "{clips}", "--folder", "{work}", "--clips", "1000"],
    ),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="less, and shorter, to see that the programs still work")
    parser.add_argument("--only", nargs="+", choices=SECTIONS, default=list(SECTIONS), metavar="SECTION", help=", ".join(SECTIONS))
    args = parser.parse_args()
    found = read()
    with tempfile.TemporaryDirectory() as folder:
        made = {name: Path(folder) / name for name in ("clips", "photographs", "films", "stills")}
        which = 3 if args.quick else 2
        options = {section: SECTIONS[section][which] for section in args.only if SECTIONS[section][which] is not None}
        needed = "".join(option for given in options.values() for option in given)
        if "{clips}" in needed:
            generate.make(made["clips"], generate.CLIPS // 10 if args.quick else generate.CLIPS)
        if "{photographs}" in needed:
            photographs.make(made["photographs"])
        if "{films}" in needed:
            camera_films.make(made["films"], camera_films.FILMS, 1)
        if "{stills}" in needed:
            camera_stills.make(made["stills"], camera_stills.CAMERAS, camera_stills.TRIGGERS, 1)
        for section, given in options.items():
            heading, program, *_ = SECTIONS[section]
            machine = described()
            with tempfile.TemporaryDirectory(dir=folder) as work:
                command = [sys.executable, HERE / program, *(option.format(work=work, **made) for option in given)]
                text = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
            found[heading] = f"{machine}\n\n{text.strip()}\n"
            write(found)
            if section == "whole_run" and not args.quick:
                tell_readers(found[heading])
            print(f"## {heading}\n\n{found[heading]}", flush=True)


def read() -> dict[str, str]:
    """The sections of results.md by their headings."""
    text = RESULTS.read_text() if RESULTS.exists() else ""
    return dict(re.findall(r"^## (.*?)\n\n(.*?)(?=\n## |\Z)", text, re.MULTILINE | re.DOTALL))


def write(found: dict[str, str]) -> None:
    """Write the sections in their order, then those that people have written."""
    known = [heading for heading, *_ in SECTIONS.values() if heading in found]
    by_people = [heading for heading in found if heading not in known]
    sections = "\n".join(f"## {heading}\n\n{found[heading].strip()}\n" for heading in [*known, *by_people])
    table = promises.table({name: found.get(heading, "") for name, (heading, *_) in SECTIONS.items()})
    note = "Written by `python benchmarks/run.py`; load is that before the section."
    RESULTS.write_text(f"# Results\n\n{table}\n\n{note}\n\n{sections}")


def tell_readers(section: str) -> None:
    """Put the last table of the section, the durations, into the README, with the machine that gave them."""
    machine, *_, durations = section.strip().split("\n\n")
    text = f"{durations}\n\n({machine})"
    README.write_text(
        re.sub(r"(?<=<!-- durations -->\n\n).*?(?=\n\n<!-- /durations -->)", lambda _: text, README.read_text(), flags=re.DOTALL)
    )


if __name__ == "__main__":
    main()
