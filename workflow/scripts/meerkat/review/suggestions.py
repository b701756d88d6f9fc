"""Suggests names for visits: a second head over the embeddings that the page for sorting uses. Suggestions decide nothing."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from sklearn.model_selection import GroupKFold
from sklearn.pipeline import Pipeline

from ..sorting.choice import quick_model
from ..sorting.pool import Card

# Names are suggested from this many named visits on: after 15, 59 % were right, after 30, 86 % (benchmarks/names.py). And a name is
# suggested from this many visits of it on.
_LEAST, _EACH = 30, 3
# A name is suggested if at least this share of such suggestions was right for visits of films that the head had not seen.
_RIGHT = 0.9
_FOLDS = 5
# Stands for all names that have too few visits.
_OTHER = ""


class Subject(NamedTuple):
    """A visit: its key on the page, its film, the tracks of its passages, its site, and its name if it has one."""

    key: str
    video: str
    tracks: Sequence[int]
    site: str
    name: str


class Suggestions(NamedTuple):
    """The suggested name of each visit where the head is sure, by its key; and how many such suggestions were right, of how many, for
    visits that people have named, each judged by a head that had not seen its film or site."""

    names: Mapping[str, str]
    right: int
    of: int


NOTHING = Suggestions({}, 0, 0)


class NameHead:
    """Learns names from the visits that were named."""

    def __init__(self, cards: Sequence[Card], embeddings: np.ndarray):
        """embeddings  float [cards, width], the mean embedding of each card"""
        self._row = {(card.video, int(card.track)): number for number, card in enumerate(cards) if card.track}
        self._embeddings = embeddings

    def suggest(self, visits: Sequence[Subject]) -> Suggestions:
        """Suggestions for the visits without a name; NOTHING as long as too few have one."""
        known = [(visit, vector) for visit in visits if (vector := self._vector(visit)) is not None]
        named = [(visit, vector) for visit, vector in known if visit.name]
        counts = Counter(visit.name for visit, _ in named)
        names = np.array([visit.name if counts[visit.name] >= _EACH else _OTHER for visit, _ in named], object)
        groups = _groups([visit for visit, _ in named])
        if len(named) < _LEAST or len(set(names)) < 2 or len(set(groups)) < 2:
            return NOTHING
        features = np.array([vector for _, vector in named])
        guessed, sure = _by_others(features, names, groups)
        threshold, right, of = _threshold(guessed, sure, names)
        others = [(visit, vector) for visit, vector in known if not visit.name]
        if threshold is None or not others:
            return Suggestions({}, right, of)
        found, certainty = _guess(quick_model().fit(features, names.astype(str)), np.array([vector for _, vector in others]))
        is_sure = (certainty >= threshold) & (found != _OTHER)
        return Suggestions({visit.key: str(name) for (visit, _), name, yes in zip(others, found, is_sure, strict=True) if yes}, right, of)

    def _vector(self, visit: Subject) -> np.ndarray | None:
        rows = [self._row[visit.video, track] for track in visit.tracks if (visit.video, track) in self._row]
        return np.asarray(self._embeddings[sorted(rows)], np.float32).mean(axis=0) if rows else None


def _guess(head: Pipeline, features: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The most probable name of each row, and its probability."""
    shares = head.predict_proba(features)
    return head.classes_[shares.argmax(axis=1)], shares.max(axis=1)


def _groups(named: Sequence[Subject]) -> np.ndarray:
    """What is held out together: sites if there are enough of them, else films."""
    sites = {visit.site for visit in named}
    return np.array([visit.site if len(sites) >= _FOLDS and "" not in sites else visit.video for visit in named], object)


def _by_others(features: np.ndarray, names: np.ndarray, groups: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The guess for each named visit by a head that has not seen its group, and the probability of the guess."""
    guessed, sure = np.full(len(names), _OTHER, object), np.zeros(len(names))
    numbers = np.unique(groups.astype(str), return_inverse=True)[1]
    folds = GroupKFold(min(_FOLDS, len(set(numbers))), shuffle=True, random_state=1)  # not stratified: a kind may have only three visits
    for seen, held in folds.split(features, groups=numbers):
        if len(set(names[seen])) > 1:
            guessed[held], sure[held] = _guess(quick_model().fit(features[seen], names[seen].astype(str)), features[held])
    return guessed, sure


def _threshold(guessed: np.ndarray, sure: np.ndarray, names: np.ndarray) -> tuple[float | None, int, int]:
    """The probability from which on a name is suggested, so that enough suggestions are right; how many are right, and of how many."""
    suggested = np.flatnonzero(guessed != _OTHER)
    order = suggested[np.argsort(-sure[suggested], kind="stable")]
    right = np.cumsum(guessed[order] == names[order])
    enough = np.flatnonzero((right / np.arange(1, len(order) + 1) >= _RIGHT) & (np.arange(1, len(order) + 1) >= _EACH))
    if not enough.size:
        return None, 0, 0
    last = enough[-1]
    return float(sure[order[last]]), int(right[last]), int(last) + 1
