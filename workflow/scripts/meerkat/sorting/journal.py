"""The journal of decisions, labels.csv in the folder of clips: who decided what, and when. Rows are only ever added."""

import os
from datetime import datetime
from pathlib import Path

from ..tables import csv_text

COLUMNS = ("time", "person", "video", "track", "split", "decision")
# Written as the decision when one is taken back.
UNDONE = "undone"


class Journal:
    """Adds rows to the journal; each is on the disk when the call returns."""

    def __init__(self, path: Path, person: str):
        self._path, self._person = path, person

    def add(self, video: str, track: int, split: str, decision: str) -> None:
        """Note a decision, or UNDONE."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("ab") as file:
            begins = csv_text([COLUMNS]) if not file.tell() else ""
            row = (datetime.now().astimezone().isoformat(timespec="seconds"), self._person, video, track, split, decision)
            file.write((begins + csv_text([row])).encode(errors="surrogateescape"))
            file.flush()
            os.fsync(file.fileno())
