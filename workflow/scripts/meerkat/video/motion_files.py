"""The files that the search for motion makes of a video: tables of clips and boxes, the clips, and a still of each track.

<folder>/clips.csv        one row a clip; the first clips are those of track 1
<folder>/boxes.csv        one row a box, in the order of time
<folder>/clips/*.jpg      <video>_<frame>_<number within the frame>.jpg
<folder>/stills/*.jpg     the whole frame of each track's best clip, under the clip's name
<folder>/parameters.csv   settings and counts (see `video_report`)
"""

import hashlib
import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from .. import atomic, tables
from ..clock import clock
from ..tables import csv_text
from .search import Found, Look, Milestone, Sighting
from .unfinished_motion import UnfinishedMotion

if TYPE_CHECKING:
    import pandas as pd

CLIPS, STILLS = "clips", "stills"
# The counts, under their names in parameters.csv.
EVENTS, TRACKS, LOOKS, TOO_SMALL = "Motion Events", "Tracks", "Looks", "Looks with too small boxes"
CLIP_COLUMNS = ("video", "track", "frame", "clock", "x", "y", "w", "h", "file", "best", "digest")
_BOX_TYPES = {"track": int, "frame": int, "seconds": float, "x": int, "y": int, "w": int, "h": int}


class KeptClip(NamedTuple):
    """A clip of a track; the file is in the folder CLIPS of its video. `where` is its frame and its box, x y w h in pixels."""

    video: str
    track: int
    file: str
    digest: str
    where: str


class MotionFiles:
    """Stores what is found in a video, piece by piece: memory does not grow with the video's length.

    milestone  where a killed search continues; None if the search begins
    counts     how many there were of EVENTS, TRACKS, LOOKS, and of looks with TOO_SMALL boxes
    """

    def __init__(self, folder: Path, video: str, made_from: Callable[[], str]):
        """made_from  identifies the search; if a killed search was another one, its files in the folder are deleted"""
        self._folder, self._video = folder, video
        folder.mkdir(parents=True, exist_ok=True)
        self._unfinished = UnfinishedMotion(folder, made_from)
        self.milestone, self.counts = self._unfinished.milestone, Counter(self._unfinished.counts)
        self._in_frame: Counter[int] = Counter()
        self._last, self._written = 0, []
        for name in (CLIPS, STILLS):
            if not self.milestone:
                shutil.rmtree(folder / name, ignore_errors=True)
            (folder / name).mkdir(exist_ok=True)

    def count(self, look: Look) -> None:
        """Count a frame that was looked at."""
        self.counts[LOOKS] += 1
        self.counts[TOO_SMALL] += look.too_small

    def see(self, sighting: Sighting) -> None:
        """Keep a box until it is known whether its track is a flicker."""
        self._unfinished.boxes.write((sighting.track.number, sighting.frame, f"{sighting.seconds:.3f}", *sighting.box))
        self.counts[EVENTS] += sighting.frame != self._last
        self._last = sighting.frame

    def add(self, found: Found) -> None:
        """Write the clips of a track, and its still."""
        self.counts[TRACKS] += 1
        for clip in found.clips:
            # With this many digits a frame is never taken for a time of day, and names sort as the frames do.
            file = f"{self._video}_{clip.frame:07d}_{self._in_frame[clip.frame]}.jpg"
            self._in_frame[clip.frame] += 1
            self._write(self._folder / CLIPS / file, clip.jpeg)
            if clip is found.best:
                self._write(self._folder / STILLS / file, found.still)
            facts = (clip.frame, clock(clip.seconds), *clip.box, file, int(clip is found.best))
            self._unfinished.clips.write((self._video, found.track.number, *facts, hashlib.sha256(clip.jpeg).hexdigest()))

    def reach(self, milestone: Milestone) -> None:
        """Note that everything before the milestone was given. If the search is killed, the next one continues there."""
        self._settle()
        self._unfinished.reach(milestone, self.counts)

    def finish(self) -> list[str]:
        """Write the tables, with the tracks numbered from 1 in the order of their beginnings. Returns the names of the clips."""
        self._settle()
        rows = sorted(self._unfinished.clips.rows(), key=lambda row: int(row[1]))
        numbers = {was: str(number) for number, was in enumerate(dict.fromkeys(row[1] for row in rows), 1)}
        rows = [(video, numbers[was], *rest) for video, was, *rest in rows]
        boxes = ((numbers[was], *rest) for was, *rest in self._unfinished.boxes.rows() if was in numbers)
        tables.write_rows(chain([_BOX_TYPES], boxes), self._folder / "boxes.csv")
        atomic.write_text(self._folder / "clips.csv", csv_text([CLIP_COLUMNS, *rows]))
        self._unfinished.finish()
        return [row[CLIP_COLUMNS.index("file")] for row in rows]

    def _write(self, path: Path, picture: bytes) -> None:
        path.write_bytes(picture)
        self._written.append(path)

    def _settle(self) -> None:
        """Bring the pictures to the disk before a table names them, so that they are there after a power cut."""
        for path in self._written:
            with path.open("rb") as file:
                os.fsync(file.fileno())
        self._written.clear()


def kept_clips(motion: Path, videos: Iterable[str]) -> Iterator[KeptClip]:
    """The clips of these videos, in their order; `motion` contains a folder for each."""
    for video in videos:
        for row in tables.read(motion / video / "clips.csv", "find_motion.py"):
            where = " ".join(row[name] for name in ("frame", "x", "y", "w", "h"))
            yield KeptClip(video, int(row["track"]), row["file"], row["digest"], where)


def read_boxes(folder: Path) -> "pd.DataFrame":
    """The boxes of a video from its folder: track, frame, seconds, x, y, w, h."""
    return tables.read_frame(folder / "boxes.csv", "find_motion.py", **_BOX_TYPES)


def spans(folder: Path) -> list[tuple[float, float]]:
    """When each track of a video begins and ends, in seconds."""
    seconds = read_boxes(folder).groupby("track")["seconds"]
    return list(zip(seconds.min(), seconds.max(), strict=True))
