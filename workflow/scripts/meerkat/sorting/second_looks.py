"""Finds labels that deserve a second look: two people differ on them, or the last training contradicts them."""

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from ..data import predictions
from ..data.labels import LABELS, POSITIVE, UNSURE
from ..evaluate import leaks
from .answers import Answers
from .opinions import Opinions
from .tasks import LOOK


class Contradicted(NamedTuple):
    """A clip in the folders: its path, its label when the model was trained, why it deserves a second look, and the path of a clip to show
    beside it, if any."""

    path: str
    label: str
    reason: str
    beside: str = ""


class SecondLook(NamedTuple):
    """Clips of a passage with the same label that deserves a second look, the reason, and a clip to show beside them, if any."""

    clips: list[int]
    reason: str
    beside: int | None


class SecondLooks:
    """The second looks that are left."""

    def __init__(self, answers: Answers, opinions: Opinions, contradicted: Iterable[Contradicted]):
        """contradicted  the result of `find`; a clip whose label has changed since then is left out"""
        self._answers, self._opinions = answers, opinions
        self._found: list[tuple[int, SecondLook]] = []
        for one in contradicted:
            clip = answers.clip_of_file(one.path)
            if clip is not None and answers.decision(clip) == one.label:
                passage = [other for other in answers.clips_of(answers.card_of(clip)) if answers.decision(other) == one.label]
                self._found.append((clip, SecondLook(passage, one.reason, answers.clip_of_file(one.beside) if one.beside else None)))

    def left(self) -> list[SecondLook]:
        """The second looks that nobody has taken yet, each passage once."""
        differing = [
            SecondLook(one.clips, f"{one.first or 'A file manager'} says {_said(one.label)}, {one.second} says {_said(one.opinion)}.", None)
            for one in self._opinions.compared()
            if one.is_in_question
        ]
        contradicted = [look for clip, look in self._found if not self._answers.was_asked(LOOK, clip)]
        by_passage: dict[int, SecondLook] = {}
        for look in (*differing, *contradicted):
            by_passage.setdefault(look.clips[0], look)
        return list(by_passage.values())


def find(label_issues: Path, of_testing: Path, of_leaks: Path) -> list[Contradicted]:
    """From the tables of the last run, if they exist, each clip once: labels of Training clips that are contradicted by heads that never
    saw them, strongest first; near-duplicates between Testing and Training; errors on Testing clips."""
    found: dict[str, Contradicted] = {}
    if label_issues.is_file():
        for row in predictions.read(label_issues, "train.py").itertuples():
            found[row.path] = Contradicted(row.path, row.label, f"Models that never saw it call it {_words(row.predicted)}.")
    if not of_testing.is_file():
        return list(found.values())
    tested = predictions.read(of_testing).set_index("path", drop=False)
    if of_leaks.is_file():
        near = leaks.read(of_leaks)
        # A run that was stopped half-way leaves new leaks beside old predictions.
        near = near[(near["near_duplicates"] > 0) & near["path"].isin(tested.index)]
        for row in near.sort_values("similarity", ascending=False).itertuples():
            reason = (
                "It looks like the Training clip beside it. If both show the same moment, press U: the clip is then not used for Testing."
            )
            found.setdefault(row.path, Contradicted(row.path, tested.at[row.path, "label"], reason, row.nearest))
    wrong_by = (tested["p_positive"] - predictions.truth(tested)).abs()
    wrong = tested.assign(wrong_by=wrong_by)[tested["label"] != tested["predicted"]].sort_values("wrong_by", ascending=False)
    for row in wrong.itertuples():
        found.setdefault(row.path, Contradicted(row.path, row.label, f"The model calls it {_words(row.predicted)}."))
    return list(found.values())


def _words(label: str) -> str:
    return "an animal" if label == LABELS[POSITIVE] else "background"


def _said(decision: str | None) -> str:
    return UNSURE if decision in (UNSURE, None) else _words(decision)
