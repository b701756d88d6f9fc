"""Tracks: the boxes of one thing that moves, linked from frame to frame.

A thing is expected where it was, moved on at its last speed. Boxes are assigned to things so that the sum of the distances is least (the
assignment of Kuhn, 1955; SORT of Bewley et al., 2016, does the same with a Kalman filter and overlaps). Boxes need not overlap: those of a
small fast animal do not, from one look to the next. We use no library for tracking: they need detections with a score and a class, and are
larger than these lines.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import linear_sum_assignment

from .boxes import Box, gap

# A track ends after this many seconds without a box: an animal may pass behind a trunk, or stop for a moment. But it lasts for at least a
# few more looks, however far apart they are.
_LOST, _LOOKS = 1.0, 2.5
# The expected and the seen box belong to one thing if the gap between them is no more than this, in heights of the frame.
_REACH = 0.1
# A track with fewer seconds of boxes is a flicker of leaves. The more contours there are at the same time, the longer it must be.
_FLICKER, _FOR_EACH_CONTOUR = 0.32, 0.016
_NEVER = 1e6
# Who has found a track: the search for motion, a detector, or both.
MOTION, BOXES, BOTH = "motion", "boxes", "both"


@dataclass
class Track:
    """A thing that moves.

    number   in the order of the first boxes
    began, first  seconds of its first box, and that box
    last, box     seconds of its last box, and that box
    boxes    how many boxes it had
    contours  how many there were in the pictures of its boxes, summed
    speed    of the box's centre, pixels a second, to the right and downwards
    moved, detected  how many of the boxes the search for motion has found, and how many a detector
    kind, confidence  the category of the box of which the detector is most sure, and how sure it is
    """

    number: int
    began: float
    first: Box
    last: float
    box: Box
    boxes: int
    contours: int
    speed: tuple[float, float] = (0.0, 0.0)
    moved: int = 0
    detected: int = 0
    kind: str = ""
    confidence: float = 0.0

    @property
    def found_by(self) -> str:
        """Who has found it: MOTION, BOXES or BOTH."""
        return MOTION if not self.detected else BOTH if self.moved else BOXES

    def expected(self, seconds: float) -> Box:
        """The box moved on to this time."""
        dx, dy = (speed * (seconds - self.last) for speed in self.speed)
        return Box(round(self.box.x + dx), round(self.box.y + dy), self.box.w, self.box.h)

    def see(self, seconds: float, box: Box, contours: int) -> None:
        """Continue the track with this box, seen in a picture with so many contours."""
        pairs = zip(self.box.centre, box.centre, self.speed, strict=True)
        speed = [((now - before) / (seconds - self.last), mean) for before, now, mean in pairs]
        # The second box gives the first speed. After that the speed is a mean that forgets older ones, because boxes jitter.
        self.speed = tuple(now if self.boxes == 1 else (mean + now) / 2 for now, mean in speed)
        self.last, self.box, self.boxes, self.contours = seconds, box, self.boxes + 1, self.contours + contours

    def joined(self, later: "Track") -> "Track":
        """This track and the one that continues it, as one."""
        surest = max(self, later, key=lambda track: track.confidence)
        return replace(
            later,
            number=self.number,
            began=self.began,
            first=self.first,
            **{name: getattr(self, name) + getattr(later, name) for name in ("boxes", "contours", "moved", "detected")},
            kind=surest.kind,
            confidence=surest.confidence,
        )


class Tracker:
    """Links the boxes of one video. `going` are the tracks that have not ended."""

    def __init__(self, height: int, interval: float, reach: float = _REACH, step: float = 0.0):
        """height  of the frame, in pixels; interval  usual seconds from one look to the next

        reach  the gap between the expected and the seen box of one thing, at most, in heights of the frame
        step   usual seconds from one frame with boxes of a detector to the next, 0 if there are none
        """
        self._height, self._interval, self._reach, self._step, self._tracks = height, interval, reach, step, 0
        self.going: list[Track] = []

    @property
    def lost(self) -> float:
        """A track ends after this many seconds without a box."""
        return max(_LOST, _LOOKS * self._interval, _LOOKS * self._step)

    def link(self, seconds: float, boxes: list[Box], contours: int) -> list[Track]:
        """The track of each box that is seen at this time, in a picture with so many contours; times must rise."""
        found = {place: self.going[which] for which, place in self.assign(self.going, [(seconds, box) for box in boxes])}
        for place, box in enumerate(boxes):
            if place in found:
                found[place].see(seconds, box, contours)
            else:
                found[place] = Track(self._tracks, seconds, box, seconds, box, 1, contours)
                self.going.append(found[place])
                self._tracks += 1
        return [found[place] for place in range(len(boxes))]

    def assign(self, tracks: Sequence[Track], seen: Sequence[tuple[float, Box]]) -> list[tuple[int, int]]:
        """The pairs of a track, by its place, and the box that continues it; each box comes with the seconds when it was seen."""
        if not tracks or not seen:
            return []
        costs = np.array([[self._cost(track, seconds, box) for seconds, box in seen] for track in tracks])
        pairs = zip(*map(np.ndarray.tolist, linear_sum_assignment(costs)), strict=True)
        return [(which, place) for which, place in pairs if costs[which, place] < _NEVER]

    def ended(self, seconds: float) -> list[Track]:
        """The tracks that were last seen too long before this time; each is given once."""
        over = [track for track in self.going if seconds - track.last > self.lost]
        self.going = [track for track in self.going if seconds - track.last <= self.lost]
        return over

    def is_flicker(self, track: Track) -> bool:
        """Whether a track that has ended is so short that it is only leaves in the wind. What a detector has found is none."""
        if track.detected:
            return False
        least = _FLICKER + _FOR_EACH_CONTOUR * track.contours / track.boxes
        return track.boxes * self._interval < least

    def _cost(self, track: Track, seconds: float, box: Box) -> float:
        expected = track.expected(seconds)
        apart = gap(expected, box) / self._height
        if apart > self._reach or seconds - track.last > self.lost:
            return _NEVER
        centres = math.dist(expected.centre, box.centre) / self._height
        return apart + centres / 4 + abs(math.log(box.w * box.h / (track.box.w * track.box.h))) / 20
