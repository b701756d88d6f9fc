"""The journal of decisions, labels.csv in the folder of clips: who decided what, and when. Rows are only ever added."""

import os
from datetime import datetime
from pathlib import Path

from ..tables import csv_text, read_rows

COLUMNS = ("time", "person", "video", "track", "split", "decision")
# Written as the decision when one is taken back.
UNDONE = "undone"


class Journal:
    """Adds rows to the journal; each is on the disk when the call returns."""

    def __init__(self, path: Path, person: str):
        self._path, self._person = path, person

    def decisions(self) -> dict[tuple[str, int], str]:
        """The last decision on each track, by its video and number; lines that cannot be read are passed over."""
        found: dict[tuple[str, int], str] = {}
        for row in read_rows(self._path) if self._path.is_file() else []:
            if len(row) == len(COLUMNS) and row[3].isdecimal():
                found[row[2], int(row[3])] = row[5]
        return found

    def add(self, video: str, track: int, split: str, decision: str) -> None:
        """Note a decision, or UNDONE."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("ab") as file:
            begins = self._end_of_line() if file.tell() else csv_text([COLUMNS])
            row = (datetime.now().astimezone().isoformat(timespec="seconds"), self._person, video, track, split, decision)
            file.write((begins + csv_text([row])).encode(errors="surrogateescape"))
            file.flush()
            os.fsync(file.fileno())

    def _end_of_line(self) -> str:
        """What ends the last line, which a killed program may have torn."""
        with self._path.open("rb") as file:
            file.seek(-1, os.SEEK_END)
            return "" if file.read(1) == b"\n" else "\n"
