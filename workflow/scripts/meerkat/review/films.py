"""The films on the page, with what was found in them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from ..video import video_report
from ..video.shown_film import ShownFilm
from ..video.video_files import Videos
from ..visits.found_visits import FoundVisits
from ..visits.passages import Passage
from ..visits.places_of_passages import finder


@dataclass(frozen=True)
class ReviewedFilm(ShownFilm):
    """A film on the page.

    shown     its path as people know it, below the folder of videos
    site, start  empty if unknown
    seconds   how long it is
    passages  what moved in it, with its scores
    """

    shown: str
    site: str
    start: str
    seconds: float
    passages: Sequence[Passage]

    @property
    def decoded(self) -> tuple[float, float]:
        """The film could be read from here to here, in seconds. Not kept: all new films are asked for it, and memory must not grow."""
        return video_report.decoded(video_report.read(self.motion / self.video / "parameters.csv"))

    @cached_property
    def track_at(self) -> Callable[[str], int | None]:
        """Gives the track at a place of a review (see `places_of_passages.finder`)."""
        return finder(self.passages, self.motion / self.video)


def films_of(found: FoundVisits, listed: Videos) -> list[ReviewedFilm]:
    """The films in which the last run looked for visits.

    listed  the videos from gather_motion.py, with their folder
    """
    return [
        ReviewedFilm(
            row["video"],
            row["path"],
            listed.films[row["video"]].id,
            found.motion,
            str(Path(row["path"]).relative_to(listed.folder)),
            row["site"],
            row["start"],
            float(row["seconds"]),
            found.passages[row["video"]],
        )
        for row in found.videos
        if row["video"] in listed.films
    ]
