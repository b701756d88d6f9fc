"""Chooses the few clips of a track that are kept: spread over time, and from each part the largest and sharpest."""

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

from .boxes import Box

# A clip must be better by this factor than the one that it replaces, because cutting costs time.
_BETTER = 1.25
# While a track goes on, nobody knows when it will end. So one clip is held of each part of it. At first a part lasts this many seconds; its
# length is doubled when there are more than this many parts for each clip that is wanted.
_PART, _PARTS = 0.25, 4
# Clips that are fewer seconds apart are near-copies: a track of this many seconds has one clip.
_APART = 2.0


@dataclass(frozen=True)
class CutClip:
    """A clip that is held.

    frame, seconds  when it was cut; box  where, in pixels of the frame
    quality         see `quality`
    jpeg            the clip itself
    """

    frame: int
    seconds: float
    box: Box
    quality: float
    jpeg: bytes


class TrackClips:
    """The clips of one track."""

    def __init__(self, wanted: int, first: float):
        """wanted  how many clips are kept at the end; first  when the track begins, in seconds"""
        self._wanted, self._first, self._part = wanted, first, _PART
        self._held: list[CutClip] = []
        self._best = 0.0
        self.still = b""

    def wants(self, seconds: float, quality: float) -> bool:
        """Whether a clip of this time and quality would be held. Times must not fall."""
        return self._is_in_new_part(seconds) or quality > _BETTER * self._held[-1].quality

    def hold(self, clip: CutClip, still: Callable[[], bytes]) -> None:
        """Hold a clip that is wanted; `still` gives its whole frame as a JPEG, which is kept for the best of all clips."""
        if clip.quality > self._best:
            self._best, self.still = clip.quality, still()
        if not self._is_in_new_part(clip.seconds):
            self._held.pop()
        self._held.append(clip)
        while len(self._held) > _PARTS * self._wanted:
            self._part *= 2
            self._held = self._best_of_parts(self._first, self._part)

    def kept(self) -> list[CutClip]:
        """The clips that are kept, in their order: the best of each part. The parts have equal lengths and are not too short."""
        first, last = self._held[0].seconds, self._held[-1].seconds
        parts = min(self._wanted, int((last - first) / _APART) + 1)
        # A little longer than the equal part, so that the last clip is in the last part.
        return self._best_of_parts(first, (last - first) / parts * (1 + 1e-9) + 1e-9)

    def _is_in_new_part(self, seconds: float) -> bool:
        return not self._held or self._number(seconds) > self._number(self._held[-1].seconds)

    def _number(self, seconds: float) -> int:
        return int((seconds - self._first) / self._part)

    def _best_of_parts(self, first: float, part: float) -> list[CutClip]:
        best: dict[int, CutClip] = {}
        for clip in self._held:
            number = int((clip.seconds - first) / part)
            if number not in best or clip.quality > best[number].quality:
                best[number] = clip
        return list(best.values())


def quality(picture: np.ndarray, box: Box) -> float:
    """How much a clip shows: its area times its sharpness, which is the spread of its Laplacian; half of that if the frame cuts it off.

    picture  uint8 [height, width, 3], shrunk; box  in its pixels
    """
    height, width = picture.shape[:2]
    grey = cv2.cvtColor(picture[box.y : box.y + box.h, box.x : box.x + box.w], cv2.COLOR_BGR2GRAY)
    is_cut = box.x <= 1 or box.y <= 1 or box.x + box.w >= width - 1 or box.y + box.h >= height - 1
    return float(box.w * box.h * cv2.Laplacian(grey, cv2.CV_32F).std() / (1 + is_cut))
