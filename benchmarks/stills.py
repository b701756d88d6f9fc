"""From stills to visits: measures how many answers a person gives, how many triggers with an animal are kept, and how many blank ones are
dropped.

The stills come from camera_stills.py. Those of its half "tune" are searched. A simulated person, who never errs, gives some answers,
a third of them for Testing. A model is trained. Then the other half, with other animals at other places, is annotated. A trigger is kept if
it has a visit.
"""

import json
import os
import time
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePath

import numpy as np
from loop import NEW, SEEN, Labels
from machine import run
from meerkat.sorting import pool
from meerkat.sorting.choice import Choice, Chooser
from sorting_page import Page
from visits import Box, box, interval, rows

FOR_TESTING = 1 / 3
# What is cut out: what is new, or, to compare, the whole of each still.
WAYS = {"what is new": "", "the whole still": ", boxes: whole.json, boxes_alone: true"}
LARGE = 0.0039  # share of the picture: larger than the smallest of camera_films.SIZES


def main(stills: str, folder: str, answers: int = 100) -> None:
    """The folder is on the same disk as the stills; the answers are for Training and Testing."""
    for way, settings in WAYS.items():
        place = Path(folder) / way.replace(" ", "_")
        place.mkdir()
        print(f"\n### {way.capitalize()}\n")
        go(Path(stills), place, answers, settings)


def go(stills: Path, folder: Path, answers: int, settings: str) -> None:
    """From stills to visits in an empty folder, and what a user gets."""
    cores, videos = os.cpu_count(), f"videos: {{folder: myvideos{settings}}}"
    number = add(stills, folder, SEEN)
    print(f"| step, on {cores} cores | stills | seconds |\n|---|---|---|")
    print(f"| search, and cards | {number} | {run(folder, '--', 'sorting', settings=videos).seconds:.0f} |")
    page = Page(folder)
    labels = Labels(animals(stills), folder)
    testing = round(FOR_TESTING * answers)
    given = labels.sort(page, "training", answers - testing), labels.sort(page, "testing", testing)
    page.end()
    print(f"| train, test and export | {number} | {run(folder, settings=videos).seconds:.0f} |")
    number = add(stills, folder, NEW)
    started = time.monotonic()
    run(folder, "--", "annotate", settings=videos)
    print(f"| annotate the other stills | {number} | {time.monotonic() - started:.0f} |\n")
    tell_piles(labels, folder)
    clips = f"{labels.given['positive']} clips with an animal, {labels.given['negative']} without"
    print(f"Answers: {given[0]} for Training, {given[1]} for Testing; {clips}.\n")
    tell(stills, folder)


def tell_piles(labels: Labels, folder: Path) -> None:
    """Print how many cards an answer decides if all are sorted, and how many wrongly if the first card of a pile decides."""
    cards = pool.read(folder / "results/sorting/cards.csv")
    embeddings = np.load(folder / "results/sorting/embeddings.npy")
    shown = np.array([labels.shows(PurePath(card.clips[0].path).name) for card in cards])
    videos, cameras = [card.video for card in cards], [card.video.rpartition("__")[0] for card in cards]
    print("| piles | cards an answer | cards of the other class than the first on their pile |\n|---|---|---|")
    for name, boxes in {"of one burst": np.zeros((len(cards), 4)), "of one place of a camera": pool.boxes(cards)}.items():
        chooser, is_open = Chooser(embeddings, videos, cameras, boxes, 1), np.ones(len(cards), bool)
        order = np.random.default_rng(1).permutation(len(cards))
        piles = [pile for _, pile in chooser.piles((Choice(card, None, False) for card in order.tolist()), is_open)]
        wrong = sum(int((shown[pile] != shown[pile[0]]).sum()) for pile in piles)
        print(f"| {name} | {len(cards) / len(piles):.2f} | {wrong} of {len(cards)} |")
    print()


def add(stills: Path, folder: Path, half: str) -> int:
    """Link the stills of a half into the folder of videos, and write a box around each still; returns how many there are."""
    paths = sorted((stills / "stills" / half).rglob("*.JPG"))
    for path in paths:
        link = folder / "myvideos" / path.relative_to(stills / "stills")
        link.parent.mkdir(parents=True, exist_ok=True)
        link.hardlink_to(path)
    boxes = [{"category": "1", "conf": 1.0, "bbox": [0, 0, 1, 1]}]
    every = [
        {"file": path.relative_to(folder / "myvideos").as_posix(), "detections": boxes} for path in (folder / "myvideos").rglob("*.JPG")
    ]
    (folder / "whole.json").write_text(json.dumps({"images": every, "detection_categories": {"1": "animal"}}))
    return len(paths)


def animals(stills: Path) -> dict[tuple[str, int], list[Box]]:
    """Where animals are, by the first still of a trigger and the number of the still."""
    found: dict[tuple[str, int], list[Box]] = {}
    of_still = {}
    for trigger in rows(stills / "triggers.csv"):
        stem, number = trigger["first"].removesuffix(".JPG")[:-4], int(trigger["first"].removesuffix(".JPG")[-4:])
        of_still |= {f"{stem}{number + place:04}.JPG": (trigger["first"], place + 1) for place in range(3)}
    for row in rows(stills / "boxes.csv"):
        found.setdefault(of_still[row["picture"]], []).append(box(row))
    return found


def tell(stills: Path, folder: Path) -> None:
    """Print which triggers of the other half are kept."""
    found = {Path(row["path"]).relative_to("myvideos").as_posix(): row for row in rows(folder / "results/annotations/videos.csv")}
    triggers = [row for row in rows(stills / "triggers.csv") if row["first"].startswith(NEW)]
    with_animal, blank = ([row for row in triggers if bool(int(row["animals"])) == wanted] for wanted in (True, False))
    large = [row for row in with_animal if float(row["area"]) > LARGE]
    kinds = {"all": with_animal, "0.5 % of the picture and more": large} | by(with_animal, "light", "contrast", "kind")
    print("| triggers with an animal | number | something is cut out, % | kept, % (95 % interval) |\n|---|---|---|---|")
    for kind, some in kinds.items():
        print(f"| {kind} | {len(some)} | {share(some, found, 'tracks', True)} | {share(some, found, 'visits', True)} |")
    print("\n| blank triggers | number | nothing is cut out, % | dropped, % (95 % interval) |\n|---|---|---|---|")
    for kind, some in ({"all": blank} | by(blank, "foliage")).items():
        print(f"| {kind} | {len(some)} | {share(some, found, 'tracks', False)} | {share(some, found, 'visits', False)} |")


def by(triggers: Sequence[Mapping[str, str]], *columns: str) -> dict[str, list[Mapping[str, str]]]:
    """The triggers by the values of columns."""
    kinds = sorted({(column, row[column]) for row in triggers for column in columns})
    return {f"{column}: {value}": [row for row in triggers if row[column] == value] for column, value in kinds}


def share(triggers: Sequence[Mapping[str, str]], found: Mapping[str, Mapping[str, str]], column: str, has: bool) -> str:
    """The share of triggers that have something in a column, or nothing, with a 95 % interval from a bootstrap over cameras."""
    held = np.array([bool(int(found[row["first"]][column])) == has for row in triggers])
    camera = np.array([row["trigger"].rpartition("/")[0] for row in triggers])
    return f"{100 * held.mean():.0f} ({interval(held, camera)})"
