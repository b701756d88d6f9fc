"""The results of an unfinished search for motion. If the search of a long film is killed, it continues at its last milestone.

<folder>/.unfinished-last.json  the last milestone, what the search was made from, and the tables at that time with their lengths
<folder>/.unfinished-*.csv      a table of boxes and a table of clips, to which rows are added as they come
"""

import csv
import json
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

from pydantic import TypeAdapter

from .. import atomic
from ..tables import csv_text
from .search import Milestone

_PREFIX = ".unfinished-"
_LAST = f"{_PREFIX}last.json"
_MILESTONE = TypeAdapter(Milestone)


class GrowingTable:
    """A table without a header, to which rows are added, in a separate file: a killed Snakemake may leave a program behind that searches
    the same film at the same time.

    name  of the file, hidden and unique
    """

    def __init__(self, folder: Path, begins_as: tuple[str, int] | None):
        """begins_as  the name of another table in the folder, and how many of its bytes to copy"""
        handle, path = tempfile.mkstemp(prefix=_PREFIX, suffix=".csv", dir=folder)
        self.name, self._file = Path(path).name, os.fdopen(handle, "w+", newline="", encoding="utf-8", errors="surrogateescape")
        if begins_as:
            name, length = begins_as
            self._file.write((folder / name).read_bytes()[:length].decode(errors="surrogateescape"))

    def write(self, row: Sequence[object]) -> None:
        """Add a row."""
        self._file.write(csv_text([row]))

    def settle(self) -> tuple[str, int]:
        """Bring all rows to the disk. Returns the file's name and its length in bytes."""
        self._file.flush()
        os.fsync(self._file.fileno())
        return self.name, os.fstat(self._file.fileno()).st_size

    def rows(self) -> Iterator[list[str]]:
        """All rows, as texts, one by one. Nothing may be written after that."""
        self._file.seek(0)
        yield from csv.reader(self._file)


class UnfinishedMotion:
    """The tables of an unfinished search.

    boxes, clips    what was found
    milestone       the last one, None if there is none; counts  what was counted up to there
    """

    def __init__(self, folder: Path, made_from: Callable[[], str]):
        """Continues with the tables that an earlier search has left in the folder, if it was made from the same."""
        self._folder, self._made_from = folder, cache(made_from)
        self.milestone, self.counts, earlier = self._load()
        self.boxes, self.clips = GrowingTable(folder, earlier[0]), GrowingTable(folder, earlier[1])
        self._remove({self.boxes.name, self.clips.name, _LAST})

    def reach(self, milestone: Milestone, counts: Mapping[str, int]) -> None:
        """Save the milestone: everything before it is in the tables."""
        state = {
            "made_from": self._made_from(),
            "milestone": _MILESTONE.dump_python(milestone, mode="json"),
            "counts": counts,
            "tables": [self.boxes.settle(), self.clips.settle()],
        }
        atomic.write_text(self._folder / _LAST, json.dumps(state))

    def finish(self) -> None:
        """Delete everything: the search is finished."""
        self._remove(set())

    def _load(self) -> tuple[Milestone | None, dict[str, int], list[tuple[str, int] | None]]:
        """The last saved state; empty if there is none, if it is incomplete, or if it was made from something else."""
        try:
            state = json.loads((self._folder / _LAST).read_text())
            is_whole = all((self._folder / name).stat().st_size >= length for name, length in state["tables"])
            if is_whole and state["made_from"] == self._made_from():
                return _MILESTONE.validate_python(state["milestone"]), state["counts"], state["tables"]
        except (OSError, ValueError, KeyError, TypeError):
            pass
        return None, {}, [None, None]

    def _remove(self, kept: set[str]) -> None:
        for path in self._folder.glob(f"{_PREFIX}*"):
            if path.name not in kept:
                path.unlink(missing_ok=True)
