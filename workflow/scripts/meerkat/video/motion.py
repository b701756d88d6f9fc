"""Motion detection: which boxes of a frame have changed."""

import math
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import cv2
import numpy as np

from ..settings.videos import Motion
from .boxes import Box, merge
from .medians import upper_median
from .regions import FilmMotion
from .videos import Frame

# A rectangle as fractions of the frame: left, top, width, height.
Rectangle = Sequence[float]
# Something that has stood still as long as the background remembers makes up a fifth of what was seen there lately. Then it is background.
_RATIO = 0.8
# At least this many pictures are remembered, however far apart they are.
_PICTURES = 10
# Diameter of the ellipse that removes specks, as a share of the height; and the least area of a contour after that, as a share of the
# squared height.
_SPECK, _CONTOUR = 3 / 270, 12 / 270**2
# If wind moves everything, animals are among the largest contours.
MOST_CONTOURS = 10
# So much changes with a cloud, another exposure, or the switch to infrared.
MOST_CHANGED = 0.5


@dataclass(frozen=True)
class Constants:
    """The constants of the detection for one size of the frame; pixels are those of the picture that is looked at.

    lines      height of that picture
    rate       share by which the background follows a picture; a function of the seconds since the one before
    ratio      share that the usual colours of a place make up of what was seen there lately; the other colours are not background
    variance   a pixel has changed if its squared distance from the background, in variances, is larger
    diameter   of the ellipse that removes specks, in pixels, odd
    least_contour  area that a contour must exceed, in pixels
    most_contours  how many contours are looked at, the largest ones
    merge      boxes with a smaller gap become one, in pixels
    size       share of the frame that a box must have
    most       with this share of changed pixels, the background starts again
    memory     after this many seconds without a picture, it starts again
    """

    lines: int
    rate: Callable[[float], float]
    ratio: float
    variance: float
    diameter: int
    least_contour: float
    most_contours: int
    merge: float
    size: float
    most: float
    memory: float


def constants_for(settings: Motion, height: int, interval: float) -> Constants:
    """The constants for frames of this height, in pixels, if one is looked at every `interval` seconds."""
    if settings.constants == "deepmeerkat2":
        return Constants(
            lines=height,
            rate=lambda seconds: 0.1,
            ratio=0.95,
            variance=20.0,
            diameter=9,
            least_contour=50.0,
            most_contours=sys.maxsize,
            merge=75.0,
            size=0.01,
            most=1.0,
            memory=math.inf,
        )
    lines, remembered = min(settings.lines, height), memory(settings, interval)
    return Constants(
        lines=lines,
        rate=lambda seconds: 1 - _RATIO ** (seconds / remembered),
        ratio=_RATIO,
        variance=settings.variance_threshold,
        diameter=2 * round((_SPECK * lines - 1) / 2) + 1,  # An even diameter would shift the result.
        least_contour=_CONTOUR * lines**2,
        most_contours=MOST_CONTOURS,
        merge=settings.merge * lines,
        size=settings.size,
        most=MOST_CHANGED,
        memory=remembered,
    )


def memory(settings: Motion, interval: float) -> float:
    """For how many seconds the background remembers something that stands still, if a frame is looked at every `interval` seconds."""
    return _PICTURES * interval if settings.constants == "deepmeerkat2" else max(settings.memory, _PICTURES * interval)


def looks_a_second(settings: Motion) -> float:
    """How many frames a second are looked at, at most."""
    return math.inf if settings.constants == "deepmeerkat2" else settings.looks


class Changed(NamedTuple):
    """What has changed in a picture: the boxes from top to bottom, how many contours there were, and whether something was ignored only
    because it was too small."""

    boxes: list[Box]
    contours: int
    too_small: bool


NOTHING = Changed([], 0, False)


def boxes_of(mask: np.ndarray, ellipse: np.ndarray, contour: float, most: int, distance: float, least: float) -> Changed:
    """The boxes of what has changed.

    mask      uint8 [height, width], not 0 where the picture has changed
    ellipse   removes specks
    contour   the area that a contour must exceed, in pixels
    most      how many contours are looked at, the largest ones
    distance  boxes that are closer become one, in pixels
    least     the area that a box must have, in pixels
    """
    opened = cv2.morphologyEx(mask, cv2.MORPH_OPEN, ellipse)
    outlines = cv2.findContours(opened, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)[0]
    contours = [outline for outline in outlines if cv2.contourArea(outline) > contour]
    found = sorted(map(cv2.boundingRect, contours), key=lambda box: -box[2] * box[3])[:most]
    boxes = merge([Box(*box) for box in found], distance)
    kept = [box for box in boxes if box.w * box.h >= least]
    return Changed(sorted(kept, key=lambda box: (box.y, box.x)), len(contours), len(kept) < len(boxes))


def in_frame(box: Box, looked_at: tuple[int, int], frame: tuple[int, int]) -> Box:
    """A box of a picture that is looked at, converted to pixels of the frame; height and width of both are given."""
    (lines, columns), (height, width) = looked_at, frame
    x0, y0 = math.floor(box.x * width / columns), math.floor(box.y * height / lines)
    x1, y1 = math.ceil((box.x + box.w) * width / columns), math.ceil((box.y + box.h) * height / lines)
    return Box(x0, y0, min(width, x1) - x0, min(height, y1) - y0)


class MotionDetector:
    """Takes the frames of one video in their order and finds what moves in each.

    looked_at  the last picture that was looked at, uint8 [lines, width, 3]
    """

    def __init__(self, settings: FilmMotion, interval: float):
        """interval  usual seconds from one frame to the next"""
        self._settings, self._interval = settings, interval
        self._size: tuple[int, int] = (0, 0)
        self._seconds = 0.0
        self.looked_at: np.ndarray | None = None

    def begin(self, frames: Sequence[Frame]) -> None:
        """Take what most of the first frames show for the background, instead of the first one: triggered cameras begin with the animal in
        the picture. DeepMeerkat 2 began with the first one."""
        if self._settings.boxes_alone or self._settings.constants == "deepmeerkat2":
            return
        self._start(frames[0].size)
        pictures = [frame.shrunk(self._constants.lines) for frame in frames if frame.size == self._size]
        left, top, right, bottom = self._window
        # Of an odd number: the upper median of an even one would be too bright where leaves sway.
        windows = [picture[top:bottom, left:right] for picture in pictures[: len(pictures) - 1 + len(pictures) % 2]]
        self._begin_background(upper_median(windows))
        self._seconds = frames[0].seconds

    def changed(self, frame: Frame) -> Changed:
        """What moved in the frame, in pixels of the picture that is looked at.

        Without `begin`, the first frame only sets the background and gives no boxes. The same is true of the first frame after a change of
        size, of the first one after a gap longer than the background remembers, and of a frame that has changed nearly everywhere.
        """
        if frame.size != self._size:
            self._start(frame.size)
        picture = self.looked_at = frame.shrunk(self._constants.lines)
        left, top, right, bottom = self._window
        window = picture[top:bottom, left:right]
        if self._settings.boxes_alone:
            return NOTHING
        seconds = frame.seconds - self._seconds
        self._seconds = frame.seconds
        if self._subtractor is None or seconds > self._constants.memory:
            return self._begin_background(window)
        changed = self._subtractor.apply(window, learningRate=self._constants.rate(seconds))
        changed &= self._mask
        if cv2.countNonZero(changed) > self._constants.most * changed.size:
            return self._begin_background(window)
        least = self._constants.size * picture.shape[0] * picture.shape[1]
        found = boxes_of(changed, self._ellipse, self._constants.least_contour, self._constants.most_contours, self._constants.merge, least)
        return found._replace(boxes=[box._replace(x=box.x + left, y=box.y + top) for box in found.boxes])

    def in_frame(self, box: Box) -> Box:
        """A box of the picture that is looked at, converted to pixels of the frame."""
        return in_frame(box, self.looked_at.shape[:2], self._size)

    def _start(self, size: tuple[int, int]) -> None:
        self._size, self._subtractor = size, None
        self._constants = constants = constants_for(self._settings, size[0], self._interval)
        self._ellipse = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (constants.diameter, constants.diameter))
        shape = (constants.lines, max(1, round(size[1] * constants.lines / size[0])))
        self._window = left, top, right, bottom = pixels(self._settings.roi or (0, 0, 1, 1), shape)
        self._mask = mask_of(self._settings, shape)[top:bottom, left:right]

    def _begin_background(self, window: np.ndarray) -> Changed:
        self._subtractor = cv2.createBackgroundSubtractorMOG2(varThreshold=self._constants.variance, detectShadows=False)
        self._subtractor.setBackgroundRatio(self._constants.ratio)
        self._subtractor.apply(window, learningRate=1.0)
        return NOTHING


def pixels(rectangle: Rectangle, shape: tuple[int, int]) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of a rectangle in pixels of a picture of this shape: all pixels that it touches, at least one."""
    x, y, w, h = rectangle
    height, width = shape
    left, top = min(math.floor(x * width), width - 1), min(math.floor(y * height), height - 1)
    return left, top, max(left + 1, min(width, math.ceil((x + w) * width))), max(top + 1, min(height, math.ceil((y + h) * height)))


def mask_of(settings: FilmMotion, shape: tuple[int, int]) -> np.ndarray:
    """Which pixels of a picture of this shape are looked at: a mask, uint8 [height, width], 255 there and 0 elsewhere."""
    mask = np.zeros(shape, np.uint8)
    for value, rectangles in ((255, [settings.roi or (0, 0, 1, 1)]), (0, settings.ignore)):
        for rectangle in rectangles:
            left, top, right, bottom = pixels(rectangle, shape)
            mask[top:bottom, left:right] = value
    return mask
