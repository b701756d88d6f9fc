"""Remembers the films and the stills that were seen, so that none is read twice to find out which it is."""

import csv
import stat
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import NamedTuple

from .. import atomic, tables
from . import bursts, picture_header
from .film_header import NO_HEADER, FilmHeader
from .film_ids import id_of, id_without_content
from .stretches import Film

COLUMNS = ("path", "name", "film", "seconds", "stretches", "size", "modified", "changed", "created", "camera")

# The status of what is not a file, or cannot be reached.
_NOTHING = (0, 0, 0)


class _Seen(NamedTuple):
    """A film as it was seen at a path: its name in results, what it is, the file's size and times in nanoseconds, and its header."""

    name: str
    film: Film
    status: tuple[int, int, int]
    header: FilmHeader


class KnownFilms:
    """The films by their paths below the folder of videos. A still counts as a film here, of no length."""

    def __init__(self, table: Path | str | None = None):
        """table  where they are remembered; if it is missing or damaged, nothing is known"""
        self._table, self._seen = table, {}
        try:
            rows = tables.read_rows(table)[1:] if table else []
            self._seen = {row[0]: _read_row(row) for row in rows}
        except (FileNotFoundError, IndexError, ValueError, TypeError, csv.Error):
            pass
        self._saved = dict(self._seen)
        self._by_id = {seen.film.id: (seen.film, seen.header) for seen in self._seen.values()}

    def names(self) -> Mapping[str, str]:
        """The name in results that a path has, or had."""
        return {path: seen.name for path, seen in self._seen.items() if seen.name}

    def films(self) -> Mapping[str, str]:
        """The id of the film that lies, or lay, at each path below the folder of videos."""
        return {path: seen.film.id for path, seen in self._seen.items()}

    def gone(self, here: Collection[str]) -> dict[Film, tuple[str, str]]:
        """The films that are not here any more, each with its last name in results and its last path.

        here  the ids of all that are
        """
        ids = set(here)
        named_last = sorted(self._seen.items(), key=lambda one: bool(one[1].name))  # copies, and later stills of a burst, have no name
        return {seen.film: (seen.name, path) for path, seen in named_last if seen.film.id not in ids and seen.status[0]}

    def film(self, below: str, path: str) -> Film:
        """The film at a path; `below` is its path below the folder of videos. A new file is read, and remembered."""
        status = _status(path)
        before = self._seen.get(below)
        if before and before.status == status:
            return before.film
        try:
            film, header = self._read(path, status[0]) if status[0] else (Film(id_without_content(below), 0.0, 1), NO_HEADER)
        except OSError:  # The search will say what is wrong. The next run tries again.
            film, header, status = Film(id_without_content(below), 0.0, 1), NO_HEADER, _NOTHING
        self._seen[below] = _Seen(before.name if before else "", film, status, header)
        return film

    def header(self, below: str) -> FilmHeader:
        """What the header of a film says that `film` has seen at this path below the folder of videos; empty if it cannot be read."""
        return self._seen[below].header

    def _read(self, path: str, size: int) -> tuple[Film, FilmHeader]:
        film = id_of(path, size)
        if film not in self._by_id:
            self._by_id[film] = _new_still(film, path) if bursts.is_still(path) else _new_film(film, path)
        return self._by_id[film]

    def name(self, names: Mapping[str, str]) -> None:
        """Remember the names of films by their paths below the folder."""
        for path, name in names.items():
            self._seen[path] = self._seen[path]._replace(name=name)

    def forget(self, films: Collection[Film]) -> None:
        """Forget films, with the names of their paths."""
        self._seen = {path: seen for path, seen in self._seen.items() if seen.film not in films}

    def save(self) -> None:
        """Write the table, if there is something new."""
        if self._seen != self._saved:
            rows = ((path, seen.name, *seen.film[:3], *seen.status, *seen.header) for path, seen in self._seen.items())
            atomic.write_text(self._table, tables.csv_text([COLUMNS, *rows]))


def _new_film(film: str, path: str) -> tuple[Film, FilmHeader]:
    from .division import divide  # takes a quarter of a second, which a run without new films need not pay

    seconds, number, header = divide(path)
    return Film(film, seconds, number), header


def _new_still(still: str, path: str) -> tuple[Film, FilmHeader]:
    return Film(still, 0.0, 1), picture_header.read_or_empty(path)


def _read_row(row: list[str]) -> _Seen:
    size, modified, changed = map(int, row[5:8])
    return _Seen(row[1], Film(row[2], float(row[3]), int(row[4])), (size, modified, changed), FilmHeader(*row[8:10]))


def _status(path: str) -> tuple[int, int, int]:
    """Size and times of a file; zeros if it is not one, or cannot be reached."""
    try:
        status = Path(path).stat()
    except OSError:
        return _NOTHING
    return (status.st_size, status.st_mtime_ns, status.st_ctime_ns) if stat.S_ISREG(status.st_mode) else _NOTHING
