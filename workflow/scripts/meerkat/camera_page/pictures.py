"""Pictures of the beginnings of films: whole, a part enlarged, and small ones that show whether a camera still looks where it did."""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache

import cv2
import numpy as np

from ..data import images
from ..video import burst_file, bursts
from ..video.videos import UnreadableVideo, Video
from . import burned_in_clock
from .odd_views import USUAL, views
from .season import SeasonFilm

# Lines of a whole picture, of an enlarged part, and of the small pictures that are compared; the quality of JPEGs.
_LINES, _PART_LINES, _SMALL_LINES = 720, 120, 72
_QUALITY = 90
# At most so many films of a camera are compared, spread evenly over its time.
MOST_COMPARED = 200


def whole(path: str) -> bytes:
    """The first picture of a film, as JPEG. Raises what reading a film raises."""
    return images.jpeg(_first(path, _LINES), _QUALITY)


def part(path: str, left: float, top: float, width: float, height: float) -> bytes:
    """A part of the first picture of a film, enlarged, as JPEG.

    left, top, width, height  shares of the picture
    """
    picture = _first(path, 10_000)
    lines, columns = picture.shape[:2]
    first, last = min(lines - 1, round(lines * top)), round(lines * (top + height))
    begin, end = min(columns - 1, round(columns * left)), round(columns * (left + width))
    cut = picture[first : max(last, first + 1), begin : max(end, begin + 1)]
    scale = max(1.0, _PART_LINES / len(cut))
    return images.jpeg(cv2.resize(cut, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC), _QUALITY)


def clock(films: Sequence[SeasonFilm]) -> list[float] | None:
    """Where the clock is burned in, in the first film that shows it; see `burned_in_clock.find`."""
    return next(filter(None, (_clock(film.path) for film in films[:3])), None)


def marks(films: Sequence[SeasonFilm], ignored: Sequence[Sequence[float]]) -> list[dict]:
    """The stretches of films that are dark or turned aside, with the usual films before and after them.

    films    of a camera, in the order of their times
    ignored  the rectangles with its clock, as shares of the picture: they look alike in all films
    """
    timed = [film for film in films if film.time and film.line]
    chosen = [timed[place] for place in sorted(set(np.linspace(0, len(timed) - 1, min(len(timed), MOST_COMPARED)).round().astype(int)))]
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        pictures = list(pool.map(_small, [film.path for film in chosen]))
    seen = [(film, _without(picture, ignored)) for film, picture in zip(chosen, pictures, strict=True) if picture is not None]
    marks: list[dict] = []
    usual: SeasonFilm | None = None
    for (film, _), view in zip(seen, views([picture for _, picture in seen]), strict=True):
        if view == USUAL:
            if marks and marks[-1]["after"] is None and marks[-1]["line"] == film.line:
                marks[-1]["after"] = film.number
            usual = film
        elif marks and marks[-1]["after"] is None and (marks[-1]["kind"], marks[-1]["line"]) == (view, film.line):
            marks[-1]["last"] = film.number
        else:
            before = usual.number if usual and usual.line == film.line else None
            mark = {"kind": view, "line": film.line, "before": before, "first": film.number, "last": film.number, "after": None}
            marks.append(mark)
    return marks


@cache  # as long as the page is open
def _clock(path: str) -> list[float] | None:
    try:
        return burned_in_clock.find(Video(path))
    except (UnreadableVideo, OSError):
        return None


@cache
def _small(path: str) -> np.ndarray | None:
    try:
        return _first(path, _SMALL_LINES)
    except (UnreadableVideo, OSError):
        return None


def _first(path: str, lines: int) -> np.ndarray:
    """The first picture of a film, uint8 [height, width, 3], BGR, with at most this many lines."""
    frame = burst_file.first(path) if bursts.is_still(path) else next(Video(path).looks(1.0), None)
    if frame is None:
        raise UnreadableVideo("no picture of it can be decoded")
    return frame.shrunk(lines)


def _without(picture: np.ndarray, rectangles: Sequence[Sequence[float]]) -> np.ndarray:
    """The picture with its mean colour where the rectangles are: that makes the weakest edges."""
    lines, columns = picture.shape[:2]
    covered, mean = picture.copy(), picture.mean(axis=(0, 1))
    for left, top, width, height in rectangles:
        covered[round(lines * top) : round(lines * (top + height)) + 1, round(columns * left) : round(columns * (left + width)) + 1] = mean
    return covered
