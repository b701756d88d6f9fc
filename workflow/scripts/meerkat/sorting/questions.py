"""Chooses the next questions to a person, for each task."""

from collections.abc import Sequence
from itertools import islice
from typing import NamedTuple

import numpy as np

from .answers import Answers
from .choice import Choice, Chooser
from .opinions import Opinions
from .second_looks import SecondLooks
from .tasks import CHECK, LOOK, OPINION, SORTING, TESTING, TRAINING


class Question(NamedTuple):
    """Clips to decide on at once: those of one card, or of a pile of cards that look alike.

    cards   for each card the numbers of its clips
    reason  why the page asks about them, empty if nobody needs to know; beside  a clip to show beside them
    p_positive  the quick model's score of the first card, 1 for an animal; None if there is none, or if it would influence the person
    """

    cards: list[list[int]]
    reason: str = ""
    beside: int | None = None
    p_positive: float | None = None


class Questions:
    """Chooses what to ask. Cards that the page already shows are left out."""

    def __init__(self, answers: Answers, chooser: Chooser, looks: SecondLooks, opinions: Opinions):
        self._answers, self._chooser, self._looks, self._opinions = answers, chooser, looks, opinions
        self._by_chance: set[int] = set()

    def next(self, task: str, number: int, held: set[int]) -> list[Question]:
        """`number` questions, or fewer. `held` are the cards that the page already shows."""
        if task == LOOK:
            asked = (Question([look.clips], look.reason, look.beside) for look in self._looks.left())
        elif task == OPINION:
            asked = (Question([clips]) for clips in self._opinions.wanted())
        else:
            return self._to_sort(task, number, held)
        return list(islice((question for question in asked if self._answers.card_of(question.cards[0][0]) not in held), number))

    def again(self, task: str, clips: Sequence[int]) -> Question:
        """The question for clips whose decision was undone."""
        looks = self._looks.left() if task == LOOK else []
        look = next((look for look in looks if set(look.clips) & set(clips)), None)
        return Question(self._answers.by_card(clips), *((look.reason, look.beside) if look else ()))

    def task_of(self, task: str, clips: Sequence[int]) -> str:
        """The name of a task in the journal, where cards drawn by chance have another name."""
        return CHECK if task == TRAINING and {self._answers.card_of(clip) for clip in clips} <= self._by_chance else task

    def _to_sort(self, task: str, number: int, held: set[int]) -> list[Question]:
        answers = self._answers
        is_open = (answers.open > 0) & (answers.is_testing == (SORTING[task] == "eval"))
        is_open[[card for card in held if 0 <= card < len(is_open)]] = False
        if task == TESTING:  # one whole video after the other
            choices = (Choice(card, None, False) for card in np.flatnonzero(is_open).tolist())
        else:
            choices = self._chooser.next(answers.known("train"), np.flatnonzero(is_open), number)
            self._by_chance |= {choice.card for choice in choices if choice.by_chance}
        return [
            Question([self._open_clips(card) for card in pile], p_positive=choice.p_positive)
            for choice, pile in islice(self._chooser.piles(choices, is_open), number)
        ]

    def _open_clips(self, card: int) -> list[int]:
        return [clip for clip in self._answers.clips_of(card) if self._answers.decision(clip) is None]
