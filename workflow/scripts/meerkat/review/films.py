"""The films on the page, with what was found in them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from ..video import motion_files, video_files, video_report
from ..visits.found_visits import FoundVisits
from ..visits.passages import Passage
from ..visits.places_of_passages import finder

# Boxes of a visit are shown for this many moments at most.
_MOST_BOXES = 2000


@dataclass(frozen=True)
class ReviewedFilm:
    """A film on the page.

    video     its name in results; path  where it lies; shown  the path as people know it, below the folder of videos
    film      its id; site, start  empty if unknown
    seconds   how long it is
    passages  what moved in it, with its scores
    motion    the folder with a folder for each video that was searched
    """

    video: str
    path: str
    shown: str
    film: str
    site: str
    start: str
    seconds: float
    passages: Sequence[Passage]
    motion: Path

    @cached_property
    def track_at(self) -> Callable[[str], int | None]:
        """Gives the track at a place of a review (see `places_of_passages.finder`)."""
        return finder(self.passages, self.motion / self.video)

    @cached_property
    def size(self) -> tuple[int, int]:
        """Width and height of the film in pixels."""
        facts = video_report.read(self.motion / self.video / "parameters.csv")
        return int(facts[video_report.WIDTH]), int(facts[video_report.HEIGHT])

    def share(self, box: Sequence[int]) -> list[float]:
        """A box, x y w h in pixels, as shares of the frame."""
        width, height = self.size
        return [round(value / whole, 4) for value, whole in zip(box, (width, height, width, height), strict=True)]

    def boxes(self, begin: float, end: float) -> list[list[float]]:
        """What moves from one time to another, as rows of seconds, track, x, y, w, h; the box in shares of the frame. If there is too much,
        some moments are left out."""
        found = motion_files.read_boxes(self.motion / self.video)
        found = found[found["seconds"].between(begin, end)].sort_values(["frame", "track"])
        step = max(1, int(np.ceil(len(found) / _MOST_BOXES)))
        if step > 1:
            frames = found["frame"].unique()[::step]
            found = found[found["frame"].isin(frames)]
        return [[round(row.seconds, 3), int(row.track), *self.share((row.x, row.y, row.w, row.h))] for row in found.itertuples()]

    def still(self, track: int) -> bytes | None:
        """The whole frame of the best moment of a track, as JPEG; None if there is no such track. Raises UserError if it is gone."""
        passage = next((passage for passage in self.passages if passage.track == track), None)
        places = motion_files.stills(self.motion, self.video) if passage else {}
        return motion_files.read_still(self.motion, self.video, places[passage.clip]) if passage and passage.clip in places else None

    def clips(self, tracks: set[int]) -> list[tuple[float, str]]:
        """The seconds and the file of each clip of these tracks, in the order of time."""
        return sorted((clip.seconds, clip.file) for clip in motion_files.kept_clips(self.motion, [self.video]) if clip.track in tracks)

    def clip(self, file: str) -> Path:
        """Where a clip lies."""
        return self.motion / self.video / motion_files.CLIPS / file


def films_of(found: FoundVisits, listed: video_files.Videos) -> list[ReviewedFilm]:
    """The films of which the last run found visits, or none.

    listed  the videos from gather_motion.py, with their folder
    """
    return [
        ReviewedFilm(
            row["video"],
            row["path"],
            str(Path(row["path"]).relative_to(listed.folder)),
            listed.films[row["video"]].id,
            row["site"],
            row["start"],
            float(row["seconds"]),
            found.passages[row["video"]],
            found.motion,
        )
        for row in found.videos
        if row["video"] in listed.films
    ]
