"""How many visits of animals does the search for motion find? Compares it with DeepMeerkat's constants of 2018 and with DVR-Scan.

DVR-Scan 1.8 is compared if its program is found: pip install it into a separate environment, and add that to PATH. The films come from
camera_films.py. Settings were chosen on its half "tune"; "apart" has other scenes and other animals. A visit is found if two boxes of
tracks overlap the animal (intersection over union above 0.2). A track is false if it does so with no animal. DVR-Scan gives only times: a
visit is found if an event overlaps it, and an event is false if it overlaps no visit. To compare like with like, tracks are joined to
events as DVR-Scan joins frames: from 1.5 s before the motion to 2 s after it.
"""

import csv
import re
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from camera_films import SIZES
from machine import Run, measured, run
from meerkat.visits.joining import together
from meerkat.visits.truth import Span

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
    """The result of a program on one film: the visits that it found, false tracks (None if it has no tracks), false events, clips, and
    seconds to watch."""

    found: list[bool]
    false: int | None
    false_events: int
    clips: int
    watched: float


def main(films: str, half: str = "apart") -> None:
    folder = Path(films)
    visits = {row["video"]: [] for row in rows(folder / "films.csv") if row["video"].startswith(half)}
    for row in rows(folder / "truth.csv"):
        if row["video"] in visits:
            visits[row["video"]].append(Visit(row, {}))
    for row in rows(folder / "boxes.csv"):
        if row["video"] in visits:
            visits[row["video"]][int(row["visit"])].boxes[int(row["frame"])] = box(row)
    programs = {"scene (in use)": partial(searched, "scene"), "deepmeerkat2": partial(searched, "deepmeerkat2")}
    if dvr_scan := shutil.which("dvr-scan"):
        programs["DVR-Scan"] = partial(scanned, dvr_scan)
    of_films = list(visits.values())
    print(f"{sum(map(len, of_films))} visits in {len(visits)} films of {SECONDS} s, {half}; found by size, % (95 % interval)\n")
    in_use = None
    names = [f"{100 * size:g} %" for size in SIZES]
    columns = ["0.5 % and more", "false tracks an hour", "false events an hour", "clips a visit", "to watch", "frames/s a core", "MB"]
    print(f"| constants | {' | '.join(names + columns)} |")
    print("|---|" + "---|" * len(names + columns))
    for name, program in programs.items():
        outcomes, done = program({(folder / "films" / film).resolve(): seen for film, seen in visits.items()})
        print(f"| {name} | {' | '.join(cells(outcomes, of_films, done))} |", flush=True)
        in_use = in_use or outcomes
    print_kinds(in_use, of_films)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def box(row: Mapping[str, str]) -> Box:
    return tuple(float(row[name]) for name in "xywh")


def cells(outcomes: Sequence[Outcome], visits: Sequence[Sequence[Visit]], runs: Sequence[Run]) -> list[str]:
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
        f"{len(outcomes) * FRAMES / sum(run.processor for run in runs):.0f}",
        f"{max(run.megabytes for run in runs):.0f}",
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


def interval(found: np.ndarray, film: np.ndarray) -> str:
    """The 95 % interval from a bootstrap over films."""
    random, films = np.random.default_rng(1), np.unique(film)
    sums = np.array([[found[film == one].sum(), np.sum(film == one)] for one in films])
    drawn = sums[random.integers(0, len(films), (2000, len(films)))].sum(axis=1)
    low, high = 100 * np.quantile(drawn[:, 0] / drawn[:, 1], [0.025, 0.975])
    return f"{low:.0f} to {high:.0f}"


def searched(constants: str, films: Mapping[Path, Sequence[Visit]]) -> tuple[list[Outcome], list[Run]]:
    """What the workflow finds with these constants, on one core."""
    of_all = next(iter(films)).parent
    with tempfile.TemporaryDirectory() as folder:
        done = run(Path(folder), "--", "clips", settings=f"videos: {{folder: {of_all}, constants: {constants}}}", cores=1)
        results = Path(folder) / "results"
        names = {Path(row["path"]).name: row["name"] for row in rows(results / "videos.csv")}
        return [outcome(results / "motion" / names[film.name], visits) for film, visits in films.items()], [done]


def outcome(motion: Path, visits: Sequence[Visit]) -> Outcome:
    """What the tables of a film say."""
    of_track: dict[str, list[tuple[int, Box]]] = {}
    for row in rows(motion / "boxes.csv"):
        of_track.setdefault(row["track"], []).append((int(row["frame"]), box(row)))
    hits = np.zeros((len(of_track), len(visits)), int)
    for number, boxes in enumerate(of_track.values()):
        for place, visit in enumerate(visits):
            hits[number, place] = sum(overlap(seen, visit.boxes.get(frame)) > OVERLAP for frame, seen in boxes)
    watched = {int((frame - 1) / FRAMES * SECONDS) for boxes in of_track.values() for frame, _ in boxes}
    false = int(np.sum(~(hits >= HITS).any(axis=1)))
    times = [Span((boxes[0][0] - 1) / FRAMES * SECONDS, (boxes[-1][0] - 1) / FRAMES * SECONDS) for boxes in of_track.values()]
    # As DVR-Scan joins frames with motion to events.
    events = [(of[0].begin - BEFORE, max(one.end for one in of) + AFTER) for of in together(times, BEFORE + AFTER)]
    false_events = int(np.sum(~meets(events, visits).any(axis=1)))
    return Outcome((hits.sum(axis=0) >= HITS).tolist(), false, false_events, len(rows(motion / "clips.csv")), len(watched))


def scanned(program: str, films: Mapping[Path, Sequence[Visit]]) -> tuple[list[Outcome], list[Run]]:
    """What DVR-Scan finds with its defaults."""
    outcomes, runs = [], []
    for film, visits in films.items():
        runs.append(measured([program, "-i", film, "--scan-only", "-q"], 1))
        times = re.findall(r"(\d+):(\d+):([\d.]+)", runs[-1].text.strip().rpartition("\n")[2])
        seconds = [3600 * int(h) + 60 * int(m) + float(s) for h, m, s in times]
        found = list(zip(seconds[::2], seconds[1::2], strict=True))
        met = meets(found, visits)
        watched = sum(end - begin for begin, end in found)
        outcomes.append(Outcome(met.any(axis=0).tolist(), None, int(np.sum(~met.any(axis=1))), 0, watched))
    return outcomes, runs


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
