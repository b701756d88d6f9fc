"""Motion detection: which boxes of a frame have changed."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import cv2
import numpy as np

from ..settings.videos import Motion
from .contours import regions

_QUALITY = 95
# A rectangle as fractions of the frame: left, top, width, height.
Rectangle = Sequence[float]


class Box(NamedTuple):
    """A box in pixels of the whole frame: its upper left corner, width and height."""

    x: int
    y: int
    w: int
    h: int


class MotionDetector:
    """Sees the frames of one video in their order and tells what moves in each."""

    def __init__(self, settings: Motion):
        self._settings = settings
        self._shape: tuple[int, ...] = ()
        diameter = 2 * round((settings.kernel_size * settings.scale - 1) / 2) + 1  # odd, for an even one would shift what it opens
        self._ellipse = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (diameter, diameter))

    def boxes(self, frame: np.ndarray) -> list[Box]:
        """The boxes that moved in the frame, uint8 [height, width, 3], from top to bottom.

        The first frame only sets the background and gives no boxes; so does the first frame after the size has changed.
        """
        is_first = frame.shape != self._shape
        if is_first:
            self._start(frame.shape)
        left, top, right, bottom = self._window
        looked_at = frame[top:bottom, left:right]
        if self._settings.scale != 1:
            looked_at = cv2.resize(looked_at, None, fx=self._settings.scale, fy=self._settings.scale, interpolation=cv2.INTER_AREA)
        changed = self._subtractor.apply(looked_at, learningRate=1.0 if is_first else self._settings.learning_rate)
        if is_first:
            return []
        for rows, columns in self._ignored:
            changed[rows, columns] = 0
        contours = regions(changed, self._ellipse)
        least = self._settings.contour * self._settings.scale**2
        found = [self._in_frame(cv2.boundingRect(contour)) for contour in contours if cv2.contourArea(contour) > least]
        height, width = frame.shape[:2]
        kept = [box for box in merge(found, self._settings.merge) if box.w * box.h >= self._settings.size * width * height]
        return sorted(kept, key=lambda box: (box.y, box.x))

    def _start(self, shape: tuple[int, ...]) -> None:
        self._shape = shape
        self._subtractor = cv2.createBackgroundSubtractorMOG2(varThreshold=self._settings.variance_threshold, detectShadows=False)
        self._subtractor.setBackgroundRatio(self._settings.background_ratio)
        self._window = _pixels(self._settings.roi or (0, 0, 1, 1), shape)
        left, top = self._window[:2]
        scale = self._settings.scale
        self._ignored = []
        for rectangle in self._settings.ignore:
            x0, y0, x1, y1 = _pixels(rectangle, shape)
            rows = slice(max(0, math.floor((y0 - top) * scale)), max(0, math.ceil((y1 - top) * scale)))
            columns = slice(max(0, math.floor((x0 - left) * scale)), max(0, math.ceil((x1 - left) * scale)))
            self._ignored.append((rows, columns))

    def _in_frame(self, rectangle: Sequence[int]) -> Box:
        """A rectangle of the shrunken window as a box of the frame."""
        left, top, right, bottom = self._window
        x, y, w, h = (value / self._settings.scale for value in rectangle)
        x0, y0 = left + math.floor(x), top + math.floor(y)
        return Box(x0, y0, min(right, left + math.ceil(x + w)) - x0, min(bottom, top + math.ceil(y + h)) - y0)


def merge(boxes: Sequence[Box], distance: float) -> list[Box]:
    """The boxes with those that are nearer to each other than `distance` (gap between their edges) made one, until none are."""
    boxes = list(boxes)
    merged: list[Box] = []
    while boxes:
        box = boxes.pop()
        near = [other for other in (*boxes, *merged) if gap(box, other) < distance]
        if not near:
            merged.append(box)
            continue
        boxes = [other for other in boxes if other not in near]
        merged = [other for other in merged if other not in near]
        boxes.append(_around([box, *near]))
    return merged


def gap(one: Box, other: Box) -> float:
    """The distance between the edges of two boxes, 0 where they touch or overlap."""
    dx = max(one.x - (other.x + other.w), other.x - (one.x + one.w), 0)
    dy = max(one.y - (other.y + other.h), other.y - (one.y + one.h), 0)
    return math.hypot(dx, dy)


def clip(frame: np.ndarray, box: Box, margin: float) -> bytes:
    """The crop (see `crop`) as a JPEG: what is trained on and, to the byte, what is predicted on."""
    return cv2.imencode(".jpg", crop(frame, box, margin), [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])[1].tobytes()


def crop(frame: np.ndarray, box: Box, margin: float) -> np.ndarray:
    """The part of the frame in the box and a margin around it, in the frame's own size, not beyond the frame.

    margin  share of the box's width and height that is added on each side
    """
    height, width = frame.shape[:2]
    dx, dy = round(box.w * margin), round(box.h * margin)
    return frame[max(0, box.y - dy) : min(height, box.y + box.h + dy), max(0, box.x - dx) : min(width, box.x + box.w + dx)]


def _around(boxes: Sequence[Box]) -> Box:
    x, y = min(box.x for box in boxes), min(box.y for box in boxes)
    return Box(x, y, max(box.x + box.w for box in boxes) - x, max(box.y + box.h for box in boxes) - y)


def _pixels(rectangle: Rectangle, shape: tuple[int, ...]) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of a rectangle in pixels of a frame of this shape; at least one pixel."""
    x, y, w, h = rectangle
    height, width = shape[:2]
    left, top = min(round(x * width), width - 1), min(round(y * height), height - 1)
    return left, top, max(left + 1, min(width, round((x + w) * width))), max(top + 1, min(height, round((y + h) * height)))
