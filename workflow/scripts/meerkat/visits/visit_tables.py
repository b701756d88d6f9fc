"""The rows of visits.csv and videos.csv."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ..video import bursts
from ..video.daylight import light_at
from ..video.places import Place
from ..video.taken import Start, Taken, written
from ..video.video_report import PICTURES, PROBLEM, SECONDS
from .joining import Visit
from .names import Names

if TYPE_CHECKING:
    import pandas as pd

# Times of visits are rounded to milliseconds.
_ROUNDED = 0.001
VISIT_COLUMNS = (
    "video", "path", "site", "visit", "event", "begin", "end", "seconds", "begin_time", "end_time", "light", "name", "scientific_name",
    "count", "state", "reviewed_by", "reviewed_at", "score", "threshold", "boxes_at_once", "begin_frame", "end_frame", "best_frame",
)  # fmt: skip
VIDEO_COLUMNS = (
    "video", "path", "site", "deployment", "start", "time_from", "camera_start", "seconds", "pictures", "tracks", "visits", "problem",
)  # fmt: skip


def visit_facts(visit: Visit, boxes: "pd.DataFrame", start: Start | None, place: Place | None, names: Names) -> dict[str, object]:
    """The part of a row of visits.csv that depends only on the visit: its times in seconds from the beginning of the film; date and time
    by the clock of the place, if the start is known; day or night, if time zone and place are known as well; what a person has said; the
    highest score of its passages; and the largest number of boxes in one frame. Boxes can be a flock, or one animal and a branch, so only a
    person fills in `count`.

    boxes  those of its film: track, frame, ...
    """
    own = boxes[boxes["track"].isin([passage.track for passage in visit.passages])]
    within = own[own["seconds"].between(visit.begin - _ROUNDED, visit.end + _ROUNDED)]
    frames = (own if within.empty else within)["frame"]
    begin_time, end_time = (start.after(seconds) if start else None for seconds in (visit.begin, visit.end))
    name, number = (visit.review.name, visit.review.count) if visit.review else ("", None)
    best = visit.best
    return {
        "begin": f"{visit.begin:.3f}",
        "end": f"{visit.end:.3f}",
        "seconds": f"{visit.end - visit.begin:.3f}",
        "begin_time": written(begin_time),
        "end_time": written(end_time),
        "light": light_at(begin_time, place) if begin_time and begin_time.tzinfo and place else "",
        "name": name,
        "scientific_name": names.of(name).scientific_name,
        "count": "" if number is None else number,
        "state": visit.state,
        "reviewed_by": visit.said.person if visit.said else "",
        "reviewed_at": visit.said.time if visit.said else "",
        "score": f"{best.score:.4f}" if best else "",
        "boxes_at_once": frames.value_counts().max() if best else "",
        "begin_frame": frames.min() if best else "",
        "end_frame": frames.max() if best else "",
        "best_frame": best.frame if best else "",
    }


def video_row(name: str, path: str, taken: Taken, facts: Mapping[str, str], passages: int, visits: int) -> tuple:
    """A row of videos.csv: where and when the video was taken, also by the camera's clock, its length, the number of its stills if it is a
    burst, and what was found in it."""
    start, row = taken.start(name), taken.deployment(name)
    when = (written(start.time), start.source, written(start.by_camera)) if start else ("", "", "")
    number = bursts.number_of(facts[PICTURES])
    return (name, path, taken.site(name), row.name if row else "", *when, facts[SECONDS], number or "", passages, visits, facts[PROBLEM])
