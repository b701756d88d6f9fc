"""The journal of decisions, labels.csv in the folder of clips: who decided what, and when. Rows are only ever added."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from ..row_log import RowLog
from .folders import DECISIONS
from .tasks import BY_HAND, LOOK, OPINION, REVIEW, UNDO

NAME = "labels.csv"
COLUMNS = ("time", "person", "task", "split", "video", "track", "file", "decision")
# Written as the decision if there is none any more.
UNDONE = "undone"


class Label(NamedTuple):
    """A decision, the person who made it, and when; the name is empty if it was made with a file manager."""

    person: str
    decision: str
    time: str


class Decision(NamedTuple):
    """The task in which a clip was decided on, and what undoing restores: its label before, and whether the page had asked about it."""

    task: str
    before: Label | None
    was_asked: bool


@dataclass
class Opinion:
    """The label of a clip, the decision of a person who did not see it, and the number of second looks since then."""

    label: Label
    decision: str
    looks: int = 0


@dataclass
class History:
    """The content of the journal, by the file of a clip.

    labels    the last decision on each clip, in the order in which these were made
    opinions  the last opinion of each person
    asked     by task: the clips that the page asked about and that were decided
    """

    labels: dict[str, Label] = field(default_factory=dict)
    opinions: dict[str, dict[str, Opinion]] = field(default_factory=lambda: defaultdict(dict))
    asked: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    # The decisions on each clip that were not undone.
    _decided: dict[str, list[Decision]] = field(default_factory=lambda: defaultdict(list))

    def last(self, file: str) -> Decision | None:
        """The last decision on a clip that was not undone."""
        return self._decided[file][-1] if self._decided[file] else None

    def is_of_review(self, file: str) -> bool:
        """Whether the label of a clip comes from the review of a visit."""
        last = self.last(file)
        return last is not None and last.task == REVIEW

    def note(self, time: str, person: str, task: str, file: str, decision: str) -> None:
        """Take in a row of the journal."""
        is_undone, task = task.startswith(UNDO), task.removeprefix(UNDO)
        label = self.labels.get(file)
        if task == OPINION:
            if is_undone:
                self.opinions[person].pop(file, None)
            elif label:
                self.opinions[person][file] = Opinion(label, decision)
            return
        if is_undone and self._decided[file]:
            _, label, was_asked = self._decided[file].pop()
        else:
            self._decided[file].append(Decision(task, label, file in self.asked[task]))
            was_asked = True
            if decision == UNDONE:
                label = None
            elif label is None or label.decision != decision:
                label = Label("" if task == BY_HAND else person, decision, time)
        if label != self.labels.get(file):
            self.labels.pop(file, None)  # so that it comes last
            if label:
                self.labels[file] = label
        (self.asked[task].add if was_asked else self.asked[task].discard)(file)
        if task == LOOK:
            for opinions in self.opinions.values():
                if file in opinions:
                    opinions[file].looks += -1 if is_undone else 1


def read(path: Path, renamed: Mapping[str, str] = MappingProxyType({})) -> History:
    """The journal, empty if there is none, without the lines that cannot be read. Raises UserError as `RowLog.rows` does.

    renamed  the present name of a clip by its earlier ones
    """
    return _history(_log(path).rows(), renamed)


def _log(path: Path) -> RowLog:
    return RowLog(path, COLUMNS, _check, f"the decision is one of {', '.join((*DECISIONS, UNDONE))}")


def _check(cells: Sequence[str]) -> None:
    if cells[-1] not in (*DECISIONS, UNDONE):
        raise ValueError


def _history(rows: Iterable[Sequence[str]], renamed: Mapping[str, str]) -> History:
    history = History()
    for row in rows:
        named = dict(zip(COLUMNS, row, strict=True))
        file = renamed.get(named["file"], named["file"])
        history.note(named["time"], named["person"], named["task"], file, named["decision"])
    return history


class Journal:
    """Adds rows to the journal. They are on the disk when the call returns.

    person   who decides from now on
    history  the content of the journal
    """

    def __init__(self, path: Path, person: str, renamed: Mapping[str, str] = MappingProxyType({})):
        """renamed  the present name of a clip by its earlier ones

        Raises UserError as `read` does."""
        self._log, self.person = _log(path), person
        self.history = _history(self._log.rows(for_writing=True), renamed)

    def add(self, rows: Iterable[tuple[str, ...]]) -> None:
        """Note decisions: task, split, video, track, file, decision. Raises OSError when they cannot be written."""
        self._add(rows, self.person, self._log.now())

    def carry(self, rows: Iterable[tuple[str, ...]], label: Label) -> None:
        """Note decisions, as `add` does, that were made earlier, on other clips: with the person and the time of `label`."""
        self._add(rows, label.person, label.time)

    def _add(self, rows: Iterable[tuple[str, ...]], person: str, time: str) -> None:
        rows = list(rows)
        self._log.add((time, person, *row) for row in rows)
        for task, *_, name, decision in rows:
            self.history.note(time, person, task, name, decision)
