"""Runs the benchmarks and writes results.md: python benchmarks/run.py [--quick] [--only SECTION ...] [--made FOLDER]

Takes four hours on two cores, two of them for the large season; with --quick ten minutes. Sections that are not run now keep their last
figures. Each section is the function `main` of the module of its name, in a process of its own; what it prints is the section. With
`--only visits --with half=tune`, the function gets another option, and its section is only printed.
"""

import argparse
import importlib
import inspect
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

import camera_films
import camera_stills
import generate
import photographs
import promises
import yaml
from machine import described

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results.md"
README = HERE.parent / "README.md"
# These words in options stand for folders: of what is made, and an empty one.
CLIPS, PHOTOGRAPHS, FILMS, STILLS, WORK = "<clips>", "<photographs>", "<films>", "<stills>", "<work>"
LITE0 = {"networks": ["efficientnet_lite0"]}


class Section(NamedTuple):
    """A section: its heading, the options of its function, and those that differ in a quick run, which leaves it out if there are none."""

    heading: str
    options: dict[str, object]
    quick: dict[str, object] | None = None


SECTIONS = {
    "embedding": Section("Embedding on one core", {"clips": CLIPS}, {"seconds": 1, **LITE0}),
    "many_records": Section("Training on many records", {}, {"records": [10_000]}),
    "accuracy": Section("Accuracy", {"sets": [CLIPS, PHOTOGRAPHS]}, {"sets": [CLIPS], **LITE0}),
    "thresholds": Section("Do thresholds keep what they promise?", {"clips": CLIPS}, {"draws": 2}),
    "visits": Section("Visits", {"films": FILMS}),
    "loop": Section("From films to visits", {"films": FILMS, "folder": WORK}),
    "stills": Section("From stills to visits", {"stills": STILLS, "folder": WORK}),
    "videos": Section("Speed of the search for motion", {}, {"codecs": ["H.264 high"]}),
    "seasons": Section("Many films, moved films, long films", {"folder": WORK}),
    "scale": Section("A large season", {"folder": WORK}),
    "sorting": Section("Sorting", {"sets": [PHOTOGRAPHS, CLIPS]}),
    "sorting_page": Section("The page for sorting", {"clips": PHOTOGRAPHS}, {"clips": CLIPS, "cards": [3_000]}),
    "review_page": Section("The page for reviewing", {}, {"films": 200}),
    "audit": Section("Audit", {}, {"seasons": 2}),
    "names": Section("Suggested names", {}),
    "whole_run": Section("Whole runs", {"source": CLIPS, "folder": WORK}, {"clips": [1_000]}),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="less, and shorter, to see that the programs still work")
    parser.add_argument("--only", nargs="+", choices=SECTIONS, default=list(SECTIONS), metavar="SECTION", help=", ".join(SECTIONS))
    parser.add_argument("--with", nargs="+", default=[], dest="given", metavar="OPTION=VALUE", help="other options; results.md stays")
    parser.add_argument("--made", type=Path, help="folder for clips, films and stills; those that are there are used again")
    args = parser.parse_args()
    given = {name: yaml.safe_load(value) for name, _, value in (option.partition("=") for option in args.given)}
    for section in args.only if given else ():
        if unknown := set(given) - set(inspect.signature(importlib.import_module(section).main).parameters):
            parser.error(
                f"--with: {section} has no option {', '.join(sorted(unknown))}. Write OPTION=VALUE, and name a section with --only."
            )
    if args.quick and not any(SECTIONS[section].quick is not None for section in args.only):
        parser.error("--quick: these sections have no quick form")
    found = read()
    with tempfile.TemporaryDirectory() as folder:
        options = {}
        for section in args.only:
            _, usual, quick = SECTIONS[section]
            if quick is not None or not args.quick:
                options[section] = json.dumps(usual | (quick if args.quick else {}) | given)
        # A whole run must not use the few clips of a quick one.
        made = (args.made or Path(folder)).resolve() / ("quick" if args.quick else "whole")
        places = materials(made, "".join(options.values()), args.quick)
        for section, text in options.items():
            heading, machine = SECTIONS[section].heading, described()
            with tempfile.TemporaryDirectory(dir=folder) as work:
                for kind, place in (places | {WORK: work}).items():
                    text = text.replace(kind, str(place))
                found[heading] = f"{machine}\n\n{printed_by(section, text)}\n"
            if not given:
                write(found)
            if section == "whole_run" and not args.quick and not given:
                tell_readers(found[heading])
            print(f"## {heading}\n\n{found[heading]}", flush=True)


def materials(folder: Path, options: str, is_quick: bool) -> dict[str, Path]:
    """Where each kind of material is that the options name; what is not there yet is made."""
    makers = {
        CLIPS: lambda path: generate.make(path, generate.CLIPS // 10 if is_quick else generate.CLIPS),
        PHOTOGRAPHS: photographs.make,
        FILMS: camera_films.make,
        STILLS: camera_stills.make,
    }
    folder.mkdir(parents=True, exist_ok=True)
    places = {kind: folder / kind.strip("<>") for kind in makers if kind in options}
    for kind, place in places.items():
        if not place.exists():
            with tempfile.TemporaryDirectory(dir=folder) as begun:  # a killed run leaves nothing that looks complete
                makers[kind](Path(begun) / "made")
                (Path(begun) / "made").rename(place)
    return places


def printed_by(section: str, options: str) -> str:
    """What `main` of the module prints with these options, which are JSON; in a process of its own."""
    program = "import importlib, json, sys; importlib.import_module(sys.argv[1]).main(**json.loads(sys.argv[2]))"
    environment = os.environ | {"PYTHONPATH": str(HERE)}
    done = subprocess.run([sys.executable, "-c", program, section, options], check=True, stdout=subprocess.PIPE, text=True, env=environment)
    return done.stdout.strip()


def read() -> dict[str, str]:
    """The sections of results.md by their headings."""
    text = RESULTS.read_text() if RESULTS.exists() else ""
    return dict(re.findall(r"^## (.*?)\n\n(.*?)(?=\n## |\Z)", text, re.MULTILINE | re.DOTALL))


def write(found: dict[str, str]) -> None:
    """Write the sections in their order, then those that people have written."""
    known = [section.heading for section in SECTIONS.values() if section.heading in found]
    by_people = [heading for heading in found if heading not in known]
    sections = "\n".join(f"## {heading}\n\n{found[heading].strip()}\n" for heading in [*known, *by_people])
    table = promises.table({name: found.get(section.heading, "") for name, section in SECTIONS.items()})
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
