"""Which labels deserve a second look: those that the last training contradicts."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from ..data import predictions
from ..data.labels import LABELS, POSITIVE
from ..evaluate import leaks
from ..tables import read_frame
from .labels import Labels
from .tasks import LOOK


class Look(NamedTuple):
    """A clip in the folders, by its path, its label when the model was trained, why it deserves a second look, and the path of a clip
    to show beside it, if any."""

    path: str
    label: str
    reason: str
    beside: str = ""


class CardLook(NamedTuple):
    """A card that deserves a second look, why, and a clip to show beside it, if any."""

    card: int
    reason: str
    beside: int | None


class Looks:
    """The second looks that are left."""

    def __init__(self, labels: Labels, contradicted: Iterable[Look]):
        """contradicted  what `find` gives; a clip that has been moved since is no longer in question"""
        self._labels = labels
        self._cards: dict[int, CardLook] = {}
        for look in contradicted:
            card = labels.card_of_file(look.path)
            if card is not None and labels.label(card) == look.label:
                beside = labels.card_of_file(look.beside) if look.beside else None
                self._cards.setdefault(card, CardLook(card, look.reason, None if beside is None else labels.clips_of(beside)[0]))

    def left(self) -> list[CardLook]:
        """Those that nobody has taken yet."""
        return [look for look in self._cards.values() if not self._labels.was_asked(LOOK, look.card)]


def find(label_issues: Path, of_testing: Path, of_leaks: Path) -> list[Look]:
    """From the tables of the last run, as far as they are there, each clip once: labels of Training clips that heads contradict which did
    not see them, the most strongly first; near-duplicates between Testing and Training; errors on Testing clips."""
    found: dict[str, Look] = {}
    if label_issues.is_file():
        for row in _contradicted(read_frame(label_issues, "train.py", p_positive=float)):
            found[row.path] = Look(row.path, row.label, f"Models that have not seen it call it {_words(row.predicted)}.")
    labels = {}
    if of_testing.is_file():
        tested = predictions.read(of_testing)
        labels = dict(zip(tested["path"], tested["label"], strict=True))
    if of_leaks.is_file() and labels:
        near = leaks.read(of_leaks)
        for row in near[near["near_duplicates"] > 0].sort_values("similarity", ascending=False).itertuples():
            reason = "It looks like the Training clip beside it. Unsure takes it out of the test."
            found.setdefault(row.path, Look(row.path, labels[row.path], reason, row.nearest))
    if labels:
        for row in _contradicted(tested[tested["label"] != tested["predicted"]]):
            found.setdefault(row.path, Look(row.path, row.label, f"The model calls it {_words(row.predicted)}."))
    return list(found.values())


def _contradicted(table: pd.DataFrame) -> Iterator:
    """The rows, those first whose score is the furthest from their label."""
    wrong_by = (table["p_positive"] - (table["label"] == LABELS[POSITIVE])).abs()
    return table.loc[wrong_by.sort_values(ascending=False, kind="stable").index].itertuples()


def _words(label: str) -> str:
    return "an animal" if label == LABELS[POSITIVE] else "background"
