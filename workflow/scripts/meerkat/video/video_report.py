"""Reports the work on a video, as in DeepMeerkat's parameters.csv, and on all videos."""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import examples, printable
from ..tables import csv_text, read_rows
from ..wording import count
from . import bursts
from .recordings import Recording

if TYPE_CHECKING:
    from .motion_store import Searched

VIDEO, FILM, PICTURES, SEARCH = "video", "Film", "Pictures", "Search"
# The counts, under their names in parameters.csv.
EVENTS, TRACKS, LOOKS, TOO_SMALL = "Motion Events", "Tracks", "Looks", "Looks with too small boxes"
FRAMES, PROBLEM = "Total Frames", "Problem"
BEGIN, SECONDS, RATE, HEIGHT, WIDTH, CREATED = "First frame at", "Seconds", "Frames a second", "Height", "Width", "Created"
_FILMS = "Films in the file"


def parameters(found: "Searched", tracks: int) -> dict[str, object]:
    """The rows of parameters.csv about a film, with the names of DeepMeerkat 2, and some more. `tracks` is their number."""
    frames, (height, width) = found.completeness.frames if found.completeness else 0, found.size
    return {
        "Minutes": round(found.minutes, 3),
        _FILMS: found.films,
        FRAMES: frames,
        BEGIN: round(found.begins, 3),
        SECONDS: round(found.seconds, 3),
        RATE: round(found.fps, 3) if found.completeness else "",
        WIDTH: width,
        HEIGHT: height,
        CREATED: found.created,
        EVENTS: found.with_boxes,
        TRACKS: tracks,
        LOOKS: found.looks,
        TOO_SMALL: found.too_small,
        "Return rate": round(found.with_boxes / frames, 4) if frames else "",
        "Frame processing rate": round(frames / max(0.001, 60 * found.minutes), 2),
        PROBLEM: found.problem,
    }


def leftovers(folder: Path, names: Iterable[str]) -> str:
    """A line about the folders of videos that are gone, or that have another name now; empty if there are none."""
    others = sorted({entry.name for entry in folder.iterdir() if entry.is_dir()} - set(names))
    if not others:
        return ""
    belong, them = count(len(others), "folder belongs", "folders belong"), "it" if len(others) == 1 else "them"
    return f"\nIn {folder}, {belong} to no video that is here. If the films are gone for good, you may delete {them}:\n{examples(others)}"


def read(path: Path | str) -> dict[str, str]:
    """The rows of a parameters.csv."""
    return dict(read_rows(path))


def read_all(motion: Path, names: Iterable[str]) -> dict[str, dict[str, str]]:
    """The rows of each video's parameters.csv, by its name in results; `motion` is the folder with a folder for each video."""
    return {name: read(motion / name / "parameters.csv") for name in names}


def decoded(facts: Mapping[str, str]) -> tuple[float, float]:
    """The times from which and up to which a video could be read, in seconds; `facts` come from `read`."""
    return float(facts[BEGIN]), float(facts[SECONDS])


def length(facts: Mapping[str, str]) -> float:
    """Seconds of a video; infinity if it could not be read to the end."""
    return math.inf if facts[PROBLEM] else float(facts[SECONDS])


def rejected_csv(videos: Iterable[dict[str, str]]) -> str:
    """Rows path,reason for the videos and the stills that could not be read, or not completely; `videos` come from `read`."""
    return csv_text([("path", "reason"), *(row for video in videos for row in problems(video).items())])


def problems(video: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with a video, or with each still of a burst, by the path of the file; `video` comes from `read`."""
    return problems_of(video[VIDEO], video[PICTURES], video[PROBLEM])


def problems_of(path: str, pictures: str, problem: str) -> dict[str, str]:
    """The same from the path of a video, its stills if it is a burst (see `bursts.Burst.pictures`), and what is wrong with it."""
    if not problem:
        return {}
    stills = {Path(still).name: still for still, _ in Recording(path, pictures).stills}
    if len(stills) < 2:
        return {path: problem}
    # See `BurstFile.what_is_missing`. A name may contain what separates problems.
    names = "|".join(map(re.escape, sorted(stills, key=len, reverse=True)))
    _, *of_stills = re.split(rf"(?:^|; )({names}): ", problem)
    return {stills[name]: text for name, text in zip(of_stills[::2], of_stills[1::2], strict=True)}


def summary(videos: Sequence[dict[str, str]]) -> str:
    """The results of all videos, in words for the terminal."""
    films = [video for video in videos if not video[PICTURES]]
    minutes, tracks = sum(float(video[SECONDS]) for video in films) / 60, sum(int(video[TRACKS]) for video in videos)
    what = bursts.counted(len(films), [bursts.number_of(video[PICTURES]) for video in videos if video[PICTURES]])
    lasting = f", {minutes:.1f} minutes" if films else ""
    empty = sum(not int(video[TRACKS]) for video in videos)
    still = f" In {empty} of them nothing moves, or nothing is new." if empty else ""
    return f"{what}{lasting}, {count(tracks, 'passage')}.{still}{_too_small(videos)}"


def unread(videos: Iterable[dict[str, str]], rejected_file: str) -> str:
    """The files that could not be read, or not to the end, in words for the terminal; empty if there are none."""
    lines = [f"{path}: {problem}" for video in videos for path, problem in problems(video).items()]
    return f"Not read, or not to the end: {count(len(lines), 'file')}, listed in {rejected_file}:\n{examples(lines)}" if lines else ""


def _too_small(videos: Sequence[dict[str, str]]) -> str:
    """A line about things that moved but were smaller than the settings allow; empty if there were none."""
    looks, passed_over = (sum(int(video[name]) for video in videos) for name in (LOOKS, TOO_SMALL))
    if not passed_over:
        return ""
    most = max(videos, key=lambda video: int(video[TOO_SMALL]) / max(1, int(video[LOOKS])))
    return (
        f"\nIn {100 * passed_over / looks:.0f} % of the pictures, most often in {printable(most[VIDEO])}, something moved that was "
        "ignored only because it was too small. If your animals are that small, lower videos: size."
    )
