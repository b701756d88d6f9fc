"""The stills of a burst, read one after the other as if they were the frames of a film."""

import math
from collections.abc import Iterator
from functools import cached_property, lru_cache
from itertools import pairwise
from pathlib import Path
from statistics import median

import numpy as np

from ..data import images
from . import bursts, picture_header
from .completeness import Completeness
from .videos import UnreadableVideo


class StillFrame:
    """A still as a frame (see `videos.Frame`): its number, counted from 1, and seconds from the first still of its burst. It is decoded
    when it is needed.

    Raises OSError from all that needs the picture if the file cannot be reached, and UnreadableImage if it is not a picture or damaged.
    """

    def __init__(self, path: str, number: int, seconds: float):
        self.path, self.number, self.seconds = path, number, seconds

    @property
    def picture(self) -> np.ndarray:
        """uint8 [height, width, 3], BGR, upright."""
        return _picture(self.path)

    def part(self, left: int, top: int, right: int, bottom: int) -> np.ndarray:
        """A part of the picture, uint8 [height, width, 3], in memory of its own."""
        return self.picture[top:bottom, left:right].copy()

    def shrunk(self, lines: int) -> np.ndarray:
        """The picture with `lines` rows, uint8 [lines, width, 3]; unchanged if it has no more. The whole picture is not made for it."""
        return images.decode_shrunk(_content(self.path), lines)

    @cached_property
    def size(self) -> tuple[int, int]:
        """Height and width of the picture."""
        return images.size_of_large(_content(self.path))


@lru_cache(maxsize=1)  # Its size is asked for first, and then the picture.
def _content(path: str) -> bytes:
    return Path(path).absolute().read_bytes()


@lru_cache(maxsize=2)  # Several clips are cut of a still, one after the other.
def _picture(path: str) -> np.ndarray:
    return images.decode_large(_content(path))


class BurstFile:
    """The stills of a burst; what it offers is the same as for a film (see `videos.Video`), so that pages show both.

    problems  what is wrong with stills that cannot be read, by their paths: they are left out
    size      height and width of the first still that can be read: boxes in all stills are told in pixels of it
    """

    films, codec = 1, "still"

    def __init__(self, path: Path | str, pictures: str):
        """path  of the first still; pictures  see `Burst.pictures`"""
        self._stills = bursts.in_folder(str(path), pictures)
        self.problems: dict[str, str] = {}
        self.header = picture_header.read_or_empty(path)
        times = [seconds for _, seconds in self._stills]
        # Usual seconds from one still to the next; pages need some rate also for a single one.
        self.interval = median([later - earlier for earlier, later in pairwise(times)] or [bursts.LASTS])
        self.fps, self.length = 1 / self.interval, times[-1] + bursts.LASTS
        self.completeness, self.size, self.seconds, self.begins = Completeness(0, None, False), (0, 0), 0.0, 0.0

    def looks(self, rate: float = math.inf, begin: float = 0.0, end: float = math.inf) -> Iterator[StillFrame]:
        """The stills from `begin` to `end`, in seconds. There are few, so that all are given, whatever the rate.

        Those that cannot be read are left out. Raises OSError if one cannot be reached.
        """
        for number, (path, seconds) in enumerate(self._stills, 1):
            if begin <= seconds < end:
                still = StillFrame(path, number, seconds)
                try:
                    size = still.size
                except images.UnreadableImage as error:
                    self.problems[path] = str(error)
                    continue
                if not self.completeness.frames:
                    self.size, self.begins = size, seconds
                self.seconds = seconds + bursts.LASTS
                self.completeness.frame(seconds, self.seconds, None)
                yield still

    def between(self, begin: float, end: float) -> Iterator[StillFrame]:
        """The stills that are shown from one time to another: each is shown until the next one. Raises as `looks` does."""
        begun = [seconds for _, seconds in self._stills if seconds <= begin]
        yield from self.looks(begin=begun[-1] if begun else begin, end=max(end, begin + bursts.LASTS))

    def what_is_missing(self) -> str:
        """What is wrong with stills, empty if nothing. Call it after the last one."""
        if len(self._stills) == 1:
            return next(iter(self.problems.values()), "")
        return "; ".join(f"{Path(path).name}: {problem}" for path, problem in self.problems.items())


def first(path: Path | str) -> StillFrame:
    """A still alone. Raises UnreadableVideo if it cannot be decoded, and OSError if it cannot be reached."""
    still = StillFrame(str(path), 1, 0.0)
    try:
        _ = still.picture
    except images.UnreadableImage as error:
        raise UnreadableVideo(str(error)) from None
    return still
