"""What each clip was when it was put into the folders: so a clip that was cut anew is told from one that a person has changed, and the
passage that it shows is found again."""

import csv
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from ..tables import csv_text, read_rows

# In the folder of clips, hidden: name, film, frame and box, digest. Rows are only ever added; the last one of a name counts. The digest
# comes last, so that a row which a killed program has torn is known by it.
NAME = ".sorted.csv"
_DIGEST = re.compile("[0-9a-f]{64}")


class Stored(NamedTuple):
    """The SHA-256 of a clip's file, what tells the content of its film, and its frame and box; empty what was not known."""

    digest: str
    film: str
    where: str


class SortedAs:
    """The clips in the folders by their names."""

    def __init__(self, folder: Path):
        self._path = folder / NAME
        try:
            rows = read_rows(self._path)
        except (FileNotFoundError, csv.Error):
            rows = []
        whole = [row for row in rows if len(row) == 4 and _DIGEST.fullmatch(row[3])]
        self._stored = {name: Stored(digest, film, where) for name, film, where, digest in whole}

    def __contains__(self, name: str) -> bool:
        return name in self._stored

    def items(self) -> Iterator[tuple[str, Stored]]:
        """Name and what was stored of each clip."""
        yield from list(self._stored.items())

    def add(self, clips: Iterable[tuple[str, Stored]]) -> None:
        """Note clips by their names. Raises OSError."""
        new = {name: stored for name, stored in clips if self._stored.get(name) != stored}
        if new:
            rows = csv_text((name, stored.film, stored.where, stored.digest) for name, stored in new.items())
            with self._path.open("a", encoding="utf-8", errors="surrogateescape", newline="") as file:
                file.write("\n" * (file.tell() > 0) + rows.rstrip("\n"))
            self._stored |= new
