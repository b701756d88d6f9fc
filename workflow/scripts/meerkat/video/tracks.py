"""Tracks: the boxes of one thing that moves, linked from frame to frame.

A thing is expected where it was, moved on at its last speed. Boxes are assigned to things so that the sum of the distances is least (the
assignment of Kuhn, 1955; SORT of Bewley et al., 2016, does the same with a Kalman filter and overlaps). Boxes need not overlap: those of a
small fast animal do not, from one look to the next. We use no library for tracking: they need detections with a score and a class, and are
larger than these lines.
"""

import math
from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import linear_sum_assignment

from .boxes import Box, gap

# A track ends after this many seconds without a box: an animal may pass behind a trunk, or stop for a moment. But it lasts for at least a
# few more looks, however far apart they are.
_LOST, _LOOKS = 1.0, 2.5
# The expected and the seen box belong to one thing if the gap between them is no more than this, in heights of the frame.
_REACH = 0.1
# A track with fewer seconds of boxes is a flicker of leaves. The more regions move at the same time, the longer it must be.
_FLICKER, _FOR_EACH_REGION = 0.32, 0.016
_NEVER = 1e6


@dataclass
class Track:
    """A thing that moves.

    number   in the order of the first boxes
    boxes    how many boxes it had
    last     seconds of its last box
    box      its last box
    regions  how many regions moved at the same time, summed over the boxes
    speed    of the box's centre, pixels a second
    """

    number: int
    last: float
    box: Box
    regions: int
    boxes: int = 1
    speed: np.ndarray = field(default_factory=lambda: np.zeros(2))

    def expected(self, seconds: float) -> Box:
        """The box moved on to this time."""
        dx, dy = self.speed * (seconds - self.last)
        return Box(round(self.box.x + dx), round(self.box.y + dy), self.box.w, self.box.h)

    def see(self, seconds: float, box: Box, regions: int) -> None:
        """Continue the track with this box, seen while `regions` regions move."""
        speed = np.subtract(box.centre, self.box.centre) / (seconds - self.last)
        # The second box gives the first speed. After that the speed is a mean that forgets older ones, because boxes jitter.
        self.speed = speed if self.boxes == 1 else (self.speed + speed) / 2
        self.last, self.box, self.boxes, self.regions = seconds, box, self.boxes + 1, self.regions + regions


class Tracker:
    """Links the boxes of one video. `going` are the tracks that have not ended; `tracks` is the number of the next track."""

    def __init__(self, height: int, interval: float, first: int = 0):
        """height  of the frame, in pixels; interval  usual seconds from one look to the next; first  number of the first track"""
        self._height, self.tracks = height, first
        self._lost, self._interval = max(_LOST, _LOOKS * interval), interval
        self.going: list[Track] = []

    def link(self, seconds: float, boxes: list[Box], regions: int) -> list[Track]:
        """The track of each box that is seen at this time, while `regions` regions move; times must rise."""
        found: dict[int, Track] = {}
        if self.going and boxes:
            costs = np.array([[self._cost(track, track.expected(seconds), box) for box in boxes] for track in self.going])
            for which, place in zip(*linear_sum_assignment(costs), strict=True):
                if costs[which, place] < _NEVER:
                    found[int(place)] = self.going[which]
        for place, box in enumerate(boxes):
            if place in found:
                found[place].see(seconds, box, regions)
            else:
                found[place] = Track(self.tracks, seconds, box, regions)
                self.going.append(found[place])
                self.tracks += 1
        return [found[place] for place in range(len(boxes))]

    def ended(self, seconds: float) -> list[Track]:
        """The tracks that were last seen too long before this time; each is given once."""
        over = [track for track in self.going if seconds - track.last > self._lost]
        self.going = [track for track in self.going if seconds - track.last <= self._lost]
        return over

    def is_flicker(self, track: Track) -> bool:
        """Whether a track that has ended is so short that it is only leaves in the wind."""
        least = _FLICKER + _FOR_EACH_REGION * track.regions / track.boxes
        return track.boxes * self._interval < least

    def _cost(self, track: Track, expected: Box, box: Box) -> float:
        apart = gap(expected, box) / self._height
        if apart > _REACH:
            return _NEVER
        centres = math.dist(expected.centre, box.centre) / self._height
        return apart + centres / 4 + abs(math.log(box.w * box.h / (track.box.w * track.box.h))) / 20
