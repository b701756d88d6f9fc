"""What the page says about each task: how far it is, and whether it is enough."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from sklearn.model_selection import StratifiedGroupKFold, cross_val_predict

from ..data.labels import LABELS, POSITIVE
from ..wording import count
from . import enough
from .choice import Chooser, quick_model
from .labels import ALL, Labels
from .looks import Looks
from .opinions import Opinions
from .tasks import CHECK, LOOK, OPINION

# Cards on which models are compared.
_SAMPLE = 2000
# The interval that the labels for Testing are to give, and the quantile of the normal distribution for 95 %.
_MARGIN, _QUANTILE = 0.05, 1.96
_FOLDS = 5


class Advice(NamedTuple):
    """A text, whether the task is far enough, and how labels changed a model, which the page draws."""

    text: str
    is_enough: bool = False
    changes: Sequence[enough.Change] = ()


class Adviser:
    """Advises on the tasks."""

    def __init__(self, labels: Labels, chooser: Chooser, looks: Looks, opinions: Opinions, recall: float, seed: int):
        """recall  the share of the animals that the model is to find"""
        self._labels, self._chooser, self._looks, self._opinions, self._seed = labels, chooser, looks, opinions, seed
        training = np.random.default_rng(seed).permutation(np.flatnonzero(~labels.is_testing))[:_SAMPLE]
        self._sample = chooser.rows(np.sort(training))
        self._needed = math.ceil(recall * (1 - recall) * (_QUANTILE / _MARGIN) ** 2)

    def on(self, task: str) -> Advice:
        """The advice on a task."""
        if task == LOOK:
            left = len(self._looks.left()) + len(list(self._opinions.differing()))
            if left:
                return Advice(f"{count(left, 'label')} may be wrong. Confirm each, or change it. Then train again.")
            return Advice("No label deserves a second look. After each training there may be new ones.", True)
        if task == OPINION:
            return self._on_opinions()
        return self._on_testing() if task == "testing" else self._on_training()

    def _on_training(self) -> Advice:
        known = self._labels.known("train")
        cards = self._chooser.distinct(list(known))  # 20 passages that look alike are one answer
        embeddings, positive = self._chooser.rows(cards), np.array([known[card] == POSITIVE for card in cards], bool)
        changes = enough.changes(embeddings, positive, self._sample, self._seed)
        if not changes:
            return Advice(f"Too early to tell whether this is enough: give {enough.STEP} answers and more, of both kinds.")
        last = changes[-1].agreement
        changed = round(1000 * (last.number - last.alike) / last.number)
        is_enough = enough.is_enough(changes)
        go_on = "you can stop" if is_enough else "go on"
        text = f"The last {enough.STEP} answers changed the model's mind about {changed} of 1,000 passages: {go_on}."
        return Advice(text + self._check(cards, embeddings, positive), is_enough, changes)

    def _check(self, cards: list[int], embeddings: np.ndarray, positive: np.ndarray) -> str:
        """How a model does on passages that were drawn by chance and that it has not seen."""
        drawn = np.array([self._labels.was_asked(CHECK, card) for card in cards], bool)
        videos = [self._labels.cards[card].video for card in cards]
        if not drawn.any() or min(np.bincount(positive, minlength=2)) < _FOLDS or len(set(videos)) < _FOLDS:
            return ""
        judged = cross_val_predict(quick_model(), embeddings, positive, groups=videos, cv=StratifiedGroupKFold(_FOLDS))
        right = int((judged == positive)[drawn].sum())
        return f" Of {count(int(drawn.sum()), 'passage')} drawn by chance, a model that had not seen them tells {right} rightly."

    def _on_testing(self) -> Advice:
        of_all = list(self._labels.counts()["eval"].values())
        every, animals = (sum(of_site[name] for of_site in of_all) for name in (ALL, LABELS[POSITIVE]))
        decided = sum(of_site[name] for of_site in of_all for name in LABELS)
        if not every:
            return Advice("None of your videos was drawn for Testing. About one in five is: add videos.")
        if animals >= self._needed:
            return Advice(f"{animals} passages with an animal are enough: finish this video and stop.", True)
        more = f" That may take {math.ceil((self._needed - animals) * decided / animals)} passages more." if animals else ""
        return Advice(
            f"Sort on until there are {self._needed} passages with an animal, from many videos ({animals} so far): these tell the share of "
            f"the animals that the model finds to 5 points more or less.{more}"
        )

    def _on_opinions(self) -> Advice:
        found = self._opinions.agreement()
        if found is None:
            return Advice("Sort again, without seeing it, what others have sorted. 50 passages tell how far you agree.")
        text = f"{found.alike} of {count(found.number, 'passage')} judged alike."
        if found.kappa is not None:
            text += f" Cohen's kappa: {found.kappa:.2f} (95 % interval {found.low:.2f} to {found.high:.2f})."
        return Advice(f"{text} Those that differ are among the second looks." if found.alike < found.number else text)
