"""Visits and videos as rows of tables: visits.csv and videos.csv for all videos, annotations.csv, as DeepMeerkat writes it, for each."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from ..clock import clock
from ..data.labels import LABELS, POSITIVE
from .scored_videos import ScoredVideo
from .taken import Start, written
from .video_report import PROBLEM, SECONDS
from .visits import ScoredTrack, Visit

VISIT_COLUMNS = (
    "video", "site", "visit", "event", "begin", "end", "seconds", "begin_time", "end_time", "begin_frame", "end_frame",
    "boxes_at_once", "score", "best_frame",
)  # fmt: skip
VIDEO_COLUMNS = ("video", "path", "site", "start", "time_from", "seconds", "tracks", "visits", "problem")
ANNOTATION_COLUMNS = ("Frame", "Clock", "x", "y", "h", "w", "label", "score")


def visit_row(video: str, number: int, visit: Visit, site: str, when: Sequence[datetime | None], event: int) -> tuple:
    """A row of visits.csv: times from the beginning of the video, date and time where the start is known, the largest number of boxes
    in one frame.

    when  date and time of its begin and end, by the clock of the place
    """
    frames = [int(frame) for track in visit.tracks for frame in (track.boxes["frame"].iloc[0], track.boxes["frame"].iloc[-1])]
    times = (clock(visit.begin), clock(visit.end), f"{visit.end - visit.begin:.3f}", *map(written, when))
    facts = (min(frames), max(frames), visit.boxes_at_once, f"{visit.best.p_positive:.4f}", visit.best.best_frame)
    return (video, site, number, event, *times, *facts)


def video_row(video: ScoredVideo, site: str, start: Start | None, visits: int) -> tuple:
    """A row of videos.csv: where and when the video was taken, its length, and what was found in it."""
    taken = (site, written(start.time), start.source) if start else (site, "", "")
    return (video.name, video.path, *taken, video.facts[SECONDS], len(video.tracks), visits, video.facts[PROBLEM])


def annotation_rows(tracks: Iterable[ScoredTrack]) -> Iterator[tuple]:
    """Rows of annotations.csv: the boxes of animals; the score is the track's."""
    boxes = [(box, track) for track in tracks for box in track.boxes.itertuples()]
    for box, track in sorted(boxes, key=lambda pair: (pair[0].frame, pair[1].number)):
        score = f"{track.p_positive:.4f}"
        yield (box.frame, clock(box.seconds), box.x, box.y, box.h, box.w, LABELS[POSITIVE], score)
