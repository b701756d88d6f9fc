"""A film, or a burst of stills, as pages show it: pictures of what moves in it, and where."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import numpy as np

from .. import tables
from . import motion_files, video_report
from .recordings import Recording
from .videos import UnreadableVideo

# Boxes are shown for this many moments at most.
_MOST_BOXES = 2000


class BestMoment(NamedTuple):
    """The best moment of a track: the place of its frame (see `motion_files.best_frames`), and its box in shares of
    the frame."""

    frame: str
    box: list[float]


@dataclass(frozen=True)
class ShownFilm:
    """A film that was searched.

    video   its name in results; path  where it lies; film  its id
    motion  the folder with a folder for each video that was searched
    """

    video: str
    path: str
    film: str
    motion: Path

    def check(self) -> None:
        """Raise UnreadableVideo if another film lies there now, and OSError if none does."""
        if not self.recording.is_of(self.film):
            raise UnreadableVideo("another film lies there now. Run annotate again")

    @cached_property
    def _facts(self) -> dict[str, str]:
        return video_report.read(self.motion / self.video / "parameters.csv")

    @property
    def recording(self) -> Recording:
        """Its files."""
        return Recording(self.path, self._facts[video_report.PICTURES])

    @property
    def stills(self) -> list[float]:
        """When each still of a burst was taken, in seconds from the first one; empty for a film."""
        return self.recording.seconds

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the film in pixels."""
        return int(self._facts[video_report.WIDTH]), int(self._facts[video_report.HEIGHT])

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
        found = found[found["frame"].isin(found["frame"].unique()[::step])]
        return [[round(row.seconds, 3), int(row.track), *self.share((row.x, row.y, row.w, row.h))] for row in found.itertuples()]

    def span(self, track: int) -> tuple[float, float]:
        """When a track begins and ends, in seconds."""
        boxes = motion_files.read_boxes(self.motion / self.video)
        seconds = boxes.loc[boxes["track"] == track, "seconds"]
        return float(seconds.min()), float(seconds.max())

    def best(self, track: int) -> BestMoment | None:
        """The best moment of a track; None if there is no such track."""
        for row in tables.read(self.motion / self.video / "clips.csv", "gather_motion.py"):
            if int(row["track"]) == track and row["best"] == "1":
                return BestMoment(row["best_frame"], self.share([int(row[name]) for name in "xywh"]))
        return None

    def frame(self, moment: BestMoment) -> bytes:
        """The whole frame at a moment, as JPEG. Raises UserError if it is gone."""
        return motion_files.read_frame(self.motion, self.video, moment.frame)

    def clips(self, tracks: set[int]) -> list[tuple[float, str]]:
        """The seconds and the file of each clip of these tracks, in the order of time."""
        return sorted((clip.seconds, clip.file) for clip in motion_files.kept_clips(self.motion, [self.video]) if clip.track in tracks)

    def clip(self, file: str) -> Path:
        """Where a clip lies."""
        return self.motion / self.video / motion_files.CLIPS / file
