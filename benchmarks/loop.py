"""From films to visits in three commands: measures how long it takes, how many answers a person gives, and how many visits are found.

python benchmarks/loop.py --films FOLDER --folder EMPTY [--answers 150]

FOLDER comes from camera_films.py. The films of its half "tune" are searched. A simulated person, who never errs, sorts --answers piles of
Training and all of Testing on the page for sorting. A model is trained. Then the other half, with other animals and other places, is
annotated, and the visits found there are compared with the truth.
"""

import argparse
import csv
import json
import os
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from sorting_page import Page
from visits import Box, box, rows, shared
from whole_run import run

SEEN, NEW = "tune", "apart"
TABLE = "truth.csv"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--films", type=Path, required=True, help="folder of camera_films.py")
    parser.add_argument("--folder", type=Path, required=True, help="an empty folder to work in, on the same disk")
    parser.add_argument("--answers", type=int, default=150, help="answers for Training")
    args = parser.parse_args()
    cores = os.cpu_count()
    videos = "videos: {folder: myvideos}"
    number = add(args.films, args.folder, SEEN)
    print(f"| step, on {cores} cores | films | seconds |\n|---|---|---|")
    cards = run(args.folder, cores, "--", "sorting", settings=videos).seconds
    print(f"| search for motion, and cards | {number} | {cards:.0f} |")
    page = Page(args.folder)
    print(f"| the page opens | {number} | {page.start:.1f} |")
    labels = Labels(animals(args.films), args.folder)
    answers = {"training": labels.sort(page, "training", args.answers), "testing": labels.sort(page, "testing", None)}
    page.end()
    print(f"| train, test and export | {number} | {run(args.folder, cores, settings=videos).seconds:.0f} |")
    number = add(args.films, args.folder, NEW)
    write_truth(args.films, args.folder / TABLE)
    settings = f"{videos}\nannotate: {{truth: {TABLE}}}"
    print(f"| annotate the other films | {number} | {run(args.folder, cores, '--', 'annotate', settings=settings).seconds:.0f} |\n")
    tell(args.folder, answers, labels.given)


def add(films: Path, folder: Path, half: str) -> int:
    """Link the films of a half into the folder of videos; returns how many there are."""
    paths = sorted((films / "films" / half).iterdir())
    (folder / "myvideos" / half).mkdir(parents=True)
    for path in paths:
        (folder / "myvideos" / half / path.name).hardlink_to(path)
    return len(paths)


def write_truth(films: Path, path: Path) -> None:
    """Write the visits of the new films as a person notes them: animals that are there at the same time are one visit."""
    table: list[list] = []
    for film in (row["video"] for row in rows(films / "films.csv") if row["video"].startswith(NEW)):
        spans = sorted((float(row["begin"]), float(row["end"])) for row in rows(films / TABLE) if row["video"] == film)
        table += [[film, "", ""]] if not spans else []
        for begin, end in spans:
            if table and table[-1][0] == film and begin <= table[-1][2]:
                table[-1][2] = max(table[-1][2], end)
            else:
                table.append([film, begin, end])
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([("video", "begin", "end"), *table])


def animals(films: Path) -> dict[tuple[str, int], list[Box]]:
    """Where animals are, by film and frame."""
    found: dict[tuple[str, int], list[Box]] = {}
    for row in rows(films / "boxes.csv"):
        found.setdefault((row["video"], int(row["frame"])), []).append(box(row))
    return found


class Labels:
    """The answers of a person who never errs; `given` counts the clips of each decision."""

    def __init__(self, animals: Mapping[tuple[str, int], Sequence[Box]], folder: Path):
        """animals  where they are, by the path of the video and the number of the frame"""
        self.given: Counter[str] = Counter()
        self._truth = {}
        for row in rows(folder / "results/videos.csv"):
            video = str(Path(row["path"]).relative_to("myvideos"))
            for clip in rows(folder / "results/motion" / row["name"] / "clips.csv"):
                shown = any(_shows(box(clip), animal) for animal in animals.get((video, int(clip["frame"])), []))
                self._truth[clip["file"]] = "positive" if shown else "negative"

    def sort(self, page: Page, task: str, most: int | None) -> int:
        """Answer at most `most` questions of a task, or all; returns the number of answers. If the clips of a question differ, each clip
        takes one."""
        answers = 0
        while questions := page.ask("questions", {"task": task, "number": 1, "held": []}):
            clips = [clip for card in questions[0]["cards"] for clip in card["clips"]]
            kinds = {self._truth[clip["name"]] for clip in clips}
            for kind in kinds:
                those = [clip["clip"] for clip in clips if self._truth[clip["name"]] == kind]
                page.ask("decide", {"task": task, "questions": [those], "decision": kind})
                self.given[kind] += len(those)
            answers += 1 if len(kinds) == 1 else len(clips)
            if most is not None and answers >= most:
                break
        return answers


def _shows(clip: Box, animal: Box) -> bool:
    """Whether half of the clip is animal, or half of the animal is in the clip."""
    return shared(clip, animal) > 0.5 * min(clip[2] * clip[3], animal[2] * animal[3])


def tell(folder: Path, answers: dict[str, int], given: Counter) -> None:
    """Print what a user gets: on the clips of Testing, and on visits in films from which nothing was sorted."""
    metrics = json.loads((folder / "results/evaluation/metrics.json").read_text())
    check = json.loads((folder / "results/annotations/check.json").read_text())
    share = check["share"]
    shown = sum(float(row["end"]) - float(row["begin"]) for row in rows(folder / TABLE) if row["begin"])
    print(
        f"Answers: {answers['training']} for Training, {answers['testing']} for Testing; "
        f"{given['positive']} clips with an animal, {given['negative']} without.\n\n"
        f"Threshold {metrics['operating_point']['threshold']:.3f}. At places that the model has not seen it finds {check['found']} of "
        f"{check['visits']} visits: {100 * share['value']:.0f} % ({100 * share['low']:.0f} to {100 * share['high']:.0f}); "
        f"no motion: {check['no motion']}, scored below the threshold: {check['scored below the threshold']}. "
        f"False visits: {check['false_visits']}. "
        f"Left to watch: {check['seconds_left_to_watch'] / 60:.1f} of {60 * check['hours']:.1f} minutes; "
        f"an animal is there in {shown / 60:.1f}."
    )


if __name__ == "__main__":
    main()
