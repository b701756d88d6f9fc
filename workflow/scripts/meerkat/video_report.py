"""What is told of the work on a video, as in DeepMeerkat's parameters.csv, and on all videos."""

import csv
import time
from pathlib import Path

PROBLEM, KEPT = "Problem", "Kept Frames"


def parameters(started: float, frames: int, events: int, problem: str) -> dict[str, object]:
    """Rows of parameters.csv in the words of DeepMeerkat 2.

    started  time.monotonic() at the beginning
    events   frames with motion
    problem  what is wrong with the video, empty if nothing
    """
    seconds = time.monotonic() - started
    return {
        "Minutes": round(seconds / 60, 3),
        "Total Frames": frames,
        "Motion Events": events,
        "Return rate": round(events / frames, 4) if frames else "",
        "Frame processing rate": round(frames / seconds, 2),
        PROBLEM: problem,
    }


def read(path: Path | str) -> dict[str, str]:
    """The rows of a parameters.csv."""
    with Path(path).open(newline="", encoding="utf-8", errors="surrogateescape") as file:
        return dict(csv.reader(file))
