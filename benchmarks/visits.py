"""How many visits of animals does the search for motion find? Compares it with DeepMeerkat's constants of 2018 and with DVR-Scan.

python benchmarks/visits.py --films FOLDER [--half apart]

DVR-Scan 1.8 is compared if its program is found: pip install it into a separate environment, and add that to PATH. FOLDER comes from
camera_films.py. Settings were chosen on its half "tune"; "apart" has other scenes and other animals. A visit is found if two boxes of
tracks overlap the animal (intersection over union above 0.2). A track is false if it does so with no animal. DVR-Scan gives only times: a
visit is found if an event overlaps it, and an event is false if it overlaps no visit. To compare like with like, tracks are joined to
events as DVR-Scan joins frames: from 1.5 s before the motion to 2 s after it.

python benchmarks/visits.py --real FILM [...]

prints, for real films without a truth, the share of the frames in which something moves. Debian's opencv-doc has vtest.avi: people, always.
"""

import argparse
import csv
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from camera_films import SIZES
from machine import ROOT, measured
from meerkat.tables import write_rows
from meerkat.video import division, film_ids, stretches, video_files

NAME = "film"
OVERLAP, HITS = 0.2, 2
SECONDS, FRAMES = 30, 750  # of each film
BEFORE, AFTER = 1.5, 2.0  # DVR-Scan's defaults
Box = tuple[float, float, float, float]


@dataclass
class Visit:
    """A row of truth.csv, and the boxes of the animal by frame."""

    row: Mapping[str, str]
    boxes: dict[int, Box]


@dataclass
class Outcome:
    """The result of a program on one film: the visits that it found, false tracks (None if it has no tracks), false events, clips, seconds
    to watch, and the time and memory that it took."""

    found: list[bool]
    false: int | None
    false_events: int
    clips: int
    watched: float
    cpu: float
    memory: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--films", type=Path, help="folder of camera_films.py")
    parser.add_argument("--real", type=Path, nargs="+", help="films without a truth")
    parser.add_argument("--half", choices=["tune", "apart"], default="apart")
    args = parser.parse_args()
    if args.real:
        tell_of_real_films(args.real)
    if not args.films:
        return
    films = [row["video"] for row in rows(args.films / "films.csv") if row["video"].startswith(args.half)]
    visits = {film: [] for film in films}
    for row in rows(args.films / "truth.csv"):
        if row["video"] in visits:
            visits[row["video"]].append(Visit(row, {}))
    for row in rows(args.films / "boxes.csv"):
        if row["video"] in visits:
            visits[row["video"]][int(row["visit"])].boxes[int(row["frame"])] = box(row)
    programs = {"scene (in use)": tracks(), "deepmeerkat2": tracks("--constants", "deepmeerkat2")}
    if dvr_scan := shutil.which("dvr-scan"):
        programs["DVR-Scan"] = events(dvr_scan)
    print(f"{sum(map(len, visits.values()))} visits in {len(films)} films of {SECONDS} s, {args.half}; found by size, % (95 % interval)\n")
    in_use = None
    names = [f"{100 * size:g} %" for size in SIZES]
    columns = ["0.5 % and more", "false tracks an hour", "false events an hour", "clips a visit", "to watch", "frames/s a core", "MB"]
    print(f"| constants | {' | '.join(names + columns)} |")
    print("|---|" + "---|" * len(names + columns))
    for name, program in programs.items():
        outcomes = [program(args.films / "films" / film, visits[film]) for film in films]
        print(f"| {name} | {' | '.join(cells(outcomes, [visits[film] for film in films]))} |", flush=True)
        in_use = in_use or outcomes
    print_kinds(in_use, [visits[film] for film in films])


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def box(row: Mapping[str, str]) -> Box:
    return tuple(float(row[name]) for name in "xywh")


def cells(outcomes: Sequence[Outcome], visits: Sequence[Sequence[Visit]]) -> list[str]:
    sizes = np.array([min(SIZES, key=lambda size: abs(np.log(float(visit.row["area"]) / size))) for film in visits for visit in film])
    found = np.array([found for outcome in outcomes for found in outcome.found])
    film = np.array([number for number, of_film in enumerate(visits) for _ in of_film])
    large = sizes >= SIZES[1]
    hours = len(outcomes) * SECONDS / 3600
    return [
        *(f"{100 * found[sizes == size].mean():.0f}" for size in SIZES),
        f"{100 * found[large].mean():.0f} ({interval(found[large], film[large])})",
        f"{sum(outcome.false for outcome in outcomes) / hours:.0f}" if outcomes[0].false is not None else "",
        f"{sum(outcome.false_events for outcome in outcomes) / hours:.0f}",
        f"{sum(outcome.clips for outcome in outcomes) / len(found):.1f}" if any(outcome.clips for outcome in outcomes) else "",
        f"{sum(outcome.watched for outcome in outcomes) / hours / 3600:.0%}",
        f"{len(outcomes) * FRAMES / sum(outcome.cpu for outcome in outcomes):.0f}",
        f"{max(outcome.memory for outcome in outcomes):.0f}",
    ]


def print_kinds(outcomes: Sequence[Outcome], visits: Sequence[Sequence[Visit]]) -> None:
    """Print a table of the visits of 0.5 % and more that the first program finds, by kinds of films and of animals."""
    kinds: dict[str, list[tuple[bool, int]]] = {}
    for number, (outcome, of_film) in enumerate(zip(outcomes, visits, strict=True)):
        for found, visit in zip(outcome.found, of_film, strict=True):
            if float(visit.row["area"]) > np.sqrt(SIZES[0] * SIZES[1]):
                for column in ("light", "foliage", "kind", "contrast"):
                    kinds.setdefault(f"{column}: {visit.row[column]}", []).append((found, number))
    print("\n| in use, 0.5 % and more | visits | found, % (95 % interval) |\n|---|---|---|")
    for kind, cases in sorted(kinds.items()):
        found, film = np.array(cases).T
        print(f"| {kind} | {len(found)} | {100 * found.mean():.0f} ({interval(found.astype(bool), film)}) |")
    print()


def tell_of_real_films(films: Sequence[Path]) -> None:
    print("| film | constants | frames | with motion | tracks | clips |\n|---|---|---|---|---|---|")
    for film in films:
        for constants in ("scene", "deepmeerkat2"):
            with tempfile.TemporaryDirectory() as folder:
                searched(film, Path(folder), "--constants", constants, "--looks", "1000")
                motion = Path(folder) / "motion" / NAME
                facts = dict(list(csv.reader((motion / "parameters.csv").open(newline=""))))
                clips = len(rows(motion / "clips.csv"))
            moved = int(facts["Motion Events"]) / int(facts["Total Frames"])
            print(f"| {film.name} | {constants} | {facts['Total Frames']} | {moved:.0%} | {facts['Tracks']} | {clips} |")
    print()


def interval(found: np.ndarray, film: np.ndarray) -> str:
    """The 95 % interval from a bootstrap over films."""
    random, films = np.random.default_rng(1), np.unique(film)
    sums = np.array([[found[film == one].sum(), np.sum(film == one)] for one in films])
    drawn = sums[random.integers(0, len(films), (2000, len(films)))].sum(axis=1)
    low, high = 100 * np.quantile(drawn[:, 0] / drawn[:, 1], [0.025, 0.975])
    return f"{low:.0f} to {high:.0f}"


def tracks(*options: str) -> Callable[[Path, Sequence[Visit]], Outcome]:
    """The program find_motion.py with these options."""

    def run(film: Path, visits: Sequence[Visit]) -> Outcome:
        with tempfile.TemporaryDirectory() as folder:
            cpu, memory = searched(film, Path(folder), *options)
            motion = Path(folder) / "motion" / NAME
            of_track: dict[str, list[tuple[int, Box]]] = {}
            for row in rows(motion / "boxes.csv"):
                of_track.setdefault(row["track"], []).append((int(row["frame"]), box(row)))
            clips = len(rows(motion / "clips.csv"))
        hits = np.zeros((len(of_track), len(visits)), int)
        for number, boxes in enumerate(of_track.values()):
            for place, visit in enumerate(visits):
                hits[number, place] = sum(overlap(seen, visit.boxes.get(frame)) > OVERLAP for frame, seen in boxes)
        watched = {int((frame - 1) / FRAMES * SECONDS) for boxes in of_track.values() for frame, _ in boxes}
        false = int(np.sum(~(hits >= HITS).any(axis=1)))
        times = [((boxes[0][0] - 1) / FRAMES * SECONDS, (boxes[-1][0] - 1) / FRAMES * SECONDS) for boxes in of_track.values()]
        false_events = int(np.sum(~meets(joined(times), visits).any(axis=1)))
        return Outcome((hits.sum(axis=0) >= HITS).tolist(), false, false_events, clips, len(watched), cpu, memory)

    return run


def searched(film: Path, folder: Path, *options: str) -> tuple[float, float]:
    """Search a film and write its tables; processor seconds and peak memory (MB) of the search on one core."""
    found = [measured(command, 1) for command in search(film, folder, *options)]
    measured(gather(folder, *options))
    return sum(run.processor for run in found), max(run.megabytes for run in found)


def search(film: Path, folder: Path, *options: str) -> list[list]:
    """A command for each shard of a film. `folder`, which is empty, gets the list of films and the store."""
    of = stretches.Film(film_ids.id_of(str(film), film.stat().st_size), *division.divide(str(film)))
    write_rows([video_files.COLUMNS, (NAME, film, *of)], folder / "videos.csv")
    given = ["--videos", folder / "videos.csv", "--store", folder / "store", *options]
    program = [sys.executable, ROOT / "workflow/scripts/find_motion.py"]
    return [[*program, *given, "--shard", shard, "--searched", folder / f"{shard}.csv"] for shard in stretches.by_shard(stretches.of([of]))]


def gather(folder: Path, *options: str) -> list:
    """The command that writes the tables of a film that was searched into `folder`/motion/film."""
    places = ["--videos", folder / "videos.csv", "--store", folder / "store", "--searched", folder, "--motion", folder / "motion"]
    made = ["--clips", folder / "clips", "--films", folder / "films.csv", "--rejected", folder / "rejected.csv"]
    return [sys.executable, ROOT / "workflow/scripts/gather_motion.py", *places, *made, *options]


def events(program: str) -> Callable[[Path, Sequence[Visit]], Outcome]:
    """DVR-Scan with its defaults."""

    def run(film: Path, visits: Sequence[Visit]) -> Outcome:
        done = measured([program, "-i", film, "--scan-only", "-q"], 1)
        times = [
            3600 * int(h) + 60 * int(m) + float(s) for h, m, s in re.findall(r"(\d+):(\d+):([\d.]+)", done.text.strip().rpartition("\n")[2])
        ]
        found = list(zip(times[::2], times[1::2], strict=True))
        met = meets(found, visits)
        false = int(np.sum(~met.any(axis=1)))
        return Outcome(met.any(axis=0).tolist(), None, false, 0, sum(end - begin for begin, end in found), done.processor, done.megabytes)

    return run


def joined(spans: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """The spans, in seconds, joined to events as DVR-Scan joins frames with motion."""
    found: list[tuple[float, float]] = []
    for begin, end in sorted((max(0.0, begin - BEFORE), end + AFTER) for begin, end in spans):
        if found and begin <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((begin, end))
    return found


def meets(spans: Sequence[tuple[float, float]], visits: Sequence[Visit]) -> np.ndarray:
    """Whether each span, in seconds, overlaps each visit, bool [spans, visits]."""
    times = [(float(visit.row["begin"]), float(visit.row["end"])) for visit in visits]
    found = [[begin <= last and first <= end for first, last in times] for begin, end in spans]
    return np.array(found, bool).reshape(len(spans), len(times))


def overlap(one: Box, other: Box | None) -> float:
    """Intersection over union; 0 if there is no other box."""
    if other is None:
        return 0.0
    both = shared(one, other)
    return both / (one[2] * one[3] + other[2] * other[3] - both)


def shared(one: Box, other: Box) -> float:
    """The area that two boxes have in common."""
    w = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
    h = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
    return max(0, w) * max(0, h)


if __name__ == "__main__":
    main()
