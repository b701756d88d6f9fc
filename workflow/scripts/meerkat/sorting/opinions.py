"""Second opinions: a person sorts again what others have sorted, without seeing their labels."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from .agreement import Agreement, agreement
from .answers import Answers, of_passage
from .journal import Journal, Opinion


class OpinionPair(NamedTuple):
    """A passage, by the numbers of its clips: the first person and label, the second person (who had not seen it) and opinion, and whether
    a second look has settled it."""

    clips: list[int]
    first: str
    label: str
    second: str
    opinion: str
    is_settled: bool

    @property
    def is_in_question(self) -> bool:
        """Whether the two differ, and nobody has looked again since."""
        return self.label != self.opinion and not self.is_settled


class Opinions:
    """The opinions in the journal, and the passages on which a person could give one."""

    def __init__(self, answers: Answers, journal: Journal, seed: int):
        self._answers, self._journal, self._seed = answers, journal, seed

    def wanted(self) -> list[list[int]]:
        """The clips of the passages that only others have sorted, in random order."""
        history, me = self._journal.history, self._journal.person
        mine, others = set(history.opinions[me]), [key for key, label in list(history.labels.items()) if label.person != me]
        found = sorted(self._by_card(key for key in others if key not in mine))
        return [found[place] for place in np.random.default_rng(self._seed).permutation(len(found))]

    def compared(self) -> list[OpinionPair]:
        """All passages that two people have judged."""
        found = []
        for person, opinions in list(self._journal.history.opinions.items()):
            of_clip = {self._answers.clip_of_key(key): opinion for key, opinion in list(opinions.items())}
            for clips in self._answers.by_card([clip for clip in of_clip if clip is not None]):
                found.append(_compare(clips, person, [of_clip[clip] for clip in clips]))
        return found

    def agreement(self) -> Agreement | None:
        """How far the opinions agree with the first labels; None if there are no opinions."""
        pairs = [(one.label, one.opinion) for one in self.compared()]
        return agreement(*zip(*pairs, strict=True), self._seed) if pairs else None

    def _by_card(self, keys: Iterable[str]) -> list[list[int]]:
        clips = (self._answers.clip_of_key(key) for key in keys)
        return self._answers.by_card(sorted(clip for clip in clips if clip is not None))


def _compare(clips: list[int], person: str, opinions: list[Opinion]) -> OpinionPair:
    label, opinion = of_passage({one.label.decision for one in opinions}), of_passage({one.decision for one in opinions})
    return OpinionPair(clips, opinions[0].label.person, label, person, opinion, all(one.looks for one in opinions))
