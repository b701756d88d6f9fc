"""Visits: the tracks of animals in one video, joined over short pauses."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import expit, logit

from .boxes import Box

# Scores are kept this far from 0 and 1, where their logits would be infinite.
_EDGE = 1e-6


@dataclass(frozen=True)
class ScoredTrack:
    """A track with the score of its clips.

    number      as in boxes.csv
    boxes       its rows of boxes.csv: frame, seconds, x, y, w, h
    p_positive  see `track_score`
    clip        the name of its best clip, which its still has too
    best_frame, best_box  when and where that was cut
    """

    number: int
    boxes: pd.DataFrame
    p_positive: float
    clip: str
    best_frame: int
    best_box: Box

    @property
    def begin(self) -> float:
        """Seconds of its first box."""
        return float(self.boxes["seconds"].iloc[0])

    @property
    def end(self) -> float:
        """Seconds of its last box."""
        return float(self.boxes["seconds"].iloc[-1])


@dataclass(frozen=True)
class Visit:
    """What animals did in one video without a long pause: their tracks, in the order of their beginnings."""

    tracks: Sequence[ScoredTrack]

    @property
    def begin(self) -> float:
        """Seconds of the first box."""
        return min(track.begin for track in self.tracks)

    @property
    def end(self) -> float:
        """Seconds of the last box."""
        return max(track.end for track in self.tracks)

    @property
    def best(self) -> ScoredTrack:
        """The track with the highest score."""
        return max(self.tracks, key=lambda track: track.p_positive)

    @property
    def boxes_at_once(self) -> int:
        """The largest number of boxes in one frame; a flock, or one animal and a branch: a person has to count animals."""
        return int(pd.concat([track.boxes["frame"] for track in self.tracks]).value_counts().max())


def track_score(p_positive: Iterable[float]) -> float:
    """One score for the clips of a track: the mean of their logits, back as a probability.

    On 3,500 threes of generated clips it left 7 % false alarms at a recall of 95 %, the highest score 9 %, single clips 14 %.
    """
    kept = np.clip(np.fromiter(p_positive, float), _EDGE, 1 - _EDGE)
    return float(expit(logit(kept).mean()))


def join(tracks: Iterable[ScoredTrack], pause: float) -> list[Visit]:
    """The tracks, all of animals in one video, as visits: a pause longer than so many seconds parts them."""
    visits: list[list[ScoredTrack]] = []
    end = -np.inf
    for track in sorted(tracks, key=lambda track: track.begin):
        if track.begin - end > pause:
            visits.append([])
        visits[-1].append(track)
        end = max(end, track.end)
    return [Visit(members) for members in visits]
