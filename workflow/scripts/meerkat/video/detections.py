"""Detections in MegaDetector's output format (lila.science/megadetector-output-format), which Timelapse and AddaxAI open."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from .. import atomic
from .video_report import HEIGHT, RATE, WIDTH
from .visits import ScoredTrack

_ANIMAL = "1"
_VERSION = "1.5"


def entry(file: str, video: Mapping[str, str], tracks: Iterable[ScoredTrack], failure: str) -> dict:
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
    return {"file": file, "frame_rate": float(video[RATE]), "frames_processed": processed, "detections": found}


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
