"""Reports the work on a video, as in DeepMeerkat's parameters.csv, and on all videos."""

import math
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import examples, printable
from ..tables import csv_text, read_rows
from .motion_files import EVENTS, LOOKS, TOO_SMALL, TRACKS

if TYPE_CHECKING:
    from .videos import Video

FRAMES, PROBLEM = "Total Frames", "Problem"
BEGIN, SECONDS, RATE, HEIGHT, WIDTH, CREATED = "First frame at", "Seconds", "Frames a second", "Height", "Width", "Created"
_FILMS = "Films in the file"


def parameters(started: float, first: int, video: "Video | None", counts: Mapping[str, int], problem: str) -> dict[str, object]:
    """The rows of parameters.csv, with the names of DeepMeerkat 2, and some more.

    started  time.monotonic() at the beginning; first  frames that had been read before
    video    the video that was read; None if it could not be opened
    counts   as in MotionFiles
    problem  what is wrong with the video, empty if nothing
    """
    took = time.monotonic() - started
    frames, seconds, (height, width) = (video.position.frames, video.position.seconds, video.position.size) if video else (0, 0.0, (0, 0))
    return {
        "Minutes": round(took / 60, 3),
        _FILMS: video.films if video else 0,
        FRAMES: frames,
        BEGIN: round(video.begins, 3) if video else 0.0,
        SECONDS: round(seconds, 3),
        RATE: round(video.fps, 3) if video else "",
        WIDTH: width,
        HEIGHT: height,
        CREATED: video.created if video else "",
        **{name: counts[name] for name in (EVENTS, TRACKS, LOOKS, TOO_SMALL)},
        "Return rate": round(counts[EVENTS] / frames, 4) if frames else "",
        "Frame processing rate": round((frames - first) / took, 2),
        PROBLEM: problem,
    }


def leftovers(folder: Path, names: Iterable[str]) -> str:
    """A line about the folders of videos that are gone, or that have another name now; empty if there are none."""
    others = sorted({entry.name for entry in folder.iterdir() if entry.is_dir()} - set(names))
    if not others:
        return ""
    return f"\n{len(others)} folders in {folder} belong to no video any more. You may delete them:\n{examples(others)}"


def note(films: int, problem: str) -> str:
    """What there is to say about a video besides the counts; may be empty."""
    return " ".join([f"The file contains {films} films; the longest was read."] * (films > 1) + [problem] * bool(problem))


def read(path: Path | str) -> dict[str, str]:
    """The rows of a parameters.csv."""
    return dict(read_rows(path))


def decoded(facts: Mapping[str, str]) -> tuple[float, float]:
    """The times from which and up to which a video could be read, in seconds; `facts` come from `read`."""
    return float(facts[BEGIN]), float(facts[SECONDS])


def length(facts: Mapping[str, str]) -> float:
    """Seconds of a video; infinity if it could not be read to the end."""
    return math.inf if facts[PROBLEM] else float(facts[SECONDS])


def rejected_csv(videos: Iterable[dict[str, str]]) -> str:
    """Rows path,reason for the videos that could not be read, or not completely; `videos` come from `read`."""
    return csv_text([("path", "reason"), *((video["video"], video[PROBLEM]) for video in videos if video[PROBLEM])])


def summary(videos: Iterable[dict[str, str]], rejected_file: str) -> str:
    """The results of all videos, in words for the terminal."""
    videos = list(videos)
    minutes, tracks = sum(float(video[SECONDS]) for video in videos) / 60, sum(int(video[TRACKS]) for video in videos)
    lines = [f"{video['video']}: {video[PROBLEM]}" for video in videos if video[PROBLEM]]
    text = f"{len(videos)} videos, {minutes:.1f} minutes, {tracks} tracks.{_too_small(videos)}"
    if not lines:
        return text
    return f"{text}\nNot read, or not to the end: {len(lines)} videos, all in {rejected_file}:\n{examples(lines)}"


def _too_small(videos: Sequence[dict[str, str]]) -> str:
    """A line about things that moved but were smaller than the settings allow; empty if there were none."""
    looks, passed_over = (sum(int(video[name]) for video in videos) for name in (LOOKS, TOO_SMALL))
    if not passed_over:
        return ""
    most = max(videos, key=lambda video: int(video[TOO_SMALL]) / max(1, int(video[LOOKS])))
    return (
        f"\nIn {100 * passed_over / looks:.0f} % of the pictures, most often in {printable(most['video'])}, something moved that was "
        "ignored only because it was too small (videos: size)."
    )
