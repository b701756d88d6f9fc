"""The advice of the page on each task: how far it is, and whether it is enough."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from sklearn.model_selection import GroupKFold

from ..data.labels import LABELS, POSITIVE
from ..wording import count
from . import enough
from .answers import ALL, Answers
from .choice import Chooser, quick_model
from .opinions import Opinions
from .second_looks import SecondLooks
from .tasks import CHECK, LOOK, OPINION, SORTING, TESTING, TRAINING

# Models are compared on this many cards.
_SAMPLE = 2000
# The interval that the labels for Testing should give, the quantile of the normal distribution for 95 %, and the largest share of animals
# found for which its formula is valid.
_MARGIN, _QUANTILE, _LARGEST = 0.05, 1.96, 0.95
_FOLDS = 5


class Advice(NamedTuple):
    """A text, whether the task is done far enough, and how labels changed a model, which the page draws."""

    text: str
    is_enough: bool = False
    changes: Sequence[enough.Change] = ()


class Adviser:
    """Advises on the tasks."""

    def __init__(self, answers: Answers, chooser: Chooser, looks: SecondLooks, opinions: Opinions, recall: float, seed: int):
        """recall  the share of the animals that the model should find"""
        self._answers, self._chooser, self._looks, self._opinions, self._seed = answers, chooser, looks, opinions, seed
        training = np.random.default_rng(seed).permutation(np.flatnonzero(~answers.is_testing))[:_SAMPLE]
        self._sample = chooser.rows(np.sort(training))
        recall = min(recall, _LARGEST)
        self._needed = math.ceil(recall * (1 - recall) * (_QUANTILE / _MARGIN) ** 2)

    def on(self, task: str) -> Advice:
        """The advice on a task."""
        if task == LOOK:
            left = len(self._looks.left())
            if left:
                return Advice(f"{count(left, 'passage')} may have a wrong label. Confirm each, or change it. Then train again.")
            return Advice("No label deserves a second look. After each training there may be new ones.", True)
        if task == OPINION:
            return self._on_opinions()
        return self._on_testing() if task == TESTING else self._on_training()

    def _on_training(self) -> Advice:
        known = self._answers.known(SORTING[TRAINING])
        cards = self._chooser.distinct(list(known))  # 20 passages that look alike are one answer
        positive = np.array([known[card] == POSITIVE for card in cards], bool)
        is_all_sorted = not (self._answers.open[~self._answers.is_testing] > 0).any()
        changes = enough.changes(self._chooser.rows(cards), positive, self._sample, self._seed)
        if is_all_sorted:
            train = "Train, or add videos" if self._answers.is_testing.any() else "Before you train, add videos: none is for Testing yet"
            return Advice(f"All passages are sorted. {train}.", True, changes)
        if not changes:
            return Advice(f"Too early to say whether this is enough: give {enough.STEP} answers or more, of both kinds.")
        last = changes[-1].agreement
        changed = 100 * (last.number - last.alike) / last.number
        is_enough = enough.is_enough(changes)
        go_on = "you can stop" if is_enough else "go on"
        text = f"The last {enough.STEP} answers changed the model's mind about {changed:.1f} % of the passages: {go_on}."
        return Advice(text + self._check(known), is_enough, changes)

    def _check(self, known: dict[int, int]) -> str:
        """How models from other videos judge the passages that were drawn by chance."""
        cards, positive = list(known), np.array([label == POSITIVE for label in known.values()], bool)
        drawn = np.array([self._answers.was_asked(CHECK, self._answers.clips_of(card)[0]) for card in cards], bool)
        videos = [self._answers.cards[card].video for card in cards]
        if not drawn.any() or len(set(videos)) < _FOLDS:
            return ""
        embeddings, judged, right = self._chooser.rows(cards), 0, 0
        for others, held_out in GroupKFold(_FOLDS).split(embeddings, groups=videos):
            asked = held_out[drawn[held_out]]
            if len(asked) and len(set(positive[others])) == 2:
                model = quick_model().fit(embeddings[others], positive[others])
                right += int((model.predict(embeddings[asked]) == positive[asked]).sum())
                judged += len(asked)
        return f" Of {count(judged, 'passage')} drawn by chance, a model from the other videos gets {right} right." if judged else ""

    def _on_testing(self) -> Advice:
        of_all = list(self._answers.counts()[SORTING[TESTING]].values())
        every, animals = (sum(of_site[name] for of_site in of_all) for name in (ALL, LABELS[POSITIVE]))
        decided = sum(of_site[name] for of_site in of_all for name in LABELS)
        if not every:
            return Advice("None of your videos was drawn for Testing. About one in five is: add videos.")
        if animals >= self._needed:
            return Advice(f"{animals} passages with an animal are enough: finish this video and stop.", True)
        if not (self._answers.open[self._answers.is_testing] > 0).any():
            return Advice(
                f"All passages are sorted; {animals} show an animal. You need {self._needed}, from many videos, to know to within "
                "5 points which share of the animals the model finds: add videos."
            )
        more = f" That may take {math.ceil((self._needed - animals) * decided / animals)} more passages." if animals else ""
        return Advice(
            f"Continue until you have {self._needed} passages with an animal, from many videos ({animals} so far). They show to within "
            f"5 points which share of the animals the model finds.{more}"
        )

    def _on_opinions(self) -> Advice:
        found = self._opinions.agreement()
        if found is None:
            return Advice("Sort again what others have sorted, without seeing their labels. 50 passages show how far you agree.")
        text = f"{found.alike} of {count(found.number, 'passage')} judged alike."
        if found.kappa is not None:
            text += f" Cohen's kappa: {found.kappa:.2f} (95 % interval {found.low:.2f} to {found.high:.2f})."
        differs = any(one.is_in_question for one in self._opinions.compared())
        return Advice(f"{text} Those on which you differ are among the second looks." if differs else text)
