"""Simulates a large season, and measures each command on it, with the memory that it takes: prints a table.

The films and stills are small pictures made from the sample film: in a tenth the dog passes and the branch moves, in a fifth only the
branch moves, and in the others nothing does. Light, noise and the way that they are turned differ, so no two are the same. A simulated
person, who never errs, sorts some of what was found, a model is trained, and everything is annotated and opened for review. With `slurm`
the search runs as jobs on a Slurm of its own on this host, as in tests/cluster; memory is then that of Snakemake.
"""

import csv
import os
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime, timedelta
from functools import cache, partial
from pathlib import Path

import av
import camera_stills
import cv2
import numpy as np
from loop import Labels
from machine import ROOT, run
from sorting_page import Page
from visits import Box

sys.path += [str(ROOT / "tests"), str(ROOT / "tests/cluster")]
import browser
import films
from review_page import review
from throwaway_slurm import ThrowawaySlurm

MEADOW = ROOT / "samples/videos/meadow.mp4"
CAMERAS, BURST = 100, 3  # cameras of films, and as many of stills; stills of a burst
PART = 200  # films that are made by one job
JOBS = 4  # in Slurm's queue at a time: two that search, and two that start
EVERY, TOP, SHRINK = 6, 56, 2  # each sixth frame of the sample film is used, below its clock, at half its size
ANSWERS = {"training": 150, "testing": 100}
BEGIN = datetime(2026, 3, 1)
ONLY_GRASS = 225  # below this row of the sample film, nothing moves but the dog
SEEN = ["dog", "branch", "branch", *["nothing"] * 7]  # in films and bursts of these numbers, over and over

SETTINGS = """
videos:
  folder: myvideos
  cameras: cameras.csv
  start_pattern: (?P<year>[0-9]{4})(?P<month>[0-9]{2})(?P<day>[0-9]{2})_(?P<hour>[0-9]{2})(?P<minute>[0-9]{2})(?P<second>[0-9]{2})
"""


def main(folder: str, films: int = 20_000, stills: int = 100_000, slurm: bool = False) -> None:
    """With `slurm`, search on Slurm (needs root and Debian's packages of Slurm)."""
    folder, cores = Path(folder), os.cpu_count()
    make(folder, films, stills // BURST)
    print(f"{films:,} films and {BURST * (stills // BURST):,} stills of {2 * CAMERAS} cameras, {cores} cores\n")
    print("| command | seconds | memory of the largest process, MB |\n|---|---|---|")
    tell("`annotate --dry-run`, nothing made yet", folder, "--dry-run", "--", "annotate")
    if slurm:
        with ThrowawaySlurm(folder / "slurm"):
            tell("`clips`, its search on Slurm", folder, "--profile", str(ROOT / "profiles/slurm"), "--jobs", str(JOBS), "--", "clips")
    else:
        tell("`clips`", folder, "--", "clips")
    tell("`clips` again, nothing new", folder, "--", "clips")
    tell("`sort`: the cards", folder, "--", "sorting")
    page = Page(folder)
    labels = Labels(dogs(films, stills // BURST), folder)
    for task, most in ANSWERS.items():
        labels.sort(page, task, most)
    print(f"| `sort`: the page opens | {page.start:.1f} | {1000 * page.end():,.0f} |")
    tell("a model", folder)
    tell("`annotate`", folder, "--", "annotate")
    tell("`annotate` again, nothing new", folder, "--", "annotate")
    make_films(folder, range(films, films + 1))
    tell("`annotate`, one film more", folder, "--", "annotate")
    with browser.started() as chromium:
        start, answers, _, _, memory = review(chromium, folder)
    print(f"| `review`: the page opens | {start:.1f} | {1000 * memory:,.0f} |")
    visits = len((folder / "results/annotations/visits.csv").read_text().splitlines()) - 1
    files = sum(len(names) for _, _, names in os.walk(folder / "results"))
    print(f"\n{visits:,} visits. An answer of the review takes {np.median(answers):.0f} ms. The results are {files:,} files.")


def make(folder: Path, number: int, bursts: int) -> None:
    """Make the films, the bursts, the table of cameras and the settings."""
    for kind in ("film", "still"):
        for camera in range(CAMERAS):
            (folder / "myvideos" / f"{kind}s{camera:03}").mkdir(parents=True)
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(partial(make_films, folder), parts(number)))
        list(pool.map(partial(make_bursts, folder), parts(bursts)))
    with (folder / "cameras.csv").open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(("folder", "site", "latitude", "longitude", "timezone"))
        for kind in ("film", "still"):
            for camera in range(CAMERAS):
                table.writerow((f"{kind}s{camera:03}", f"{kind}s{camera:03}", 45 + camera / 1000, 7 + (kind == "film"), "+01:00"))


def parts(number: int) -> list[range]:
    return [range(first, min(first + PART, number)) for first in range(0, number, PART)]


def make_films(folder: Path, numbers: range) -> None:
    """Make the films of these numbers, an hour from each other at their cameras."""
    cv2.setNumThreads(1)
    for number in numbers:
        frames = (av.VideoFrame.from_ndarray(picture, format="bgr24") for picture in pictures(number))
        ticks = [40 * EVERY * place for place in range(len(seen()["dog"]))]
        films.encode(folder / film(number), frames, "libx264", ticks, options={"preset": "ultrafast", "crf": "28"})


def make_bursts(folder: Path, numbers: range) -> None:
    """Make the bursts of these numbers, an hour from each other at their cameras, from the middle of what a film would show."""
    for number in numbers:
        for place, picture in enumerate(pictures(number, middle(), BURST)):
            camera_stills.write(folder / still(number, place), picture[..., ::-1], begin(number) + timedelta(seconds=place), number)


def film(number: int) -> str:
    return f"myvideos/films{number % CAMERAS:03}/{begin(number):%Y%m%d_%H%M%S}.mp4"


def still(number: int, place: int) -> str:
    return f"myvideos/stills{number % CAMERAS:03}/IMG_{BURST * (number // CAMERAS) + place:05}.JPG"


def begin(number: int) -> datetime:
    return BEGIN + timedelta(hours=number // CAMERAS)


def what(number: int) -> str:
    """What is seen in a film or burst."""
    return SEEN[number % len(SEEN)]


def is_mirrored(number: int) -> bool:
    return number % CAMERAS % 2 == 1


@cache
def seen() -> dict[str, np.ndarray]:
    """The pictures of each kind of film, uint8 [frames, height, width, 3] in BGR order."""
    with av.open(str(MEADOW)) as container:
        frames = np.stack([frame.to_ndarray(format="bgr24") for frame in container.decode(video=0)][::EVERY])
    without_dog = frames.copy()
    without_dog[:, ONLY_GRASS:] = np.median(frames[:, ONLY_GRASS:], axis=0)
    still = np.repeat(np.median(frames, axis=0, keepdims=True), len(frames), axis=0)
    return {name: kind[:, TOP::SHRINK, ::SHRINK] for name, kind in {"dog": frames, "branch": without_dog, "nothing": still}.items()}


def middle() -> int:
    return len(seen()["dog"]) // 2


def pictures(number: int, first: int = 0, most: int | None = None) -> Iterator[np.ndarray]:
    """Pictures of a film, uint8 [height, width, 3] in BGR order."""
    random = np.random.default_rng(number)
    light = random.uniform(0.6, 1.1)
    for picture in seen()[what(number)][first:][:most]:
        turned = picture[:, ::-1] if is_mirrored(number) else picture
        grain = random.integers(0, 9, picture.shape, np.uint8)
        yield cv2.add(cv2.convertScaleAbs(turned, alpha=light), grain)


def dogs(number: int, bursts: int) -> dict[tuple[str, int], list[Box]]:
    """Where the dog is, by the path of the film or of the burst's first still, and the number of the frame."""
    with MEADOW.with_suffix(".csv").open(newline="") as file:
        where = {(int(row["frame"]) - 1) // EVERY: row for row in csv.DictReader(file) if (int(row["frame"]) - 1) % EVERY == 0}
    width, found = seen()["dog"].shape[2], {}
    for index in range(max(number, bursts)):
        for place, row in where.items() if what(index) == "dog" else ():
            x, y, w, h = ((int(row[name]) - (TOP if name == "y" else 0)) / SHRINK for name in "xywh")
            box = [(width - x - w if is_mirrored(index) else x, y, w, h)]
            found[film(index).removeprefix("myvideos/"), place + 1] = box
            found[still(index, 0).removeprefix("myvideos/"), place - middle() + 1] = box
    return found


def tell(what: str, folder: Path, *arguments: str) -> None:
    """Run the workflow, and print its seconds and the memory of its largest process."""
    done = run(folder, *arguments, settings=SETTINGS)
    print(f"| {what} | {done.seconds:.0f} | {done.megabytes:,.0f} |", flush=True)
