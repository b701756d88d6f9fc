"""The page that shows what was found in the videos: a table of them, and a contact sheet of kept frames."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
from jinja2 import Environment, StrictUndefined

from . import report, video_report
from .errors import printable
from .galleries import Picture
from .labels import LABELS, POSITIVE
from .thumbnails import thumbnail

# Kept frames on the contact sheet, in all.
SHOWN = 120


def render(template: str, folder: Path, videos: Mapping[str, dict[str, str]]) -> str:
    """The page as HTML.

    folder  with a folder of kept frames for each video
    videos  the parameters.csv of each video, by the name of its folder
    """
    each = max(1, SHOWN // len(videos))
    sheets = {name: sheet for name in videos if (sheet := _sheet(folder / name, each))}
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters |= {"printable": printable, "score": report.score}
    page = environment.from_string(template).render(
        videos=videos,
        frames=sum(int(video[video_report.FRAMES]) for video in videos.values()),
        kept=sum(int(video[video_report.KEPT]) for video in videos.values()),
        threshold=float(next(iter(videos.values()))["threshold"]),
        sheets=dict(list(sheets.items())[:SHOWN]),
        FRAMES=video_report.FRAMES,
        EVENTS=video_report.EVENTS,
        KEPT=video_report.KEPT,
        PROBLEM=video_report.PROBLEM,
    )
    return page.encode(errors="replace").decode()


def _sheet(folder: Path, size: int) -> list[Picture]:
    """Thumbnails of at most `size` kept frames, spread evenly over the video."""
    frames = sorted(folder.glob("*.jpg"), key=lambda path: int(path.stem))
    chosen = sorted(set(np.linspace(0, len(frames) - 1, min(size, len(frames))).round().astype(int))) if frames else []
    boxes = pd.read_csv(folder / "annotations.csv")
    boxes = boxes[boxes["label"] == LABELS[POSITIVE]].groupby("Frame").agg({"Clock": "first", "score": "max"})
    return [_picture(frames[index], *boxes.loc[int(frames[index].stem)]) for index in chosen]


def _picture(frame: Path, clock: str, score: float) -> Picture:
    return Picture(thumbnail(str(frame)), f"frame {frame.stem}", str(frame), [clock, f"score {score:.3f}"])
