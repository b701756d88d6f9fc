"""detections.json: the boxes of all passages with their scores in MegaDetector's output format (lila.science/megadetector-output-format),
which Timelapse and AddaxAI open."""

import argparse
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from ... import atomic
from ...data.labels import LABELS, NEGATIVE, POSITIVE
from ...video import video_report
from ...video.recordings import Recording
from ...video.video_report import FRAMES, HEIGHT, PICTURES, PROBLEM, RATE, WIDTH
from ..found_visits import FoundVisits
from ..names import PERSONS, VEHICLES
from ..passages import Passage

if TYPE_CHECKING:
    import pandas as pd

# The categories of MegaDetector; the names that people give follow.
_ANIMAL, _PERSON, _VEHICLE = "1", "2", "3"
_CATEGORIES = {_ANIMAL: "animal", _PERSON: "person", _VEHICLE: "vehicle"}
_KNOWN = dict.fromkeys(PERSONS, _PERSON) | dict.fromkeys(VEHICLES, _VEHICLE)
_VERSION = "1.5"


def write(found: FoundVisits, args: argparse.Namespace) -> None:
    """Write the entries of all videos one after the other, so that memory does not grow with their number."""
    number_of = _numbers(visit["name"] for visit in found.visits)
    categories = _CATEGORIES | {number: name for name, number in number_of.items() if number not in _CATEGORIES}
    threshold = found.decided_by["threshold"]
    info = {
        "format_version": _VERSION,
        "detector": found.decided_by["model"],
        "detector_metadata": {"typical_detection_threshold": threshold, "conservative_detection_threshold": threshold / 2},
    }
    entries = (made for video in found.paths for made in _entries(found, video, args.folder, number_of))
    with atomic.replacing(found.folder / "detections.json") as temporary, temporary.open("w", encoding="utf-8") as file:
        file.write(f'{{"info": {json.dumps(info)},\n"detection_categories": {json.dumps(categories)},\n"images": [')
        for number, made in enumerate(entries):
            file.write((",\n" if number else "\n") + json.dumps(made))
        file.write("\n]}\n")


def _entries(found: FoundVisits, video: str, folder: str, number_of: Mapping[str, str]) -> Iterator[dict]:
    """The entry of a film, or of each still of a burst."""
    facts, passages, boxes = found.facts(video), found.passages[video], found.boxes(video)
    names = {passage.track: found.visit_of[video, passage.visit]["name"] for passage in passages if passage.visit}
    category_of = {passage.track: _KNOWN.get(passage.kind.casefold(), _ANIMAL) for passage in passages}
    category_of |= {track: number_of[name] for track, name in names.items() if name}
    files = [_file(path, folder) for path in Recording(found.paths[video], facts[PICTURES]).files]
    if facts[PICTURES]:
        yield from entries_of_burst(files, facts, passages, boxes, category_of)
    else:
        yield entry(files[0], facts, passages, boxes, "" if int(facts[FRAMES]) else facts[PROBLEM], category_of)


def _numbers(names: Iterable[str]) -> dict[str, str]:
    """The number of the category of each name."""
    used = sorted({name for name in names if name})
    others = [name for name in used if name.casefold() not in _KNOWN]
    new = {name: str(number) for number, name in enumerate(others, len(_CATEGORIES) + 1)}
    return {name: new.get(name) or _KNOWN[name.casefold()] for name in used}


def _file(video: str, folder: str) -> str:
    """The path of a video below the folder of videos, with forward slashes; programs open that folder."""
    return Path(video).relative_to(folder).as_posix().encode(errors="backslashreplace").decode()


def entry(
    file: str, video: Mapping[str, str], passages: Sequence[Passage], boxes: "pd.DataFrame", failure: str, category_of: Mapping[int, str]
) -> dict:
    """The entry of one video. Frames count from 0, and places are fractions of the frame.

    video  its parameters.csv; boxes  those of its passages: track, frame, seconds, x, y, w, h
    category_of  the category of each track whose visit has a name

    What a person has called background has no boxes, and what a person has called an animal is certain. The entry says that the model
    processed only the frames with boxes.
    """
    if failure:
        # MegaDetector's own check requires a rate and frames here too, and accepts a number below 0 for no rate.
        return {"file": file, "failure": failure, "detections": None, "frame_rate": -1.0, "frames_processed": []}
    found = _detections(video, passages, boxes, category_of)
    processed = sorted({one["frame_number"] for one in found})
    rate = _rate(float(video[RATE]), dict(zip(boxes["frame"] - 1, boxes["seconds"], strict=True)))
    return {"file": file, "frame_rate": rate, "frames_processed": processed, "detections": found}


def entries_of_burst(
    files: Sequence[str], burst: Mapping[str, str], passages: Sequence[Passage], boxes: "pd.DataFrame", category_of: Mapping[int, str]
) -> Iterator[dict]:
    """The entries of the stills of a burst, in their order: programs show each still by itself. The rest is as for `entry`."""
    found = _detections(burst, passages, boxes, category_of)
    problems = {PurePath(path).name: problem for path, problem in video_report.problems(burst).items()}
    for number, file in enumerate(files):
        if failure := problems.get(PurePath(file).name):
            yield {"file": file, "failure": failure, "detections": None}
            continue
        of_still = [one for one in found if one["frame_number"] == number]
        yield {"file": file, "detections": [{name: one[name] for name in ("category", "conf", "bbox")} for one in of_still]}


def _detections(
    video: Mapping[str, str], passages: Sequence[Passage], boxes: "pd.DataFrame", category_of: Mapping[int, str]
) -> list[dict[str, object]]:
    """The boxes in the order of frames."""
    size = [int(video[WIDTH]), int(video[HEIGHT])] * 2
    scores = {
        passage.track: 1.0 if passage.said == LABELS[POSITIVE] else round(passage.score, 4)
        for passage in passages
        if passage.said != LABELS[NEGATIVE]
    }
    if not scores:
        return []
    return [
        {
            "category": category_of.get(int(box.track), _ANIMAL),
            "conf": scores[box.track],
            "bbox": [round(value / whole, 4) for value, whole in zip((box.x, box.y, box.w, box.h), size, strict=True)],
            "frame_number": int(box.frame) - 1,
            "track": int(box.track),
        }
        for box in boxes.sort_values(["frame", "track"]).itertuples()
        if box.track in scores
    ]


def _rate(announced: float, seconds: Mapping[int, float]) -> float:
    """The rate, in frames a second, for programs that show a frame: its number, from 0, divided by the rate must be its time.

    seconds  by number of the frame. If the announced rate does not fit them, as in films whose rate varies, the result is the rate with
             the least squared errors of the times.
    """
    if not announced or not seconds:
        return announced
    wrong_by = max((abs(number / announced - time) for number, time in seconds.items()))
    products = sum(number * time for number, time in seconds.items())
    if wrong_by <= 1 / announced or not products:
        return announced
    return round(sum(number**2 for number in seconds) / products, 4)
