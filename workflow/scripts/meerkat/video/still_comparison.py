"""What is new in a still: it is compared with the other stills of its burst, and with stills of the same camera in the same light.

Two comparisons complement each other. The burst has the same light, shadows and weather, so that small and faint things show, if they move.
Neighbouring bursts also show what stands still, but their light differs, so that a difference must be larger. Both must be larger where
leaves sway. The numbers were chosen with benchmarks/stills.py on its half "tune".
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np

from .medians import upper_median
from .motion import MOST_CHANGED, MOST_CONTOURS, Changed, boxes_of, mask_of
from .regions import FilmMotion

# Lines of the pictures that are compared, as a multiple of those of films: there are only a few pictures in which a thing can be seen.
_LINES = 1.5
# Differences are counted in levels: so many are a factor of e. Of each picture the light is taken away that is even over this part of the
# height. Blacks below this grey level are all the same.
_LEVELS, _LIGHT, _BLACK = 80.0, 100 / 405, 6
# Noise is blurred by so many pixels, and light is looked for in pictures that are so many times smaller.
_BLUR, _SMALLER = 1.5, 6
# A difference from neighbouring bursts counts from so many levels on, and so many more for each level by which they differ there
# themselves; one from the other stills of the burst from so many on, and so many more for each level by which such bursts usually change.
_BESIDE, _FOR_SPREAD = 5.0, 3.75
_WITHIN, _FOR_SWAY = 2.5, 2.5
# Leaves reach so many pixels farther than they were seen, and edges are displaced by so many.
_REACH, _EDGE = 5, 3
# The ellipse that removes specks, in pixels; the least area of a contour as a share of the squared height.
_SPECK, _CONTOUR = 3, 18 / 405**2
# Colours that differ by fewer grey levels, on average, are those of infrared.
_GREY = 3.0
# Views are compared in so many columns and lines, without this part of the height above and below. On made stills, the correlation of two
# stills of one camera was 0.27 or more, that of two cameras 0.16 or less; on ENA24's, that of two views was 0.14 or less.
_VIEW, _WRITTEN, _SAME_VIEW = (64, 36), 0.1, 0.2


@dataclass(frozen=True, eq=False)
class Plane:
    """A still made small, uint8 [lines, width, 3], BGR."""

    picture: np.ndarray

    @cached_property
    def levels(self) -> np.ndarray:
        """The still without its light, uint8 [lines, width, 3], see `_LEVELS`."""
        lines, columns = self.picture.shape[:2]
        seen = np.minimum(cv2.GaussianBlur(self.picture, (0, 0), _BLUR).astype(np.float32) + _BLACK, 255)
        small = cv2.resize(seen, (max(1, columns // _SMALLER), max(1, lines // _SMALLER)), interpolation=cv2.INTER_AREA)
        # A median, because a mean would be drawn to a thing, which would then seem to have a halo.
        window = 2 * round(_LIGHT * lines / _SMALLER / 2) + 1
        light = cv2.resize(cv2.medianBlur(np.round(small).astype(np.uint8), window), (columns, lines)).astype(np.float32)
        return np.clip(128 + _LEVELS * np.log(seen / light), 0, 255).astype(np.uint8)

    @cached_property
    def is_infrared(self) -> bool:
        """Whether it has no colours."""
        blue, _, red = cv2.split(self.picture)
        return bool(cv2.absdiff(blue, red).mean() < _GREY)

    @cached_property
    def _view(self) -> np.ndarray:
        """Where it is bright and dark, without the edges, where cameras write; float32, of length 1, or 0 if it shows nothing."""
        edge = round(_WRITTEN * len(self.levels))
        small = cv2.resize(
            cv2.cvtColor(self.levels, cv2.COLOR_BGR2GRAY)[edge : len(self.levels) - edge], _VIEW, interpolation=cv2.INTER_AREA
        )
        view = small.astype(np.float32).ravel() - small.mean()
        return view / max(1.0, float(np.linalg.norm(view)))

    def is_like(self, other: "Plane") -> bool:
        """Whether two stills can be compared: they have the same size, the same kind of light and the same view."""
        is_alike = self.picture.shape == other.picture.shape and self.is_infrared == other.is_infrared
        return is_alike and float(self._view @ other._view) > _SAME_VIEW


def lines_of(settings: FilmMotion) -> int:
    """The height of the pictures that are compared."""
    return round(_LINES * settings.lines)


class Comparison:
    """Compares the stills of a burst.

    burst   all that are alike (see `Plane.is_like`)
    beside  pairs of the first and the last still of neighbouring bursts that are like them
    """

    def __init__(self, burst: Sequence[Plane], beside: Sequence[tuple[Plane, Plane]], settings: FilmMotion):
        self._burst, self._settings = burst, settings
        self._lines, self._columns = burst[0].picture.shape[:2]
        self._ellipse = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (_SPECK, _SPECK))
        self._beside = beside

    def changed(self, still: Plane) -> Changed | None:
        """What is new in one of the stills; None if it cannot be said: there is nothing to compare it with, or nearly everything is new, or
        nothing moves and no other burst shows whether something stands still."""
        others = [other for other in self._burst if other is not still]
        if not others and not self._beside:
            return None
        is_new = np.zeros((self._lines, self._columns), bool)
        if self._beside:
            low, high, needed = self._usual
            is_new |= (np.maximum(cv2.subtract(still.levels, high), cv2.subtract(low, still.levels)) > needed).any(axis=2)
        if others:
            change = np.minimum.reduce([cv2.absdiff(still.levels, other.levels) for other in others])
            is_new |= (change > _WITHIN + _FOR_SWAY * self._sway).any(axis=2)
        mask = mask_of(self._settings, is_new.shape) * is_new
        if cv2.countNonZero(mask) > MOST_CHANGED * mask.size:
            return None
        area = self._lines * self._columns
        merge, size = self._settings.merge * self._lines, self._settings.size * area
        found = boxes_of(mask, self._ellipse, _CONTOUR * self._lines**2, MOST_CONTOURS, merge, size)
        return found if found.boxes or self._beside else None

    @cached_property
    def _usual(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The lowest and the highest usual level around each pixel, and the difference from them that counts, of all these stills."""
        levels = [still.levels for still in [*(one for pair in self._beside for one in pair), *self._burst]]
        usual = upper_median(levels)
        spread = upper_median([cv2.absdiff(one, usual) for one in levels])
        edge = np.ones((_EDGE, _EDGE), np.uint8)
        return cv2.erode(usual, edge), cv2.dilate(usual, edge), _BESIDE + _FOR_SPREAD * _around(spread)

    @cached_property
    def _sway(self) -> np.ndarray:
        """By how much a pixel usually changes within a burst, float32."""
        if not self._beside:
            return np.zeros((self._lines, self._columns, 3), np.float32)
        return _around(upper_median([cv2.absdiff(first.levels, last.levels) for first, last in self._beside]))


def _around(levels: np.ndarray) -> np.ndarray:
    return cv2.dilate(levels, np.ones((_REACH, _REACH), np.uint8)).astype(np.float32)
