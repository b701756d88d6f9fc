"""Visits as rows of tables: visits.csv for all videos, and annotations.csv, as DeepMeerkat writes it, for each."""

from collections.abc import Iterable, Iterator

from ..data.labels import LABELS, POSITIVE
from .taken import Start
from .videos import clock
from .visits import ScoredTrack, Visit

VISIT_COLUMNS = (
    "video", "site", "visit", "begin", "end", "seconds", "begin_time", "end_time", "time_from", "begin_frame", "end_frame", "animals",
    "score", "best_frame",
)  # fmt: skip
ANNOTATION_COLUMNS = ("Frame", "Clock", "x", "y", "h", "w", "label", "score")


def visit_row(video: str, site: str, start: Start | None, number: int, visit: Visit) -> tuple:
    """A row of visits.csv: times from the beginning of the video, date and time where the start is known, the largest number of
    animals in one frame."""
    frames = [int(frame) for track in visit.tracks for frame in (track.boxes["frame"].iloc[0], track.boxes["frame"].iloc[-1])]
    times = (clock(visit.begin), clock(visit.end), f"{visit.end - visit.begin:.3f}")
    dates = (start.after(visit.begin), start.after(visit.end), start.source) if start else ("", "", "")
    facts = (min(frames), max(frames), visit.animals, f"{visit.best.p_positive:.4f}", visit.best.best_frame)
    return (video, site, number, *times, *dates, *facts)


def annotation_rows(tracks: Iterable[ScoredTrack]) -> Iterator[tuple]:
    """Rows of annotations.csv: the boxes of animals; the score is the track's."""
    boxes = [(box, track) for track in tracks for box in track.boxes.itertuples()]
    for box, track in sorted(boxes, key=lambda pair: (pair[0].frame, pair[1].number)):
        score = f"{track.p_positive:.4f}"
        yield (box.frame, clock(box.seconds), box.x, box.y, box.h, box.w, LABELS[POSITIVE], score)
