"""The journal of decisions, labels.csv in the folder of clips: who decided what, and when. Rows are only ever added."""

import csv
import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from .. import atomic, own_tables
from ..errors import UserError, printable
from ..log import log
from ..tables import csv_text
from ..wording import count
from .folders import DECISIONS
from .tasks import BY_HAND, LOOK, OPINION, UNDO

NAME = "labels.csv"
COLUMNS = ("time", "person", "task", "split", "video", "track", "file", "decision")
# A message names this many lines that cannot be read.
_SHOWN = 5
# Written as the decision if there is none any more.
UNDONE = "undone"


class Label(NamedTuple):
    """A decision, and the person who made it; the name is empty if it was made with a file manager."""

    person: str
    decision: str


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
    unread    the numbers of the lines that cannot be read
    is_foreign  whether a spreadsheet has saved it in its own way
    """

    labels: dict[str, Label] = field(default_factory=dict)
    opinions: dict[str, dict[str, Opinion]] = field(default_factory=lambda: defaultdict(dict))
    asked: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    unread: list[int] = field(default_factory=list)
    is_foreign: bool = False
    # Undoing restores these: the label before each decision, and whether the page had asked about the clip in this task.
    _before: dict[str, list[tuple[Label | None, bool]]] = field(default_factory=lambda: defaultdict(list))

    def note(self, person: str, task: str, file: str, decision: str) -> None:
        """Take in a row of the journal."""
        is_undone, task = task.startswith(UNDO), task.removeprefix(UNDO)
        label = self.labels.get(file)
        if task == OPINION:
            if is_undone:
                self.opinions[person].pop(file, None)
            elif label:
                self.opinions[person][file] = Opinion(label, decision)
            return
        if is_undone and self._before[file]:
            label, was_asked = self._before[file].pop()
        else:
            self._before[file].append((label, file in self.asked[task]))
            was_asked = True
            if decision == UNDONE:
                label = None
            elif label is None or label.decision != decision:
                label = Label("" if task == BY_HAND else person, decision)
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
    """The content of the journal, empty if there is none. Lines that cannot be read are skipped (`unread`): a killed program may have left
    half a line.

    renamed  the present name of a clip by its earlier ones

    Raises UserError if no line can be read, because answers must not be taken for missing; and for names in an old Windows encoding, which
    no clip has.
    """
    history = History()
    if not path.is_file():
        return history
    written = own_tables.written(path, COLUMNS)
    history.is_foreign = written.separator is not None and not written.is_plain
    rows = list(_rows(written))
    for number, row in rows:
        if row is None:
            history.unread.append(number)
        else:
            if not all(map(_is_utf_8, row)):
                raise UserError(
                    f"{path}, line {number}: letters that are not UTF-8, so the clip cannot be found: {printable(row[6])}. "
                    "Save it as CSV UTF-8, or put a copy of the file from before in its place."
                )
            named = dict(zip(COLUMNS, row, strict=True))
            history.note(named["person"], named["task"], renamed.get(named["file"], named["file"]), named["decision"])
    if len(history.unread) > 1 and len(history.unread) == len(rows):  # A single line may be incomplete.
        raise UserError(
            f"{path}, line {history.unread[0]}: no answers can be read. It should contain {','.join(COLUMNS)}. Save it as CSV with "
            "commas, in UTF-8, or put a copy of the file from before in its place."
        )
    return history


def _rows(written: own_tables.Written) -> Iterator[tuple[int, list[str] | None]]:
    """The lines after the header, by number, as cells; None for a line that cannot be read."""
    for number, line in enumerate(written.text.splitlines(), 1):
        if number == 1 and written.separator:
            continue
        try:
            [row] = csv.reader([line], delimiter=written.separator or ",", strict=True)
        except (csv.Error, ValueError):
            row = [line]
        row = own_tables.without_empty_end(row, len(COLUMNS))
        if any(row):
            yield number, row if len(row) == len(COLUMNS) and row[-1] in (*DECISIONS, UNDONE) else None


def _is_utf_8(cell: str) -> bool:
    """Whether the bytes of a cell are UTF-8; names of clips always are (see `video_files.list_videos`)."""
    return not any("\udc80" <= letter <= "\udcff" for letter in cell)


class Journal:
    """Adds rows to the journal. They are on the disk when the call returns.

    person   who decides from now on
    history  the content of the journal
    """

    def __init__(self, path: Path, person: str, renamed: Mapping[str, str] = MappingProxyType({})):
        """renamed  see `read`

        Raises UserError as `read` does. If a spreadsheet has saved the journal in its own way, that file is kept, and the journal is
        written again beside it."""
        self._path, self.person, self.history = path, person, read(path, renamed)
        if self.history.unread:
            lines = ", ".join(map(str, self.history.unread[:_SHOWN]))
            log.info(f"{path}: {count(len(self.history.unread), 'line')} cannot be read and are ignored: {lines}.")
        if self.history.is_foreign:
            kept = path.with_name(f"{path.stem}-{datetime.now():%Y%m%d-%H%M%S}{path.suffix}")
            atomic.link(kept, path)
            atomic.write_text(path, csv_text([COLUMNS, *(row for _, row in _rows(own_tables.written(kept, COLUMNS)) if row)]))
            log.info(f"{path} was saved by a spreadsheet. Its content is kept; the file as it was is {kept}.")

    def add(self, rows: Iterable[tuple[str, ...]]) -> None:
        """Note decisions: task, split, video, track, file, decision. Raises OSError when they cannot be written."""
        rows = list(rows)
        now = datetime.now().astimezone().isoformat(timespec="seconds")
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("ab") as file:
            begins = self._end_of_line() if file.tell() else csv_text([COLUMNS])
            text = begins + csv_text((now, self.person, *row) for row in rows)
            file.write(text.encode(errors="surrogateescape"))
            file.flush()
            os.fsync(file.fileno())
        for task, *_, name, decision in rows:
            self.history.note(self.person, task, name, decision)

    def _end_of_line(self) -> str:
        """The text that ends the last line, if a killed program has left half of it."""
        with self._path.open("rb") as file:
            file.seek(-1, os.SEEK_END)
            return "" if file.read(1) == b"\n" else "\n"
