"""Remembers each clip as it was when it was put into the folders. So we can distinguish a clip that was cut again from one that a person
has changed, and find its passage again."""

import csv
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from ..tables import csv_text, read_rows

# A hidden file in the folder of clips: name, film, frame and box, digest. Rows are only ever added; the last row of a name counts. The
# digest comes last, so that half a row, left by a killed program, is recognised.
NAME = ".sorted.csv"
_DIGEST = re.compile("[0-9a-f]{64}")


class Stored(NamedTuple):
    """The SHA-256 of a clip's file, the digest of its film, and its frame and box; empty if unknown."""

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

    def __getitem__(self, name: str) -> Stored:
        return self._stored[name]

    def items(self) -> Iterator[tuple[str, Stored]]:
        """The name and the stored facts of each clip."""
        yield from list(self._stored.items())

    def add(self, clips: Iterable[tuple[str, Stored]]) -> None:
        """Note clips by their names. Raises OSError."""
        new = {name: stored for name, stored in clips if self._stored.get(name) != stored}
        if new:
            rows = csv_text((name, stored.film, stored.where, stored.digest) for name, stored in new.items())
            with self._path.open("a", encoding="utf-8", errors="surrogateescape", newline="") as file:
                file.write("\n" * (file.tell() > 0) + rows.rstrip("\n"))
            self._stored |= new
