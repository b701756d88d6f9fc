"""Detections in MegaDetector's output format (lila.science/megadetector-output-format), which Timelapse and AddaxAI open."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from .. import atomic
from .video_report import HEIGHT, RATE, WIDTH
from .visits import ScoredTrack

_ANIMAL = "1"
_VERSION = "1.5"


def entry(file: str, video: Mapping[str, str], tracks: Sequence[ScoredTrack], failure: str) -> dict:
    """What is said of one video; `video` is its parameters.csv. Frames count from 0, places are fractions of the frame.

    Only frames with boxes are processed by the model, so to speak.
    """
    if failure:
        # MegaDetector's own check wants a rate and frames also here, and takes less than 0 for no rate.
        return {"file": file, "failure": failure, "detections": None, "frame_rate": -1.0, "frames_processed": []}
    size = [int(video[WIDTH]), int(video[HEIGHT])] * 2
    found = [
        {
            "category": _ANIMAL,
            "conf": round(track.p_positive, 4),
            "bbox": [round(value / whole, 4) for value, whole in zip((box.x, box.y, box.w, box.h), size, strict=True)],
            "frame_number": int(box.frame) - 1,
            "track": track.number,
        }
        for track in tracks
        for box in track.boxes.itertuples()
    ]
    found.sort(key=lambda one: one["frame_number"])
    processed = sorted({one["frame_number"] for one in found})
    rate = _rate(float(video[RATE]), {int(box.frame) - 1: box.seconds for track in tracks for box in track.boxes.itertuples()})
    return {"file": file, "frame_rate": rate, "frames_processed": processed, "detections": found}


def _rate(announced: float, seconds: Mapping[int, float]) -> float:
    """Frames a second such that a frame's number, from 0, divided by the rate gives its time, for programs that show it.

    seconds  by number of the frame. Where the announced rate is not right for them, as in films whose rate varies, it is the one with the
             least squared errors of the times.
    """
    if not announced or not seconds:
        return announced
    wrong_by = max((abs(number / announced - time) for number, time in seconds.items()))
    products = sum(number * time for number, time in seconds.items())
    if wrong_by <= 1 / announced or not products:
        return announced
    return round(sum(number**2 for number in seconds) / products, 4)


@contextmanager
def writing(path: Path, model: str, threshold: float) -> Iterator[Callable[[dict], None]]:
    """Gives a function that adds the entry of a video to detections.json; memory does not grow with the videos.

    The file appears, whole, when the block ends well.
    """
    info = {
        "format_version": _VERSION,
        "detector": model,
        "detector_metadata": {"typical_detection_threshold": threshold, "conservative_detection_threshold": threshold / 2},
    }
    with atomic.replacing(path) as temporary, temporary.open("w", encoding="utf-8") as file:
        file.write(f'{{"info": {json.dumps(info)},\n"detection_categories": {json.dumps({_ANIMAL: "animal"})},\n"images": [')
        separator = "\n"

        def add(entry: dict) -> None:
            nonlocal separator
            file.write(separator + json.dumps(entry))
            separator = ",\n"

        yield add
        file.write("\n]}\n")
