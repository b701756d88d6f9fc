"""Which cards are asked for next: those that teach most. At first some that differ from each other; once both classes are known, those
of which a quick model is least certain, and of these some that differ.

Margin sampling with diversity is as old as active learning (Settles, 2009); the farthest-first choice is that of Gonzalez (1985).
"""

from collections.abc import Mapping, Sequence

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from ..data.labels import POSITIVE

# The least certain cards among which different ones are chosen, for each that is wanted. 3 to 10 did alike in benchmarks/sorting.py.
_CANDIDATES = 10
# Inverse of the regularisation: few labels, many features.
_C = 0.001
# Cards among which the first ones are chosen, at most: looking at all takes long.
_SAMPLE = 5000
# Cards that are read at a time.
_BLOCK = 4096


class Chooser:
    """Chooses among cards by their embeddings."""

    def __init__(self, embeddings: np.ndarray, seed: int):
        """embeddings  float [cards, width], which may lie in a file"""
        self._embeddings, self._random = embeddings, np.random.default_rng(seed)

    def next(self, labels: Mapping[int, int], candidates: Sequence[int], number: int) -> list[int]:
        """Some of the candidates, in the order in which they should be asked for; `labels` are known ones by the number of the card."""
        candidates = np.asarray(candidates, int)
        if len(candidates) <= number:
            return self._random.permutation(candidates).tolist()
        known = list(labels)
        if len(set(labels.values())) < 2:
            sample = self._random.permutation(candidates)[:_SAMPLE]
            return self._different(sample, known, number)
        model = quick_model()
        model.fit(self._rows(known), [label == POSITIVE for label in labels.values()])
        blocks = np.array_split(candidates, len(candidates) // _BLOCK + 1)
        margins = np.concatenate([model.decision_function(self._rows(block)) for block in blocks])
        unsure = candidates[np.argsort(np.abs(margins), kind="stable")[: _CANDIDATES * number]]
        return self._different(unsure, known[-_CANDIDATES * number :], number)

    def _different(self, candidates: np.ndarray, known: Sequence[int], number: int) -> list[int]:
        """So many candidates, one after the other the least like those that are known or chosen."""
        rows = _directions(self._rows(candidates))
        alike = np.full(len(candidates), -1.0, np.float32)
        for direction in _directions(self._rows(known)) if len(known) else ():
            np.maximum(alike, rows @ direction, out=alike)
        chosen: list[int] = []
        for _ in range(number):
            place = int(np.argmin(alike))
            chosen.append(int(candidates[place]))
            np.maximum(alike, rows @ rows[place], out=alike)
            alike[place] = np.inf
        return chosen

    def _rows(self, cards: Sequence[int] | np.ndarray) -> np.ndarray:
        return np.asarray(self._embeddings[np.asarray(cards, int)], np.float32)


def quick_model() -> Pipeline:
    """A model that learns from a hundred embeddings in less than a second."""
    return make_pipeline(StandardScaler(), LogisticRegression(C=_C, class_weight="balanced", max_iter=300))


def _directions(rows: np.ndarray) -> np.ndarray:
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
