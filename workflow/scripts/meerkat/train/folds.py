"""Which head holds out which of the Training clips: whole sites, else whole videos."""

import warnings
from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold

from ..data.labels import LABELS
from .training_clips import TrainingClips

# From so many sites on, whole sites are held out.
_ENOUGH_SITES = 5
# Groups that look alike are put together, unless that would put more than this share of the clips into one: then likeness says
# nothing, as where all clips are nearly black.
_MOST_IN_ONE = 0.3


@dataclass(frozen=True)
class Folds:
    """Which clips each head holds out.

    fold      int [clips]: the number of the head that holds the clip out, from 0
    number    how many heads there are; with one, nothing is held out
    groups    [clips]: what is held out as one, by name
    unit      what a group is: site, video or clip
    sentence  what is held out
    warning   why the figures on held-out clips are too good, or rest on fewer folds than wanted; empty if they do not
    """

    fold: np.ndarray
    number: int
    groups: np.ndarray
    unit: str
    sentence: str
    warning: str

    def held_out(self, turn: int) -> np.ndarray:
        """bool [clips]: what the head holds out; with one head, everything."""
        return self.fold == turn

    def train(self, turn: int) -> np.ndarray:
        """bool [clips]: what the head is trained on."""
        return self.fold != turn if self.number > 1 else np.ones(len(self.fold), bool)

    @property
    def origin(self) -> str:
        """What the scores of held-out clips are, in words for sentences such as "chosen on ..."."""
        if self.number == 1:
            return "the clips that were trained on"
        return f"the Training clips, each scored by a head that never saw its {self.unit}"


def divide(clips: TrainingClips, wanted: int, seed: int) -> Folds:
    """Divide the clips into `wanted` folds of whole groups with both classes on either side; into fewer where that cannot be.

    Groups are sites where there are enough of them, else videos. Groups that look alike stay together. Where videos give no two
    folds, single clips are held out. Where a class has one clip, there is one fold, and nothing is held out. The warning says so.
    """
    labels, units = clips.labels, [("video", clips.videos), ("clip", clips.paths)]
    if len(set(clips.sites) - {""}) >= _ENOUGH_SITES:
        units.insert(0, ("site", np.where(clips.sites == "", clips.videos, clips.sites)))
    for unit, groups in units:
        together = groups if unit == "clip" else _together(groups, clips.alike)
        for number in range(min(wanted, len(np.unique(together))), 1, -1):
            fold = _folds(together, labels, number, seed)
            if all(_has_both_classes(side, labels) for turn in range(number) for side in (fold == turn, fold != turn)):
                return Folds(fold, number, groups, unit, _sentence(unit, groups, number), _warning(unit, number, wanted, clips))
    return Folds(
        np.zeros(len(labels), int),
        1,
        clips.videos,
        "clip",
        "Held out of Training: nothing.",
        "There are too few Training clips to hold any out. So the clips that are trained on also decide when to stop, and set the "
        "thresholds, which are much too high. Add clips of more videos.",
    )


def _together(groups: np.ndarray, alike: np.ndarray) -> np.ndarray:
    """The groups as numbers, int [clips]; those with clips that look alike have one number."""
    number = np.unique(groups, return_inverse=True)[1]
    count, of_likeness = number.max() + 1, np.unique(alike, return_inverse=True)[1]
    size = count + of_likeness.max() + 1
    edges = coo_matrix((np.ones(len(number), bool), (number, count + of_likeness)), shape=(size, size))
    joined = connected_components(edges, directed=False)[1][number]
    return joined if np.bincount(joined).max() <= max(_MOST_IN_ONE * len(joined), np.bincount(number).max()) else number


def _folds(groups: np.ndarray, labels: np.ndarray, number: int, seed: int) -> np.ndarray:
    """int [clips], 0 to `number` - 1: whole groups, the classes spread evenly."""
    single = len(np.unique(groups)) == len(groups)  # Without groups to respect it is a thousand times faster.
    splitter = (StratifiedKFold if single else StratifiedGroupKFold)(number, shuffle=True, random_state=seed)
    fold = np.zeros(len(labels), int)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # It warns of classes with fewer clips than folds; the caller looks.
        try:
            for turn, (_, held_out) in enumerate(splitter.split(labels, labels, groups)):
                fold[held_out] = turn
        except ValueError:  # Each class has fewer clips than folds.
            return np.zeros(len(labels), int)
    return fold


def _has_both_classes(mask: np.ndarray, labels: np.ndarray) -> bool:
    return all(np.any(labels[mask] == label) for label in range(len(LABELS)))


def _sentence(unit: str, groups: np.ndarray, number: int) -> str:
    return f"Held out in turn by {number} heads: {len(groups)} Training clips of {len(np.unique(groups))} {unit}s."


def _warning(unit: str, number: int, wanted: int, clips: TrainingClips) -> str:
    if unit == "clip":
        return (
            "The Training clips are of too few videos to hold whole ones out; single clips were held out instead. Neighbouring "
            f"frames make the figures on them too good, and the thresholds too high. Add clips of more videos."
            f"{clips.origins.as_read(clips.paths)}"
        )
    if number < wanted:
        return (
            f"Only {number} heads could be trained instead of {wanted}: each must hold out, and be trained on, whole {unit}s with clips "
            f"of both classes. Add clips of more {unit}s."
        )
    return ""
