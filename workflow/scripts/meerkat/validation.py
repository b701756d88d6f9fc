"""Which of the Training clips are held out: to decide when to stop, or in turn."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath

import numpy as np

from .clips import video_of
from .labels import LABELS
from .sampling import hold_out_videos


@dataclass(frozen=True)
class Parts:
    """Which Training clips are trained on and which decide when to stop, bool [clips] each, and a sentence about it."""

    train: np.ndarray
    held_out: np.ndarray
    sentence: str


def parts(paths: Sequence[str], labels: np.ndarray, pattern: re.Pattern, share: float, seed: int) -> Parts:
    """Hold out whole videos, about `share` of each class.

    Where the videos do not allow it (a class comes from one video only) single clips are held out instead, and where
    the clips do not (a class has one clip) none is: the sentence says so as a warning.
    """
    mask, sentence = _hold_out([video_of(path, pattern) for path in paths], labels, share, seed)
    if _both_sides_whole(mask, labels):
        return Parts(~mask, mask, f"Held out of Training to decide when to stop: {sentence}.")
    mask, sentence = _hold_out([PurePath(path).name for path in paths], labels, share, seed)
    if _both_sides_whole(mask, labels):
        return Parts(
            ~mask,
            mask,
            f"WARNING: too few videos to hold whole ones out of Training; held out {sentence} instead. "
            "Neighbouring frames make the eval figures too good. Add clips of more videos.",
        )
    everything = np.ones(len(labels), bool)
    sentence = "WARNING: too few clips to hold any out of Training; it stops by the clips it trains on. Add clips of more videos."
    return Parts(everything, everything, sentence)


def folds(paths: Sequence[str], labels: np.ndarray, pattern: re.Pattern, number: int, seed: int) -> np.ndarray:
    """int [clips] from 0 to `number` - 1: each clip is held out in the turn that this says, whole videos where there are two."""
    videos = [video_of(path, pattern) for path in paths]
    if len(set(videos)) < 2:
        videos = list(paths)
    fold = np.zeros(len(paths), int)
    for turn in range(number - 1, 0, -1):  # What is never held out below falls to turn 0.
        rest = np.flatnonzero(fold == 0)
        mask, _ = _hold_out([videos[i] for i in rest], labels[rest], 1 / (turn + 1), seed)
        fold[rest[mask]] = turn
    return fold


def _hold_out(videos: list[str], labels: np.ndarray, share: float, seed: int) -> tuple[np.ndarray, str]:
    counts = defaultdict(lambda: [0] * len(LABELS))
    for video, label in zip(videos, labels, strict=True):
        counts[video][label] += 1
    chosen = hold_out_videos(counts, share, seed)
    mask = np.array([video in chosen for video in videos], bool)
    return mask, f"{mask.sum()} clips of {len(chosen)} of the {len(counts)} videos"


def _both_sides_whole(mask: np.ndarray, labels: np.ndarray) -> bool:
    return all(np.any(labels[side] == label) for side in (mask, ~mask) for label in range(len(LABELS)))
