"""Weighs what a passage did beside what it looks like. The weights come from the passages that people have sorted for Training, with scores
of heads that never saw them. They count only if they predict the labels of other films better than the pixels alone.

Leaves look alike in many films, but they sway on the spot, for long, and many at once. benchmarks/loop.py measures what this is worth.
What says so differs between films and bursts (a burst of three stills has no way to sway), so each has its own weights.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from scipy.special import expit

from .movement import Movement
from .passages import Passage, logit_of

FACTS = ("pixels", *Movement._fields)
FILMS, BURSTS = "films", "bursts"


class Weights(NamedTuple):
    """The score of a passage is the logistic function of `intercept` plus each of FACTS times its entry in `factors`."""

    intercept: float
    factors: tuple[float, ...]

    def scores(self, facts: np.ndarray) -> np.ndarray:
        """float [passages], from their facts, float [passages, len(FACTS)] (or fewer, if there are fewer factors)."""
        return expit(self.intercept + facts @ np.array(self.factors))


class Weighing(NamedTuple):
    """How passages are judged.

    threshold  a passage with this score or more is an animal
    weights    for FILMS and for BURSTS; None if the pixels alone decide
    """

    threshold: float
    weights: Mapping[str, Weights | None]

    def weigh(self, passages: Sequence[Passage], movements: Callable[[], Mapping[int, Movement]], kind: str) -> list[Passage]:
        """The passages of a film or a burst with their weighed scores; `movements` gives those of its tracks, and is called only if they
        count."""
        weights = self.weights[kind]
        if weights is None:
            return list(passages)
        moved = movements()
        facts = np.array([(logit_of(one.score), *moved[one.track]) for one in passages]).reshape(-1, len(FACTS))
        return [one._replace(score=float(score)) for one, score in zip(passages, weights.scores(facts), strict=True)]

    @property
    def weighs(self) -> list[str]:
        """FILMS, BURSTS, both or none: where what passages did counts beside their pixels."""
        return [kind for kind, weights in self.weights.items() if weights]


PIXELS_ALONE = dict.fromkeys((FILMS, BURSTS))


def read_weighing(path: Path) -> Weighing:
    """The weighing in weighing.json, which weigh_passages.py makes."""
    found = json.loads(path.read_text())
    return Weighing(
        found["threshold"],
        {
            kind: Weights(of["weights"]["intercept"], tuple(of["weights"][fact] for fact in FACTS)) if of["weights"] else None
            for kind, of in found["kinds"].items()
        },
    )
