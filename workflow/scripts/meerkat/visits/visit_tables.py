"""The rows of visits.csv and videos.csv."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ..clock import clock
from ..video.taken import Start, written
from ..video.video_report import PROBLEM, SECONDS
from .joining import Visit

if TYPE_CHECKING:
    import pandas as pd

VISIT_COLUMNS = (
    "video", "site", "visit", "event", "begin", "end", "seconds", "begin_time", "end_time", "begin_frame", "end_frame",
    "boxes_at_once", "score", "best_frame",
)  # fmt: skip
VIDEO_COLUMNS = ("video", "path", "site", "start", "time_from", "seconds", "tracks", "visits", "problem")


def visit_facts(visit: Visit, boxes: "pd.DataFrame", start: Start | None) -> dict[str, object]:
    """The part of a row of visits.csv that depends only on the visit: its times from the beginning of the film; date and time by the clock
    of the place, if the start is known; and the largest number of boxes in one frame. Boxes can be a flock, or one animal and a branch: a
    person has to count animals.

    boxes  those of its film: track, frame, ...
    """
    frames = boxes.loc[boxes["track"].isin([passage.track for passage in visit.passages]), "frame"]
    begin_time, end_time = (start.after(seconds) if start else None for seconds in (visit.begin, visit.end))
    return {
        "begin": clock(visit.begin),
        "end": clock(visit.end),
        "seconds": f"{visit.end - visit.begin:.3f}",
        "begin_time": written(begin_time),
        "end_time": written(end_time),
        "begin_frame": frames.min(),
        "end_frame": frames.max(),
        "boxes_at_once": frames.value_counts().max(),
        "score": f"{visit.best.score:.4f}",
        "best_frame": visit.best.frame,
    }


def video_row(name: str, path: str, site: str, start: Start | None, facts: Mapping[str, str], passages: int, visits: int) -> tuple:
    """A row of videos.csv: where and when the video was taken, its length, and what was found in it."""
    taken = (site, written(start.time), start.source) if start else (site, "", "")
    return (name, path, *taken, facts[SECONDS], passages, visits, facts[PROBLEM])
