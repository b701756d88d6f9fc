"""The page that shows what was found in the videos: a table of them, and a contact sheet of kept frames."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from ..data.labels import LABELS, POSITIVE
from ..tables import read_frame
from ..video import video_report
from . import pages
from .galleries import Picture
from .thumbnails import thumbnail

# Kept frames on the contact sheet, in all.
SHOWN = 120


def render(template: str, folder: Path, videos: Mapping[str, dict[str, str]]) -> str:
    """The page as HTML.

    folder  with a folder of kept frames for each video
    videos  the parameters.csv of each video, by the name of its folder
    """
    each = max(1, SHOWN // len(videos))
    pictured = [name for name, video in videos.items() if int(video[video_report.KEPT])][:SHOWN]
    return pages.fill(
        template,
        videos=videos,
        frames=sum(int(video[video_report.FRAMES]) for video in videos.values()),
        kept=sum(int(video[video_report.KEPT]) for video in videos.values()),
        threshold=float(next(iter(videos.values()))["threshold"]),
        sheets={name: _sheet(folder / name, each) for name in pictured},
        FRAMES=video_report.FRAMES,
        EVENTS=video_report.EVENTS,
        KEPT=video_report.KEPT,
        PROBLEM=video_report.PROBLEM,
    )


def _sheet(folder: Path, size: int) -> list[Picture]:
    """Thumbnails of at most `size` kept frames, spread evenly over the video."""
    frames = sorted(folder.glob("*.jpg"), key=lambda path: int(path.stem))
    chosen = sorted(set(np.linspace(0, len(frames) - 1, min(size, len(frames))).round().astype(int)))
    boxes = read_frame(folder / "annotations.csv", "annotate_video.py", Frame=int, score=float)
    boxes = boxes[boxes["label"] == LABELS[POSITIVE]].groupby("Frame").agg({"Clock": "first", "score": "max"})
    return [_picture(frames[index], *boxes.loc[int(frames[index].stem)]) for index in chosen]


def _picture(frame: Path, clock: str, score: float) -> Picture:
    return Picture(thumbnail(str(frame)), f"frame {frame.stem}", str(frame), [clock, f"score {score:.3f}"])
