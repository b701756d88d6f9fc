"""Detections in MegaDetector's output format (lila.science/megadetector-output-format), which Timelapse and AddaxAI open."""

from .motion import Box
from .videos import Frame

_ANIMAL = "1"
_VERSION = "1.5"


def detection(frame: Frame, box: Box, score: float) -> dict:
    """A scored box: its place as fractions of the frame, and the frame counted from 0."""
    height, width = frame.picture.shape[:2]
    place = [box.x / width, box.y / height, box.w / width, box.h / height]
    return {
        "category": _ANIMAL,
        "conf": round(float(score), 4),
        "bbox": [round(value, 4) for value in place],
        "frame_number": frame.number - 1,
    }


def entry(file: str, rate: float, found: list[dict], failure: str) -> dict:
    """What is said of one video. The model sees only frames in which something moves: these are the processed ones."""
    if failure:
        return {"file": file, "failure": failure, "detections": None}
    processed = sorted({one["frame_number"] for one in found})
    return {"file": file, "frame_rate": rate, "frames_processed": processed, "detections": found}


def batch(entries: list[dict], model: str, threshold: float) -> dict:
    """The content of detections.json for all videos."""
    return {
        "info": {
            "format_version": _VERSION,
            "detector": model,
            "detector_metadata": {"typical_detection_threshold": threshold, "conservative_detection_threshold": threshold / 2},
        },
        "detection_categories": {_ANIMAL: "animal"},
        "images": entries,
    }
