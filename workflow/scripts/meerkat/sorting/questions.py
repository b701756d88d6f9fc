"""What a person is asked next, for each task."""

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import NamedTuple

import numpy as np

from .choice import Chooser
from .labels import Labels
from .looks import Looks
from .opinions import Opinions
from .tasks import CHECK, LOOK, OPINION, SORTING


class Question(NamedTuple):
    """Cards to decide on at once: one, or a pile of those that look alike.

    reason  why they are asked for, empty where no one needs to know; beside  a clip to show beside them
    p_positive  the quick model's score, 1 for an animal; None where there is none, or where it would lead the eye
    """

    cards: list[int]
    reason: str = ""
    beside: int | None = None
    p_positive: float | None = None


class Questions:
    """Chooses what to ask. A card that the page holds already is not asked for again."""

    def __init__(self, labels: Labels, chooser: Chooser, looks: Looks, opinions: Opinions):
        self._labels, self._chooser, self._looks, self._opinions = labels, chooser, looks, opinions
        self._by_chance: set[int] = set()

    def next(self, task: str, number: int, held: set[int]) -> list[Question]:
        """So many questions, or fewer."""
        if task == LOOK:
            asked = (Question([look.card], look.reason, look.beside) for look in (*self._opinions.differing(), *self._looks.left()))
            return list(islice((question for question in asked if not held & {*question.cards}), number))
        if task == OPINION:
            return [Question([card]) for card in self._opinions.wanted() if card not in held][:number]
        is_open = (self._labels.open > 0) & (self._labels.is_testing == (SORTING[task] == "eval"))
        is_open[[card for card in held if 0 <= card < len(is_open)]] = False
        if task == "testing":  # whole videos, one after the other
            return list(islice(self._piles(((card, None) for card in np.flatnonzero(is_open).tolist()), is_open), number))
        chosen = self._chooser.next(self._labels.known("train"), np.flatnonzero(is_open), number)
        self._by_chance |= {choice.card for choice in chosen if choice.by_chance}
        return list(self._piles(((choice.card, choice.p_positive) for choice in chosen), is_open))

    def task_of(self, task: str, clips: Sequence[int]) -> str:
        """How the journal calls a task: a card that was asked for by chance is told apart."""
        return CHECK if task == "training" and {self._labels.card_of(clip) for clip in clips} <= self._by_chance else task

    def _piles(self, cards: Iterable[tuple[int, float | None]], is_open: np.ndarray) -> Iterable[Question]:
        """The cards, each with those that look like it, as long as these are open. What is drawn by chance lies alone."""
        for card, p_positive in cards:
            if is_open[card]:
                pile = [card] if card in self._by_chance else self._chooser.pile(card, is_open)
                is_open[pile] = False
                yield Question(pile, p_positive=p_positive)
