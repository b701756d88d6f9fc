"""What a person says about cameras on the page, written into their table."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from ..errors import UserError
from ..serving.guarded import Refused
from ..video import clocks, regions
from .first_table import plain_folder
from .season import Season, SeasonFilm, near_ones, resets
from .table_file import TableFile

_TIME = re.compile(r"\d{1,2}:\d\d(:\d\d)?")
_MINUTE = timedelta(minutes=1)
# A time of another day is meant if it is no further than this from the time that is believed now.
_NEAR = timedelta(hours=3)


class Corrections:
    """Changes the table, after which the season follows it. Films are given by their numbers, rows by their lines."""

    def __init__(self, season: Season, table: Path):
        """Raises UserError for a table that cannot be used."""
        self._season = season
        self._table = TableFile(table, self._check)
        self._check(table)
        self._show()

    def _check(self, content: Path) -> None:
        self._taken = self._season.taken_by(content, self._table.path)

    def _show(self) -> None:
        self._season.show(self._taken, self._table.cells())

    def refresh(self) -> bool:
        """Read the table again if another program has changed it; returns whether it has. Raises UserError if it cannot be used."""
        try:
            if not self._table.has_changed():
                return False
            self._check(self._table.path)
            self._show()
        except UserError:
            self._table.forget()
            raise
        return True

    def change(self, line: int, cells: Mapping[str, str], was: Mapping[str, str]) -> None:
        """Change cells of a row. Raises Refused, and then nothing is changed.

        was  what the page showed in these cells
        """
        if others := [now for name in cells if (now := self._season.cells[line][name]) != was[name]]:
            raise Refused(
                f"Another window has written {others[0]!r} here. What you typed is not in the table; type it again if you want it there."
            )
        self._change({line: cells})

    def correct(self, line: int, seen: Sequence[tuple[int, str]]) -> None:
        """Note what time it was when films began: each by its number, with what a person says. Raises Refused."""
        row, pairs = self._season.row(line), []
        of_row = {film.number: film for film in self._season.films.get(row.folder, [])}
        for number, text in seen:
            film = of_row[number]
            if film.by_camera is None or film.time is None:
                raise Refused(f"Neither the name nor the file of {film.shown} says when it begins, so there is nothing to correct.")
            pairs.append(_pair(film, text))
        try:
            text = clocks.written(pairs)
        except ValueError as error:
            raise Refused(str(error)) from None
        self._change({line: {"clock": text}})

    def begin(self, number: int, text: str) -> None:
        """Note when a film begins that says nothing about it: in a row of its own. Raises Refused."""
        film = next(film for films in self._season.films.values() for film in films if film.number == number)
        own = self._season.line_of_film(film)
        if film.time and not (own and self._season.row(own).start):
            raise Refused("The table already says when this film begins.")
        if not text and not own:
            raise Refused("Write when this film began.")
        self._change({own: {"start": text}} if own else {}, [] if own else [{"folder": plain_folder(film.shown.split("/")), "start": text}])

    def reset(self, line: int, first: int, text: str) -> None:
        """Note that the camera's clock was reset: from this film on, its other clock counts, in a period of its own. Raises Refused.

        text  what time it was when the film began
        """
        films = self._season.films.get(self._season.row(line).folder, [])
        film_of = {film.number: film for film in films}
        (mark,) = (mark for mark in resets(films) if mark["line"] == line and mark["first"] == first)
        shown, true = _pair(film_of[first], text)
        until = true + (film_of[mark["last"]].by_camera - shown)
        right = near_ones([film for film in films if film.line == line])
        if between := [film for film in right if true <= film.time <= until]:
            raise Refused(
                f"{between[0].shown} began at {between[0].time:%Y-%m-%d %H:%M}, in the middle of these films. So your time cannot be "
                "right. Write the true time of the first of these films."
            )
        earlier, later = any(film.time < true for film in right), next((film.time for film in right if film.time > until), None)
        ends = _end(until, later)
        goes_on = later and _begin(later, until)
        row = self._season.cells[line]
        change = f"{true:%Y-%m-%d %H:%M}" if earlier else row["begin"]
        # Without an end, the other films would fit the new period as well, far in the future.
        own = row | {"clock": clocks.written([(shown, true)]), "begin": change, "end": ends if later else row["end"] or ends}
        if earlier:
            self._change({line: {"end": change}}, [own, row | {"begin": goes_on}] if later else [own])
        else:
            self._change({line: {"begin": goes_on}}, [own])

    def draw(self, line: int, roi: Sequence[Sequence[float]], ignore: Sequence[Sequence[float]]) -> None:
        """Note the rectangles of a period, and of the other periods of its camera that had the same ones."""
        row = self._season.row(line)
        alike = [other.line for other in self._season.cameras[row.folder] if other.region == row.region]
        cells = {"roi": regions.written(roi), "ignore": regions.written(ignore)}
        self._change(dict.fromkeys(alike, cells))

    def end(self, line: int, before: int | None, after: int | None) -> None:
        """End a period after a film, and begin another one with a later film: between them the camera did not work.

        before  None: the period only begins later; after  None: the camera did not work again
        """
        row = self._season.row(line)
        films = [film for film in self._season.films.get(row.folder, []) if film.line == line and film.time]
        place = {film.number: index for index, film in enumerate(films)}
        if (before is not None and before not in place) or (after is not None and after not in place) or before == after:
            raise Refused("These films belong to another period now. The page shows them as they are.")
        changes, new = {}, []
        if before is not None:
            following = films[place[before] + 1].time if place[before] + 1 < len(films) else None
            changes["end"] = _end(films[place[before]].time, following)
        if after is not None:
            begin = _begin(films[place[after]].time, films[place[after] - 1].time if place[after] else None)
            if before is None:
                changes["begin"] = begin
            else:
                new = [self._season.cells[line] | {"begin": begin}]
        self._change({line: changes}, new)

    def share(self, line: int, columns: Sequence[str]) -> int:
        """Write the cells of a row into all rows in which they are all empty; returns into how many."""
        source = self._season.cells[self._season.row(line).line]
        cells = {name: source[name] for name in columns}
        rows = [
            row.line
            for rows in self._season.cameras.values()
            for row in rows
            if not any(self._season.cells[row.line][name] for name in columns)
        ]
        if rows and any(cells.values()):
            self._change(dict.fromkeys(rows, cells))
        return len(rows)

    def undo(self) -> None:
        """Take back the last change. Raises Refused if there is none."""
        if not self._table.undo():
            raise Refused("There is nothing of this page to undo.")
        self._show()

    def _change(self, changes: Mapping[int, Mapping[str, str]], new: Sequence[Mapping[str, str]] = ()) -> None:
        try:
            self._table.change(changes, new)
        except UserError as error:
            raise Refused(_without_place(str(error))) from None
        self._show()


def _pair(film: SeasonFilm, text: str) -> tuple[datetime, datetime]:
    """What the camera's clock said, and what was true, both in whole seconds. A time without a date is of the day that is believed now, or
    of the day before or after it if midnight lies between. Without seconds, only the minutes are compared."""
    text, texts = text.strip().replace("T", " "), []
    believed = film.time or film.by_camera
    if _TIME.fullmatch(text):
        time = text.rjust(5, "0") if text.count(":") == 1 else text.rjust(8, "0")
        texts = [f"{believed + timedelta(days=days):%Y-%m-%d} {time}" for days in (0, -1, 1)]
    try:
        possible = [clocks.date_and_time(text) for text in texts or [text]]
    except ValueError as error:
        raise Refused(str(error)) from None
    true = next((time for time in possible if abs(time - believed) <= _NEAR), possible[0])
    shown = film.by_camera.replace(microsecond=0)
    return (shown.replace(second=0) if text.count(":") == 1 else shown), true


def _end(last: datetime, following: datetime | None) -> str:
    """The end of a period: the day of its last film; the minute after it, if a film of that day no longer belongs to the period."""
    if following and following.date() == last.date():
        return f"{last + _MINUTE:%Y-%m-%d %H:%M}"
    return f"{last:%Y-%m-%d}"


def _begin(first: datetime, earlier: datetime | None) -> str:
    """The begin of a period: the day of its first film; the minute, if a film of that day does not belong to it."""
    if earlier and earlier.date() == first.date():
        return f"{first:%Y-%m-%d %H:%M}"
    return f"{first:%Y-%m-%d}"


def _without_place(text: str) -> str:
    """The message about a table without its first line, if that only names the table: the page knows which."""
    first, _, rest = text.partition("\n")
    return re.sub(r"^\s*line \d+: ", "", rest.strip()) if first.endswith("cannot be used:") and rest else text
