"""How much each Training clip counts."""

from collections.abc import Sequence

import numpy as np

from ..data.labels import LABELS


def of_clips(labels: np.ndarray, videos: Sequence[str], balance: str) -> np.ndarray:
    """float64 [clips], 1 on average.

    labels   int64 [clips]
    balance  "weight": both classes count the same, and within a class no video more than all others together, nor more than twice
             its equal share where that is above a tenth. Else all clips count the same
    """
    weights = np.ones(len(labels))
    if balance == "weight":
        video = np.unique(np.asarray(videos, object), return_inverse=True)[1]
        for label in range(len(LABELS)):
            members = labels == label
            clips = np.bincount(video[members], minlength=video.max() + 1)
            weights[members] = (bounded(clips) / np.maximum(clips, 1))[video[members]]
            weights[members] /= weights[members].sum()
    return weights / weights.mean()


def bounded(clips: np.ndarray) -> np.ndarray:
    """float64 [videos]: what each video counts: its clips, but no more than the share of the sum that `of_clips` allows.

    clips  int [videos], of one class; some may be 0
    """
    videos = np.count_nonzero(clips)
    if videos < 2:
        return clips.astype(float)
    share = min(1 / 2, max(1 / 10, 2 / videos))
    falling = np.sort(clips)[::-1]
    for at_bound in range(videos):  # The largest videos count `bound`; it follows from the others, which must be smaller.
        rest = falling[at_bound:].sum()
        bound = share * rest / (1 - at_bound * share)
        if falling[at_bound] <= bound:
            break
    return np.minimum(clips, bound)
