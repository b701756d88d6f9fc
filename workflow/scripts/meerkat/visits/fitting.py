"""Fits the weights of what passages did (see `weighing`), and finds the threshold that keeps the wanted share of visits."""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from scipy.special import expit
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss
from sklearn.model_selection import GroupKFold

from .joining import together
from .known_passages import KnownPassage
from .weighing import FACTS, Weights

# With fewer passages of a class, four weights would be guesses.
ENOUGH = 30
_FOLDS = 10
# Inverse of the regularisation: 0.01 to 0.3 were tried on benchmarks/loop.py and stills.py; from 0.1 on, log loss hardly falls.
_C = 0.1
# Passages of one animal that are so many seconds apart are one stay. `annotate: join` is much longer: with it, all stays of a film would be
# one visit, which would count as found if all of them but one were missed.
_STAY = 5.0
# The score of the pixels counts so much more than the rest that the regularisation does not hold it back.
_FREE = 30.0


class Fitted(NamedTuple):
    """What was found out about known passages.

    known    the passages; scores  float [passages], each from weights that its film had no part in
    weights  None if the pixels alone decide; reason  why, if so
    log_loss  of the scores of pixels alone, and of the weighed ones; empty if there were too few passages
    """

    known: Sequence[KnownPassage]
    scores: np.ndarray
    weights: Weights | None
    reason: str
    log_loss: Mapping[str, float]

    @property
    def says(self) -> str:
        """What was found out, in words for the terminal."""
        if not self.weights:
            return f"only the pixels count. {self.reason}."
        return (
            "what a passage did counts beside its pixels. On passages of other videos, the log loss "
            f"is {self.log_loss['weighed']:.3f}; by the pixels alone it would be {self.log_loss['pixels']:.3f} (less is better)."
        )

    @property
    def facts(self) -> dict:
        """Its entry in weighing.json."""
        animals = sum(one.is_animal for one in self.known)
        weights = {"intercept": self.weights.intercept, **dict(zip(FACTS, self.weights.factors, strict=True))} if self.weights else None
        return {
            "animals": animals,
            "others": len(self.known) - animals,
            "log_loss": dict(self.log_loss),
            "weights": weights,
            "reason": self.reason,
        }


def fit(known: Sequence[KnownPassage]) -> Fitted:
    """Fit the weights, and judge them on films that had no part in them."""
    truth = np.array([one.is_animal for one in known], bool)
    facts = np.array([(one.pixels, *one.movement) for one in known]).reshape(-1, len(FACTS))
    films = np.array([one.video for one in known], object)
    by_pixels = expit(facts[:, 0])
    folds = list(GroupKFold(_FOLDS).split(facts, groups=films)) if len(set(films)) >= _FOLDS else []
    # If one film has all animals, there is nothing to learn from the others.
    is_possible = folds and all(len(set(truth[others])) == 2 for others, _ in folds)
    if min(truth.sum(), (~truth).sum()) < ENOUGH or not is_possible:
        reason = (
            f"To count what a passage did, {ENOUGH} sorted passages with an animal and {ENOUGH} without are needed, from {_FOLDS} videos"
        )
        return Fitted(known, by_pixels, None, reason, {})
    pixels, weighed = (_out_of_fold(facts[:, :number], truth, folds) for number in (1, len(FACTS)))
    loss = {"pixels": float(log_loss(truth, pixels)), "weighed": float(log_loss(truth, weighed))}
    if loss["weighed"] >= loss["pixels"]:
        return Fitted(known, by_pixels, None, "What a passage did would not predict the labels of other films better", loss)
    return Fitted(known, weighed, _weights(facts, truth), "", loss)


def visit_threshold(scored: Iterable[tuple[KnownPassage, float]], recall: float, pause: float) -> tuple[float | None, int]:
    """The highest threshold that can be expected to find the wanted share of visits, None if the known visits are too few; and their
    number.

    scored  known passages with their scores
    recall  the wanted share
    pause   passages of animals that at most this many seconds separate, or _STAY, are one visit

    A visit is found if one of its passages is. With n visits, a new one scores below the k-th lowest with a chance of k / (n + 1) (split
    conformal prediction: Vovk, Gammerman and Shafer, 2005). Of a visit in Training, a person may have sorted only some of the passages. Its
    highest score is then too low, and so is the threshold: it finds too much rather than too little.
    """
    films: dict[str, list[_Scored]] = {}
    for one, score in scored:
        if one.is_animal:
            films.setdefault(one.video, []).append(_Scored(one.begin, one.end, float(score)))
    visits = sorted(max(one.score for one in visit) for film in films.values() for visit in together(film, min(pause, _STAY)))
    lost = math.floor((1 - recall) * (len(visits) + 1) + 1e-9)
    return (visits[lost - 1] if lost else None), len(visits)


class _Scored(NamedTuple):
    begin: float
    end: float
    score: float


def _out_of_fold(facts: np.ndarray, truth: np.ndarray, folds: Iterable[tuple[np.ndarray, np.ndarray]]) -> np.ndarray:
    scores = np.empty(len(truth))
    for others, held_out in folds:
        scores[held_out] = _weights(facts[others], truth[others]).scores(facts[held_out])
    return scores


def _weights(facts: np.ndarray, truth: np.ndarray) -> Weights:
    mean, scale = facts.mean(axis=0), facts.std(axis=0) + 1e-9
    scale[0] /= _FREE
    model = LogisticRegression(C=_C, max_iter=3000).fit((facts - mean) / scale, truth)
    factors = model.coef_[0] / scale
    return Weights(float(model.intercept_[0] - factors @ mean), tuple(map(float, factors)))
