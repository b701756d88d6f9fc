"""Second opinions: a person sorts again, without seeing it, what others have sorted."""

from collections.abc import Iterator, Mapping
from typing import TypeVar

import numpy as np

from .agreement import Agreement, agreement
from .journal import Journal
from .labels import Labels
from .looks import CardLook
from .tasks import LOOK

Known = TypeVar("Known")


class Opinions:
    """The opinions in the journal, and those that a person could give."""

    def __init__(self, labels: Labels, journal: Journal, seed: int):
        self._labels, self._journal, self._seed = labels, journal, seed

    def wanted(self) -> list[int]:
        """The cards that only others have sorted, in an order by chance."""
        history = self._journal.history
        own = self._of_cards(history.opinions.get(self._journal.person, {}))
        others = [card for card, label in self._of_cards(history.labels).items() if label.person != self._journal.person]
        return [card for card in np.random.default_rng(self._seed).permutation(sorted(others)).tolist() if card not in own]

    def differing(self) -> Iterator[CardLook]:
        """Cards on which two people differ, and which nobody has looked at again."""
        for person, card, label, opinion in self._all():
            if label.decision != opinion and not self._labels.was_asked(LOOK, card):
                yield CardLook(card, f"{label.person or 'A file manager'} says {label.decision}, {person} says {opinion}.", None)

    def agreement(self) -> Agreement | None:
        """How far the opinions agree with what had been sorted; None where there is none."""
        pairs = [(label.decision, opinion) for _, _, label, opinion in self._all()]
        return agreement(*zip(*pairs, strict=True), self._seed) if pairs else None

    def _all(self) -> Iterator[tuple]:
        for person, opinions in self._journal.history.opinions.items():
            for card, (label, opinion) in self._of_cards(opinions).items():
                yield person, card, label, opinion

    def _of_cards(self, by_file: Mapping[str, Known]) -> dict[int, Known]:
        """What is known of files, by their cards: that of the first clip for a card."""
        found: dict[int, Known] = {}
        for file, value in list(by_file.items()):
            card = self._labels.card_of_name(file)
            if card is not None:
                found.setdefault(card, value)
        return found
