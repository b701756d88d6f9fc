"""detections.json: the boxes of all passages with their scores in MegaDetector's output format (lila.science/megadetector-output-format),
which Timelapse and AddaxAI open."""

import argparse
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePath
from types import MappingProxyType
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
_VERSION = "1.5"


def write(found: FoundVisits, args: argparse.Namespace) -> None:
    """Write the entries of all videos one after the other, so that memory does not grow with their number."""
    number_of = _numbers(visit["name"] for visit in found.visits)
    categories = _CATEGORIES | {number: name for name, number in number_of.items() if number not in _CATEGORIES}
    by = found.decided_by
    with _writing(found.folder / "detections.json", by["model"], by["threshold"], categories) as add:
        for video, path in found.paths.items():
            facts, passages = found.facts(video), found.passages[video]
            names = {passage.track: found.visit_of[video, passage.visit]["name"] for passage in passages if passage.visit}
            category_of = {passage.track: _category_of_detector(passage.kind) for passage in passages}
            category_of |= {track: number_of[name] for track, name in names.items() if name}
            if stills := [_file(still, args.folder) for still, _ in Recording(path, facts[PICTURES]).stills]:
                for made in entries_of_burst(stills, facts, passages, found.boxes(video), category_of):
                    add(made)
            else:
                failure = "" if int(facts[FRAMES]) else facts[PROBLEM]
                add(entry(_file(path, args.folder), facts, passages, found.boxes(video), failure, category_of))


def _category_of_detector(kind: str) -> str:
    """The number of the category of a passage that has no name."""
    kind = kind.casefold()
    return _PERSON if kind in PERSONS else _VEHICLE if kind in VEHICLES else _ANIMAL


def _numbers(names: Iterable[str]) -> dict[str, str]:
    """The number of the category of each name."""
    known = dict.fromkeys(PERSONS, _PERSON) | dict.fromkeys(VEHICLES, _VEHICLE)
    used = sorted({name for name in names if name})
    others = [name for name in used if name.casefold() not in known]
    return {name: known[name.casefold()] for name in used if name.casefold() in known} | {
        name: str(number) for number, name in enumerate(others, len(_CATEGORIES) + 1)
    }


def _file(video: str, folder: str) -> str:
    """The path of a video below the folder of videos, with forward slashes; programs open that folder."""
    return Path(video).relative_to(folder).as_posix().encode(errors="backslashreplace").decode()


def entry(
    file: str,
    video: Mapping[str, str],
    passages: Sequence[Passage],
    boxes: "pd.DataFrame",
    failure: str,
    category_of: Mapping[int, str] = MappingProxyType({}),
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
    files: Sequence[str],
    burst: Mapping[str, str],
    passages: Sequence[Passage],
    boxes: "pd.DataFrame",
    category_of: Mapping[int, str] = MappingProxyType({}),
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


@contextmanager
def _writing(path: Path, model: str, threshold: float, categories: Mapping[str, str]) -> Iterator[Callable[[dict], None]]:
    """Give a function that adds the entry of a video to detections.json; memory does not grow with the number of videos.

    The file appears, complete, when the block ends well.
    """
    info = {
        "format_version": _VERSION,
        "detector": model,
        "detector_metadata": {"typical_detection_threshold": threshold, "conservative_detection_threshold": threshold / 2},
    }
    with atomic.replacing(path) as temporary, temporary.open("w", encoding="utf-8") as file:
        file.write(f'{{"info": {json.dumps(info)},\n"detection_categories": {json.dumps(categories)},\n"images": [')
        separator = "\n"

        def add(entry: dict) -> None:
            nonlocal separator
            file.write(separator + json.dumps(entry))
            separator = ",\n"

        yield add
        file.write("\n]}\n")
