"""What is told of the work on a video, as in DeepMeerkat's parameters.csv, and on all videos."""

import time
from collections.abc import Iterable
from pathlib import Path

from ..errors import examples
from ..tables import csv_text, read_rows

FRAMES, EVENTS, PROBLEM, KEPT = "Total Frames", "Motion Events", "Problem", "Kept Frames"
_FILMS = "Films in the file"


def parameters(started: float, films: int, frames: int, events: int, problem: str) -> dict[str, object]:
    """Rows of parameters.csv in the words of DeepMeerkat 2.

    started  time.monotonic() at the beginning
    films    how many the file holds; the longest is read
    events   frames with motion
    problem  what is wrong with the video, empty if nothing
    """
    seconds = time.monotonic() - started
    return {
        "Minutes": round(seconds / 60, 3),
        _FILMS: films,
        FRAMES: frames,
        EVENTS: events,
        "Return rate": round(events / frames, 4) if frames else "",
        "Frame processing rate": round(frames / seconds, 2),
        PROBLEM: problem,
    }


def leftovers(folder: Path, names: Iterable[str]) -> str:
    """A line about the folders of videos that are gone, or that have another name now; empty where there is none."""
    others = sorted({entry.name for entry in folder.iterdir() if entry.is_dir()} - set(names))
    if not others:
        return ""
    return f"\n{len(others)} folders in {folder} are of no video any more, and may be deleted:\n{examples(others)}"


def note(films: int, problem: str) -> str:
    """What is to be told of a video besides the counts; empty where nothing."""
    return " ".join([f"The file holds {films} films; the longest was read."] * (films > 1) + [problem] * bool(problem))


def read(path: Path | str) -> dict[str, str]:
    """The rows of a parameters.csv."""
    return dict(read_rows(path))


def rejected_csv(videos: Iterable[dict[str, str]]) -> str:
    """Rows path,reason of the videos that could not be read, or not whole; `videos` are as from `read`."""
    return csv_text([("path", "reason"), *((video["video"], video[PROBLEM]) for video in videos if video[PROBLEM])])


def summary(videos: Iterable[dict[str, str]], rejected_file: str) -> str:
    """What the videos gave, in words for the terminal."""
    videos = list(videos)
    frames, events = (sum(int(video[name]) for video in videos) for name in (FRAMES, EVENTS))
    lines = [f"{video['video']}: {video[PROBLEM]}" for video in videos if video[PROBLEM]]
    text = f"{len(videos)} videos, {frames} frames, {events} with motion."
    return text + (f"\nNot read, or not whole: {len(lines)} videos, all in {rejected_file}:\n{examples(lines)}" if lines else "")
