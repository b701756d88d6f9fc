"""Chooses the cards to ask about next: those that teach most. At first these are cards that differ from each other. Once both classes are
known, they are cards about which a quick model is least certain and which differ from each other. A few are drawn by chance, as a check.

Margin sampling with diversity is as old as active learning (Settles, 2009); the farthest-first choice is that of Gonzalez (1985).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from ..data.labels import POSITIVE

# For each wanted card, this many candidates, from which different ones are chosen: the least certain cards, or at first cards spread over
# sites and videos.
_CANDIDATES = 10
# One card in this many is drawn by chance, once a model chooses the others.
_CHECK_ONE_IN = 12
# Inverse of the regularisation. It is strong, because there are few labels and many features.
_C = 0.001
# At most this many cards show how much cards differ; to look at all would take long.
_SAMPLE = 5000
# Cards that are read at a time.
_BLOCK = 4096
# Cards with this similarity (cosine of the standardised embeddings) or more lie on one pile, at most this many: 99 % of the clips on piles
# have the pile's class (see benchmarks/sorting.py).
_ALIKE = 0.4
_PILE = 24
# So do cards of other videos of the site, if they are more alike and at the same place as well: their boxes overlap by this much
# (intersection over union). A branch that every wind moves then takes few answers (see "piles" in benchmarks/stills.py).
_ALIKE_ELSEWHERE, _SAME_PLACE = 0.5, 0.3


class Choice(NamedTuple):
    """A card to ask about, the quick model's score for it (1: an animal; None if there is no model yet), and whether it was drawn by
    chance."""

    card: int
    p_positive: float | None
    by_chance: bool


class Chooser:
    """Chooses among cards by their embeddings."""

    def __init__(self, embeddings: np.ndarray, videos: Sequence[str], sites: Sequence[str], boxes: np.ndarray, seed: int):
        """embeddings  float [cards, width], which may lie in a file
        videos, sites  those of the cards; a site is empty if it is unknown
        boxes          float [cards, 4], x y w h: where in the picture each card is; width and height are 0 if that is unknown
        """
        self._embeddings, self._boxes, self._random = embeddings, boxes, np.random.default_rng(seed)
        self._videos, self._sites = (np.unique(np.asarray(names, object), return_inverse=True)[1] for names in (videos, sites))
        # Cards that can lie on one pile: those of a site, or of a video whose site is unknown.
        self._groups = np.unique([site or f"/{video}" for video, site in zip(videos, sites, strict=True)], return_inverse=True)[1]
        self._of_group = np.split(np.argsort(self._groups, kind="stable"), np.cumsum(np.bincount(self._groups))[:-1])
        sample = np.sort(self._random.permutation(len(embeddings))[:_SAMPLE])
        self._scaler = StandardScaler().fit(self.rows(sample)) if len(sample) else None

    def next(self, labels: Mapping[int, int], candidates: Sequence[int] | np.ndarray, number: int) -> list[Choice]:
        """`number` of the candidates, in the order in which to ask about them; `labels` are the known labels by the number of the card."""
        candidates = np.asarray(candidates, int)
        if len(set(labels.values())) < 2:
            known = list(labels)
            spread = self._spread(candidates)[: _CANDIDATES * number]
            return [Choice(card, None, False) for card in self._different(spread, known, number)]
        model = quick_model().fit(self.rows(list(labels)), [label == POSITIVE for label in labels.values()])
        blocks = np.array_split(candidates, len(candidates) // _BLOCK + 1)
        scores = np.concatenate([model.predict_proba(self.rows(block))[:, 1] if len(block) else np.empty(0) for block in blocks])
        score = dict(zip(candidates.tolist(), scores.tolist(), strict=True))
        unsure = candidates[np.argsort(np.abs(scores - 0.5), kind="stable")[: _CANDIDATES * number]]
        chosen = [Choice(card, score[card], False) for card in self._different(unsure, list(labels)[-_CANDIDATES * number :], number)]
        rest = np.setdiff1d(candidates, [choice.card for choice in chosen])
        places = range(_CHECK_ONE_IN - 1, len(chosen), _CHECK_ONE_IN)
        for place, drawn in zip(places, self._random.permutation(rest).tolist(), strict=False):
            chosen[place] = Choice(drawn, score[drawn], True)
        return chosen

    def piles(self, choices: Iterable[Choice], is_open: np.ndarray) -> Iterator[tuple[Choice, list[int]]]:
        """Each choice with its pile: the card, and the open cards of its video, or of its place at the site, that look so much like it that
        one decision is enough for all. A card that is already on a pile is skipped, and one that was drawn by chance lies alone.

        is_open  bool [cards]; those that lie on a pile are closed
        """
        for choice in choices:
            if is_open[choice.card]:
                pile = [choice.card] if choice.by_chance else self._pile(choice.card, is_open)
                is_open[pile] = False
                yield choice, pile

    def _pile(self, card: int, is_open: np.ndarray) -> list[int]:
        others = self._of_group[self._groups[card]]
        others = others[is_open[others] & (others != card)]
        others = others[self._is_near(card, others)]
        rows = _directions(self._scaler.transform(self.rows([card, *others])))
        alike = rows[1:] @ rows[0]
        fits = alike >= self._wanted(card, others)
        return [card, *others[fits][np.argsort(-alike[fits], kind="stable")][: _PILE - 1].tolist()]

    def distinct(self, cards: Sequence[int]) -> list[int]:
        """The cards, without those that would lie on a pile with an earlier one."""
        kept: dict[int, list[int]] = {}
        numbers = np.asarray(cards, int)
        rows = _directions(self._scaler.transform(self.rows(cards))) if len(cards) else []
        for place, group in enumerate(self._groups[numbers]):
            of_group = np.array(kept.setdefault(group, []), int)
            near = of_group[self._is_near(numbers[place], numbers[of_group])]
            if not (rows[near] @ rows[place] >= self._wanted(numbers[place], numbers[near])).any():
                kept[group].append(place)
        return [cards[place] for place in sorted(place for of_group in kept.values() for place in of_group)]

    def _wanted(self, card: int, others: np.ndarray) -> np.ndarray:
        """float [others]: how alike each must be to lie on a pile with the card."""
        return np.where(self._videos[others] == self._videos[card], _ALIKE, _ALIKE_ELSEWHERE)

    def _is_near(self, card: int, others: np.ndarray) -> np.ndarray:
        """bool [others]: whether cards of the same group are of the same video, or at the same place in the picture."""
        x, y, w, h = self._boxes[others].T
        left, top, wide, high = self._boxes[card]
        across, down = np.minimum(x + w, left + wide) - np.maximum(x, left), np.minimum(y + h, top + high) - np.maximum(y, top)
        shared = np.maximum(across, 0) * np.maximum(down, 0)
        return (self._videos[others] == self._videos[card]) | (shared > _SAME_PLACE * (w * h + wide * high - shared))

    def _spread(self, candidates: np.ndarray) -> np.ndarray:
        """The candidates in a random order that goes from site to site, and within a site from video to video."""
        candidates = self._random.permutation(candidates)
        for group in (self._videos, self._sites):
            turns = pd.Series(candidates).groupby(group[candidates]).cumcount()  # of a card: how many of its group come before it
            candidates = candidates[np.argsort(turns.to_numpy(), kind="stable")]
        return candidates

    def _different(self, candidates: np.ndarray, known: Sequence[int], number: int) -> list[int]:
        """`number` candidates; each is the one least like those that are known or already chosen."""
        rows = _directions(self.rows(candidates))
        alike = np.full(len(candidates), -1.0, np.float32)
        for direction in _directions(self.rows(known)) if len(known) else ():
            np.maximum(alike, rows @ direction, out=alike)
        chosen: list[int] = []
        for _ in range(min(number, len(candidates))):
            place = int(np.argmin(alike))
            chosen.append(int(candidates[place]))
            np.maximum(alike, rows @ rows[place], out=alike)
            alike[place] = np.inf
        return chosen

    def rows(self, cards: Sequence[int] | np.ndarray) -> np.ndarray:
        """The embeddings of cards, float32 [cards, width]."""
        return np.asarray(self._embeddings[np.asarray(cards, int)], np.float32)


def quick_model() -> Pipeline:
    """A model that learns from a hundred embeddings in less than a second."""
    return make_pipeline(StandardScaler(), LogisticRegression(C=_C, class_weight="balanced", max_iter=300))


def _directions(rows: np.ndarray) -> np.ndarray:
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
