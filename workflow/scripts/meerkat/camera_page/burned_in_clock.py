"""Finds the clock that a camera writes into its pictures: where something small changes once a second, and stands still between."""

from collections.abc import Sequence

import cv2
import numpy as np

from ..video.medians import upper_median
from ..video.videos import Video

# The frames that are compared: this many a second, of this many seconds, shrunk to this many lines.
_RATE, _SECONDS, _LINES = 6.0, 12.0, 540
# Fewer ticks show nothing.
_LEAST_TICKS = 3
# A pixel changed if its brightness, of 255, changed by more: figures are black on white, or the other way round. Compression changes less.
_CHANGE = 48
# Figures are looked for in squares of this many pixels, in which this many pixels must change.
_CELL, _LEAST_PIXELS = 6, 2
# A cell of the last figure changes at nearly every tick, and hardly ever between.
_LEAST_ON, _MOST_OFF = 0.75, 0.12
# Figures are no larger than this share of the picture's width and height.
_LARGEST = 0.12
# The times within a second at which the clock may tick.
_PHASES = np.arange(0, 1, 1 / 12)
# Letters belong to the clock as long as the gap between them is at most this many heights of a figure.
_GAP = 2.2


def find(film: Video) -> list[float] | None:
    """The rectangle of the clock: left, top, width and height as shares of the frame; None if none was found. Reads the film's begin.

    Raises what reading a film raises."""
    frames = [(frame.seconds, cv2.cvtColor(frame.shrunk(_LINES), cv2.COLOR_BGR2GRAY)) for frame in film.looks(_RATE, 0.0, _SECONDS)]
    return find_in([seconds for seconds, _ in frames], [picture for _, picture in frames])


def find_in(seconds: Sequence[float], pictures: Sequence[np.ndarray]) -> list[float] | None:
    """The same in pictures.

    seconds   when each was taken; pictures  uint8 [height, width], all of one size
    """
    if len(pictures) < 2 or seconds[-1] - seconds[0] < _LEAST_TICKS:
        return None
    changes = np.stack([_cells(cv2.absdiff(one, other) > _CHANGE) for one, other in zip(pictures[1:], pictures[:-1], strict=True)])
    before, after = np.array(seconds[:-1]), np.array(seconds[1:])
    best = max((_best(changes, np.floor(after - phase) > np.floor(before - phase)) for phase in _PHASES), key=lambda found: found[0])
    if best[1] is None:
        return None
    return _whole(upper_median(pictures), best[1])


def _cells(changed: np.ndarray) -> np.ndarray:
    """Which cells changed, bool [rows, columns], from the pixels that changed."""
    rows, columns = (size // _CELL for size in changed.shape)
    cells = changed[: rows * _CELL, : columns * _CELL].reshape(rows, _CELL, columns, _CELL)
    return cells.sum(axis=(1, 3)) >= _LEAST_PIXELS


def _best(changes: np.ndarray, ticks: np.ndarray) -> tuple[float, tuple[int, int, int, int] | None]:
    """How well some place follows the ticks, and that place in pixels: left, top, right, bottom.

    changes  bool [steps, rows, columns]; ticks  bool [steps]: in which steps the clock would tick
    """
    if ticks.sum() < _LEAST_TICKS:
        return 0.0, None
    on = changes[ticks].mean(axis=0)
    off = changes[~ticks].mean(axis=0) if not ticks.all() else np.zeros_like(on)
    follows = (on >= _LEAST_ON) & (off <= _MOST_OFF)
    # A place that changes once a second among others that change too is not small: leaves, water.
    number, labels, boxes, _ = cv2.connectedComponentsWithStats((changes.mean(axis=0) > _MOST_OFF / 2).astype(np.uint8), connectivity=8)
    rows, columns = follows.shape
    found = (0.0, None)
    for place in range(1, number):
        here = labels == place
        left, top, width, height, _ = map(int, boxes[place])
        if not (follows & here).any() or height > max(3, _LARGEST * rows) or width > max(6, 3 * _LARGEST * columns):
            continue
        value = float((on - off)[follows & here].mean())
        if value > found[0]:
            found = value, (left * _CELL, top * _CELL, (left + width) * _CELL, (top + height) * _CELL)
    return found


def _whole(picture: np.ndarray, figure: tuple[int, int, int, int]) -> list[float]:
    """The whole line of letters around its last figure, as shares of the picture.

    picture  uint8 [height, width]
    """
    left, top, right, bottom = figure
    height, width = picture.shape
    tall = bottom - top
    rows = picture[max(0, top) : bottom].astype(np.int16)
    edges = (np.abs(np.diff(rows, axis=1)) > _CHANGE).any(axis=0)
    gap = round(_GAP * tall)
    while (near := np.flatnonzero(edges[max(0, left - gap) : left])).size:
        left = max(0, left - gap) + int(near[0])
    while (near := np.flatnonzero(edges[right : right + gap])).size:
        right += int(near[-1]) + 1
    border = tall / 3
    left, top, right, bottom = max(0, left - border), max(0, top - border), min(width, right + border), min(height, bottom + border)
    return [round(float(value), 3) for value in (left / width, top / height, (right - left) / width, (bottom - top) / height)]
