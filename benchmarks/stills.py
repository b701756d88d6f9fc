"""From stills to visits: measures how many answers a person gives, how many triggers with an animal are kept, and how many blank ones are
dropped.

python benchmarks/stills.py --stills FOLDER --folder EMPTY [--answers 100]

FOLDER comes from camera_stills.py. The stills of its half "tune" are searched. A simulated person, who never errs, gives --answers answers,
a third of them for Testing. A model is trained. Then the other half, with other animals at other places, is annotated. A trigger is kept if
it has a visit.
"""

import argparse
import os
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from loop import NEW, SEEN, Labels
from sorting_page import Page
from visits import Box, box, interval, rows
from whole_run import run

FOR_TESTING = 1 / 3


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stills", type=Path, required=True, help="folder of camera_stills.py")
    parser.add_argument("--folder", type=Path, required=True, help="an empty folder to work in, on the same disk")
    parser.add_argument("--answers", type=int, default=100, help="answers for Training and Testing")
    args = parser.parse_args()
    cores, videos = os.cpu_count(), "videos: {folder: myvideos}"
    number = add(args.stills, args.folder, SEEN)
    print(f"| step, on {cores} cores | stills | seconds |\n|---|---|---|")
    print(f"| search, and cards | {number} | {run(args.folder, cores, '--', 'sorting', settings=videos).seconds:.0f} |")
    page = Page(args.folder)
    labels = Labels(animals(args.stills), args.folder)
    testing = round(FOR_TESTING * args.answers)
    answers = labels.sort(page, "training", args.answers - testing), labels.sort(page, "testing", testing)
    page.end()
    print(f"| train, test and export | {number} | {run(args.folder, cores, settings=videos).seconds:.0f} |")
    number = add(args.stills, args.folder, NEW)
    started = time.monotonic()
    run(args.folder, cores, "--", "annotate", settings=videos)
    print(f"| annotate the other stills | {number} | {time.monotonic() - started:.0f} |\n")
    print(f"Answers: {answers[0]} for Training, {answers[1]} for Testing; {told(labels.given)}.\n")
    tell(args.stills, args.folder)


def add(stills: Path, folder: Path, half: str) -> int:
    """Link the stills of a half into the folder of videos; returns how many there are."""
    paths = sorted((stills / "stills" / half).rglob("*.JPG"))
    for path in paths:
        link = folder / "myvideos" / path.relative_to(stills / "stills")
        link.parent.mkdir(parents=True, exist_ok=True)
        link.hardlink_to(path)
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


def told(given: Counter) -> str:
    return f"{given['positive']} clips with an animal, {given['negative']} without"


def tell(stills: Path, folder: Path) -> None:
    """Print which triggers of the other half are kept."""
    kept = {
        Path(row["path"]).relative_to("myvideos").as_posix(): bool(int(row["visits"]))
        for row in rows(folder / "results/annotations/videos.csv")
    }
    moved = {
        Path(row["path"]).relative_to("myvideos").as_posix(): bool(int(row["tracks"]))
        for row in rows(folder / "results/annotations/videos.csv")
    }
    triggers = [row for row in rows(stills / "triggers.csv") if row["first"].startswith(NEW)]
    with_animal = [row for row in triggers if int(row["animals"])]
    blank = [row for row in triggers if not int(row["animals"])]
    kinds = {"all": with_animal, "0.5 % of the picture and more": [row for row in with_animal if float(row["area"]) > 0.0039]}
    for column in ("light", "contrast", "kind"):
        kinds |= {
            f"{column}: {value}": [row for row in with_animal if row[column] == value]
            for value in sorted({row[column] for row in with_animal})
        }
    print("| triggers with an animal | number | something is cut out, % | kept, % (95 % interval) |\n|---|---|---|---|")
    for kind, of_kind in kinds.items():
        print(f"| {kind} | {len(of_kind)} | {share(of_kind, moved)} | {share(of_kind, kept)} |")
    print("\n| blank triggers | number | nothing is cut out, % | dropped, % (95 % interval) |\n|---|---|---|---|")
    kinds = {"all": blank} | {
        f"foliage: {value}": [row for row in blank if row["foliage"] == value] for value in sorted({row["foliage"] for row in blank})
    }
    not_moved, dropped = ({first: not one for first, one in of.items()} for of in (moved, kept))
    for kind, of_kind in kinds.items():
        print(f"| {kind} | {len(of_kind)} | {share(of_kind, not_moved)} | {share(of_kind, dropped)} |")


def share(triggers: Sequence[Mapping[str, str]], holds: Mapping[str, bool]) -> str:
    """The share of triggers of which something holds, with a 95 % interval from a bootstrap over cameras."""
    if not triggers:
        return ""
    held = np.array([holds[row["first"]] for row in triggers])
    camera = np.array([row["trigger"].rpartition("/")[0] for row in triggers])
    return f"{100 * held.mean():.0f} ({interval(held, camera)})"


if __name__ == "__main__":
    main()
