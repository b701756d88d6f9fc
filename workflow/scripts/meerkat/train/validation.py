"""Which of the Training clips are held out: to decide when to stop, or in turn."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath

import numpy as np

from ..data.labels import LABELS
from ..data.sampling import hold_out_videos
from ..data.video_names import as_read, video_of


@dataclass(frozen=True)
class Parts:
    """Which Training clips are trained on and which decide when to stop, and on temperature and thresholds.

    train, held_out  bool [clips]
    origin           what the held-out clips are, in words for sentences such as "chosen on ..."
    sentence         what was held out
    warning          why the figures on the held-out clips are too good; empty if they are not
    """

    train: np.ndarray
    held_out: np.ndarray
    origin: str
    sentence: str
    warning: str


def parts(paths: Sequence[str], labels: np.ndarray, pattern: re.Pattern | None, share: float, seed: int) -> Parts:
    """Hold out whole videos, about `share` of each class.

    If a class comes from one video only, whole videos cannot be held out, and single clips are held out instead. If a class has
    only one clip, nothing is held out. The warning says so.
    """
    videos = [video_of(path, pattern) for path in paths]
    mask = _hold_out(videos, labels, share, seed)
    if _both_sides_whole(mask, labels):
        number = len({video for video, held in zip(videos, mask, strict=True) if held})
        sentence = f"Held out of Training: {mask.sum()} clips of {number} of the {len(set(videos))} videos."
        return Parts(~mask, mask, "Training videos that were held out", sentence, "")
    mask = _hold_out([PurePath(path).name for path in paths], labels, share, seed)
    if _both_sides_whole(mask, labels):
        warning = (
            "The Training clips are of too few videos to hold whole ones out; single clips were held out instead. Neighbouring "
            f"frames make the figures on them too good, and the thresholds too high. Add clips of more videos. {as_read(paths, pattern)}"
        )
        sentence = f"Held out of Training: {mask.sum()} of the {len(paths)} clips."
        return Parts(~mask, mask, "single Training clips that were held out", sentence, warning)
    everything = np.ones(len(labels), bool)
    warning = (
        "There are too few Training clips to hold any out. So the clips that are trained on also decide when to stop, and set the "
        "thresholds, which are much too high. Add clips of more videos."
    )
    return Parts(everything, everything, "the clips that were trained on", "Held out of Training: nothing.", warning)


def folds(paths: Sequence[str], labels: np.ndarray, pattern: re.Pattern | None, number: int, seed: int) -> np.ndarray:
    """int [clips] from 0 to `number` - 1: each clip is held out in the turn that this says, whole videos where there are two."""
    videos = [video_of(path, pattern) for path in paths]
    if len(set(videos)) < 2:
        videos = list(paths)
    fold = np.zeros(len(paths), int)
    for turn in range(number - 1, 0, -1):  # What is never held out below falls to turn 0.
        rest = np.flatnonzero(fold == 0)
        mask = _hold_out([videos[i] for i in rest], labels[rest], 1 / (turn + 1), seed)
        fold[rest[mask]] = turn
    return fold


def _hold_out(videos: list[str], labels: np.ndarray, share: float, seed: int) -> np.ndarray:
    counts = defaultdict(lambda: [0] * len(LABELS))
    for video, label in zip(videos, labels, strict=True):
        counts[video][label] += 1
    chosen = hold_out_videos(counts, share, seed)
    return np.array([video in chosen for video in videos], bool)


def _both_sides_whole(mask: np.ndarray, labels: np.ndarray) -> bool:
    return all(np.any(labels[side] == label) for side in (mask, ~mask) for label in range(len(LABELS)))
