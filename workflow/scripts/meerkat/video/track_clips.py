"""Chooses the few clips of a track that are kept: spread over time, and from each part the largest and sharpest."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import cv2
import numpy as np

from .boxes import Box
from .videos import Frame

# A clip must be better by this factor than the one that it replaces, because cutting costs time.
_BETTER = 1.25
# While a track goes on, nobody knows when it will end. So one clip is held of each part of it. At first a part lasts this many seconds; its
# length is doubled when there are more than this many parts for each clip that is wanted.
_PART, _PARTS = 0.25, 4
# Clips that are fewer seconds apart are near-copies: a track of this many seconds has one clip.
_APART = 2.0


@dataclass(frozen=True)
class Cut:
    """When and where a clip was cut.

    frame, seconds  the frame; box  in its pixels
    quality         see `quality`
    """

    frame: int
    seconds: float
    box: Box
    quality: float


@dataclass(frozen=True, eq=False)
class CutClip(Cut):
    """A clip that is held: a picture, uint8 [height, width, 3], BGR. Most are replaced by better ones, so it is encoded later."""

    picture: np.ndarray


_AnyCut = TypeVar("_AnyCut", bound=Cut)


class TrackClips:
    """The clips of one track; those that are held so far are `held`."""

    def __init__(self, wanted: int, first: float):
        """wanted  how many clips are kept at the end; first  when the track begins, in seconds"""
        self._wanted, self._first, self._part = wanted, first, _PART
        self.held: list[CutClip] = []
        self._best = 0.0
        self.best_frame: Frame | None = None

    def wants(self, seconds: float, quality: float) -> bool:
        """Whether a clip of this time and quality would be held. Times must not fall."""
        return self._is_in_new_part(seconds) or quality > _BETTER * self.held[-1].quality

    def hold(self, clip: CutClip, frame: Frame) -> None:
        """Hold a clip that is wanted, and its frame if it is the best of all clips (`best_frame`)."""
        if self.best_frame is None or clip.quality > self._best:  # the quality of a black picture is 0
            self._best, self.best_frame = clip.quality, frame
        if not self._is_in_new_part(clip.seconds):
            self.held.pop()
        self.held.append(clip)
        while len(self.held) > _PARTS * self._wanted:
            self._part *= 2
            self.held = _best_of_parts(self.held, self._first, self._part)

    def kept(self) -> list[CutClip]:
        """The clips that are kept of a track that has ended."""
        return choose(self.held, self._wanted)

    def _is_in_new_part(self, seconds: float) -> bool:
        return not self.held or self._number(seconds) > self._number(self.held[-1].seconds)

    def _number(self, seconds: float) -> int:
        return int((seconds - self._first) / self._part)


def choose(clips: Sequence[_AnyCut], wanted: int) -> list[_AnyCut]:
    """The clips of a track that are kept, in their order: the best of each part. The parts have equal lengths and are not too short."""
    first, last = clips[0].seconds, clips[-1].seconds
    parts = min(wanted, int((last - first) / _APART) + 1)
    # A little longer than the equal part, so that the last clip is in the last part.
    return _best_of_parts(clips, first, (last - first) / parts * (1 + 1e-9) + 1e-9)


def _best_of_parts(clips: Sequence[_AnyCut], first: float, part: float) -> list[_AnyCut]:
    best: dict[int, _AnyCut] = {}
    for clip in clips:
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
