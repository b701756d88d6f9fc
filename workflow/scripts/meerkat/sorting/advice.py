"""The advice of the page on each task: how far it is, and what to do next."""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from sklearn.model_selection import GroupKFold

from ..advice.next_step import MARGIN, Step, animals_needed, next_step
from ..advice.situation import Sorting
from ..data.labels import POSITIVE
from ..wording import count
from . import enough
from .answers import Answers
from .choice import Chooser, quick_model
from .last_training import LastTraining
from .opinions import Opinions
from .second_looks import SecondLooks
from .tasks import CHECK, LOOK, SORTING, TESTING, TRAINING

# Models are compared on this many cards.
_SAMPLE = 2000
_FOLDS = 5


class Advice(NamedTuple):
    """How far a task is, what to do next (in this task or elsewhere), and how labels changed a model, which the page draws."""

    text: str
    step: Step
    changes: Sequence[enough.Change] = ()


class Adviser:
    """Advises on the tasks."""

    def __init__(
        self,
        answers: Answers,
        chooser: Chooser,
        looks: SecondLooks,
        opinions: Opinions,
        training: LastTraining,
        state: Path,
        recall: float,
        seed: int,
    ):
        """state  the file in which the report finds how far the sorting is
        recall   the share of the animals that the model shall find
        """
        self._answers, self._chooser, self._looks, self._opinions, self._seed = answers, chooser, looks, opinions, seed
        self._training, self._state, self._needed = training, state, animals_needed(recall)
        drawn = np.random.default_rng(seed).permutation(np.flatnonzero(~answers.is_testing))[:_SAMPLE]
        self._sample = chooser.rows(np.sort(drawn))
        self._known: dict[int, int] = {}
        self._changes: list[enough.Change] = []

    def on(self, task: str) -> Advice:
        """The advice on a task."""
        known = self._answers.known(SORTING[TRAINING])
        if known != self._known:
            self._known, self._changes = known, self._changes_of(known)
        sorting = self._sorting()
        sorting.write(self._state)
        step = next_step(sorting, self._training.found())
        if task == TRAINING:
            return Advice(self._on_training(sorting), step, self._changes)
        if task == TESTING:
            return Advice(self._on_testing(sorting), step)
        return Advice(self._on_looks() if task == LOOK else self._on_opinions(), step)

    def _changes_of(self, known: dict[int, int]) -> list[enough.Change]:
        cards = self._chooser.distinct(list(known))  # 20 passages that look alike are one answer
        positive = np.array([known[card] == POSITIVE for card in cards], bool)
        return enough.changes(self._chooser.rows(cards), positive, self._sample, self._seed)

    def _sorting(self) -> Sorting:
        is_open, is_testing = self._answers.open > 0, self._answers.is_testing
        animals = [card for card, label in self._answers.known(SORTING[TESTING]).items() if label == POSITIVE]
        return Sorting(
            is_settled=enough.is_enough(self._changes) if self._changes else None,
            training_left=int((is_open & ~is_testing).sum()),
            testing=int(is_testing.sum()),
            testing_left=int((is_open & is_testing).sum()),
            animals=len(animals),
            videos=len({self._answers.cards[card].video for card in animals}),
            needed=self._needed,
        )

    def _on_training(self, sorting: Sorting) -> str:
        if not self._changes:
            if not sorting.training_left:
                return ""  # no answer will come
            return f"After some {3 * enough.STEP // 2} answers of both kinds, the page says how much they still change."
        last = self._changes[-1].agreement
        changed = 100 * (last.number - last.alike) / last.number
        text = f"The last {enough.STEP} answers changed the model's mind about {changed:.1f} % of the passages."
        return text + self._check(self._known)

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

    def _on_testing(self, sorting: Sorting) -> str:
        text = (
            f"{sorting.animals} of {sorting.needed} passages with an animal. With {sorting.needed}, from many videos, we know to "
            f"within {100 * MARGIN:.0f} points how many of 100 animals the model finds."
        )
        if sorting.animals + sorting.testing_left < sorting.needed:
            return f"{text} To get there, add films or stills: about one in five is drawn for Testing."
        if 0 < sorting.animals < sorting.needed:
            sorted_here = sorting.testing - sorting.testing_left
            more = math.ceil((sorting.needed - sorting.animals) * sorted_here / sorting.animals)
            return f"{text} That may take {more} more passages; {sorting.testing_left} are left."
        return text

    def _on_looks(self) -> str:
        if left := len(self._looks.left()):
            return f"The model contradicts the labels of {count(left, 'passage')}, here the most surely first. Confirm each, or change it."
        return "No label deserves a second look. After the next training, open this page again: there may be new ones."

    def _on_opinions(self) -> str:
        found = self._opinions.agreement()
        if found is None:
            return "Sort again what others have sorted, without seeing their labels. 50 passages show how far you agree."
        text = f"{found.alike} of {count(found.number, 'passage')} judged alike."
        if found.kappa is not None:
            text += f" Cohen's kappa: {found.kappa:.2f} (95 % interval {found.low:.2f} to {found.high:.2f})."
        differs = any(one.is_in_question for one in self._opinions.compared())
        return f"{text} Those on which you differ are among the second looks." if differs else text
