"""From films to visits in three commands: measures how long it takes, how many answers a person gives, and how many visits are found.

The films come from camera_films.py. Those of its half "tune" are searched. A simulated person, who never errs, sorts some piles of
Training and all of Testing on the page for sorting. A model is trained. Then the other half, with other animals and other places, is
annotated, and the visits found there are compared with the truth. Half of the films of each half show no animal.
"""

import csv
import json
import os
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from machine import run
from meerkat.settings.annotate import Joining
from meerkat.visits import passages, truth
from meerkat.visits.found_visits import FoundVisits
from meerkat.visits.joining import join, together
from meerkat.visits.passages import Passage
from sorting_page import Page
from visits import Box, box, rows, shared

SEEN, NEW, BLANK = "tune", "apart", "blank"
TABLE = "truth.csv"
PAUSE = Joining().join


def main(films: str, folder: str, answers: int = 150) -> None:
    """The folder is on the same disk as the films; the answers are for Training."""
    films, folder, cores = Path(films), Path(folder), os.cpu_count()
    videos = "videos: {folder: myvideos}"
    number = add(films, folder, SEEN)
    print(f"| step, on {cores} cores | films | seconds |\n|---|---|---|")
    cards = run(folder, "--", "sorting", settings=videos).seconds
    print(f"| search for motion, and cards | {number} | {cards:.0f} |")
    page = Page(folder)
    print(f"| the page opens | {number} | {page.start:.1f} |")
    labels = Labels(animals(films), folder)
    given = {"training": labels.sort(page, "training", answers), "testing": labels.sort(page, "testing", None)}
    page.end()
    print(f"| train, test and export | {number} | {run(folder, settings=videos).seconds:.0f} |")
    number = add(films, folder, NEW)
    write_truth(films, folder / TABLE)
    settings = f"{videos}\nannotate: {{truth: {TABLE}}}"
    print(f"| annotate the other films | {number} | {run(folder, '--', 'annotate', settings=settings).seconds:.0f} |\n")
    tell(folder, given, labels.given)


def add(films: Path, folder: Path, half: str) -> int:
    """Link the films of a half into the folder of videos; returns how many there are."""
    paths = [*sorted((films / "films" / half).iterdir()), *sorted((films / "films" / BLANK / half).iterdir())]
    for path in paths:
        link = folder / "myvideos" / path.relative_to(films / "films")
        link.parent.mkdir(parents=True, exist_ok=True)
        link.hardlink_to(path)
    return len(paths)


def write_truth(films: Path, path: Path) -> None:
    """Write the visits of the new films as a person notes them: animals that are there at the same time are one visit."""
    table: list[list] = []
    for film in (row["video"] for row in rows(films / "films.csv") if row["video"].startswith((NEW, f"{BLANK}/{NEW}"))):
        spans = [truth.Span(float(row["begin"]), float(row["end"])) for row in rows(films / TABLE) if row["video"] == film]
        seen = [[film, of_visit[0].begin, max(span.end for span in of_visit)] for of_visit in together(spans, 0)]
        table += seen or [[film, "", ""]]
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

    def shows(self, file: str) -> bool:
        """Whether a clip shows an animal."""
        return self._truth[file] == "positive"

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
    check = json.loads((folder / "results/annotations/check.json").read_text())
    share = check["share"]
    shown = sum(float(row["end"]) - float(row["begin"]) for row in rows(folder / TABLE) if row["begin"])
    print(
        f"Answers: {answers['training']} for Training, {answers['testing']} for Testing; "
        f"{given['positive']} clips with an animal, {given['negative']} without.\n\n"
        f"At places that the model has not seen it finds {check['found']} of {check['visits']} visits: {100 * share['value']:.0f} % "
        f"({100 * share['low']:.0f} to {100 * share['high']:.0f}); no motion: {check['no motion']}, scored below the threshold: "
        f"{check['scored below the threshold']}. False visits: {check['false_visits']}. "
        f"Left to watch: {check['seconds_left_to_watch'] / 60:.1f} of {60 * check['hours']:.1f} minutes; "
        f"an animal is there in {shown / 60:.1f}.\n"
    )
    print("| judged by | threshold | visits found | false visits | blank films without a visit |\n|---|---|---|---|---|")
    found = FoundVisits(folder / "results/annotations", folder / "results/motion")
    scores = passages.read_scores(folder / "results/annotations/scores.csv")
    by_pixels = {name: passages.judge(found.motion / name, found.boxes(name), scores) for name in found.paths}
    point = json.loads((folder / "results/evaluation/metrics.json").read_text())["operating_point"]
    tell_outcome(folder, "pixels alone, threshold of clips", by_pixels, point["threshold"])
    weighed = " and what passages did" if found.decided_by["weighs"] else ""
    tell_outcome(folder, f"pixels{weighed} (in use)", found.passages, found.decided_by["threshold"])
    print("\nIn each film without an animal, 30 s long, leaves move.")


def tell_outcome(folder: Path, way: str, judged: Mapping[str, Sequence[Passage]], threshold: float) -> None:
    """Print what would be found in the new films if passages were judged so."""
    seen: dict[str, list[truth.Span]] = {}
    for row in rows(folder / TABLE):
        spans = seen.setdefault(row["video"], [])
        spans += [truth.Span(float(row["begin"]), float(row["end"]))] if row["begin"] else []
    names = {str(Path(row["path"]).relative_to("myvideos")): row["name"] for row in rows(folder / "results/videos.csv")}
    found, false, blank, clean = 0, 0, 0, 0
    for video, spans in seen.items():
        visits = join((one for one in judged[names[video]] if one.score >= threshold), PAUSE)
        found += sum(any(span.meets(visit.begin, visit.end) for visit in visits) for span in spans)
        false += sum(not any(span.meets(visit.begin, visit.end) for span in spans) for visit in visits)
        blank, clean = blank + (not spans), clean + (not spans and not visits)
    number = sum(map(len, seen.values()))
    print(f"| {way} | {threshold:.3f} | {found} of {number} | {false} | {clean} of {blank} ({100 * clean / blank:.0f} %) |")
