"""The journal of decisions, labels.csv in the folder of clips: who decided what, and when. Rows are only ever added."""

import os
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from ..tables import csv_text, read_rows
from .tasks import BY_HAND, OPINION, UNDO

COLUMNS = ("time", "person", "task", "split", "video", "track", "file", "decision")
# Written as the decision where there is none any more.
UNDONE = "undone"


# The journal in the folder of clips.
NAME = "labels.csv"


class Label(NamedTuple):
    """A decision, and the person who made it; nobody is named where it was made with a file manager."""

    person: str
    decision: str


@dataclass
class History:
    """What the journal says, by the file of a clip.

    labels  the last decision on each clip, in the order in which these were made
    opinions  by person: the label that the clip had, and what the person says who did not see that
    asked  by task: clips that were decided on when the page asked for them
    """

    labels: dict[str, Label] = field(default_factory=dict)
    opinions: dict[str, dict[str, tuple[Label, str]]] = field(default_factory=dict)
    asked: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def note(self, person: str, task: str, file: str, decision: str) -> None:
        """Take in a row of the journal."""
        is_taken_back, task = task.startswith(UNDO), task.removeprefix(UNDO)
        last = self.labels.get(file)
        if task == OPINION:
            own = self.opinions.setdefault(person, {})
            if is_taken_back:
                own.pop(file, None)
            elif last:
                own[file] = last, decision
            return
        if last is None or last.decision != decision:
            self.labels.pop(file, None)  # so that it comes last
            if decision != UNDONE:
                self.labels[file] = Label("" if task == BY_HAND else person, decision)
        (self.asked[task].discard if is_taken_back else self.asked[task].add)(file)


def read(path: Path) -> History:
    """What the journal says; nothing where there is none."""
    history = History()
    for row in read_rows(path) if path.is_file() else []:
        if len(row) == len(COLUMNS) and row != [*COLUMNS]:  # a killed program may have torn one
            named = dict(zip(COLUMNS, row, strict=True))
            history.note(named["person"], named["task"], named["file"], named["decision"])
    return history


class Journal:
    """Adds rows to the journal; they are on the disk when the call returns.

    history  what it says
    """

    def __init__(self, path: Path, person: str):
        """person  who decides from now on"""
        self._path, self.person, self.history = path, person, read(path)

    def add(self, task: str, rows: Iterable[tuple[str, str, str, str, str]]) -> None:
        """Note decisions: split, video, track, file, decision."""
        rows = list(rows)
        now = datetime.now().astimezone().isoformat(timespec="seconds")
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("ab") as file:
            begins = self._end_of_line() if file.tell() else csv_text([COLUMNS])
            text = begins + csv_text((now, self.person, task, *row) for row in rows)
            file.write(text.encode(errors="surrogateescape"))
            file.flush()
            os.fsync(file.fileno())
        for _, _, _, name, decision in rows:
            self.history.note(self.person, task, name, decision)

    def _end_of_line(self) -> str:
        """What ends the last line, which a killed program may have torn."""
        with self._path.open("rb") as file:
            file.seek(-1, os.SEEK_END)
            return "" if file.read(1) == b"\n" else "\n"
