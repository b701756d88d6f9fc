"""The films of a season by their cameras, as the page shows them, and what a person says about them."""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from threading import RLock

from ..errors import UserError
from ..serving.guarded import Refused
from ..video import clocks, regions
from ..video.cameras import Cameras, Deployment
from ..video.silences import gaps, of_one_time
from ..video.taken import Taken
from ..video.video_files import Videos
from .first_table import plain_folder
from .table_file import TableFile

_TIME = re.compile(r"\d{1,2}:\d\d(:\d\d)?")
_MINUTE = timedelta(minutes=1)
# What the page changes cell by cell.
CELLS = ("site", "begin", "end", "latitude", "longitude", "timezone", "clock", "camera", "note")


@dataclass(frozen=True)
class SeasonFilm:
    """A film.

    number  how the page knows it; path  where it lies; shown  its path below the folder of videos
    time    when it begins, by the clock of the place, without its zone; None if that is not known
    by_camera  what the camera's clock said, without a zone; None if that is not known
    line    the line of the row to which it belongs; 0 if it lies in no period
    """

    number: int
    path: str
    shown: str
    seconds: float
    time: datetime | None
    by_camera: datetime | None
    source: str
    line: int


class Season:
    """The cameras of the table, and their films.

    A camera is a folder of the table, and has a row for each of its periods.
    """

    def __init__(self, videos: Videos, pattern: str | None, table: Path):
        """Raises UserError for a table that cannot be used."""
        self._videos, self._pattern = videos, pattern
        self._numbers = {name: number for number, name in enumerate(videos.paths)}
        # The page makes requests at the same time; a change must not fall between two looks at the table.
        self.lock = RLock()
        self.table = TableFile(table, lambda path: self._taken_by(path) and None)
        self._read()

    def refresh(self) -> bool:
        """Read the table again if another program has changed it; returns whether it has."""
        try:
            if not self.table.has_changed():
                return False
            self._read()
        except UserError:
            self.table.forget()
            raise
        return True

    def _taken_by(self, path: Path) -> Taken:
        return Taken(Cameras(str(path)), self._pattern, self._videos)

    def _read(self) -> None:
        self._taken = self._taken_by(self.table.path)
        self._cells = self.table.cells()
        self.__dict__.pop("films", None)

    @cached_property
    def films(self) -> Mapping[tuple[str, ...], list[SeasonFilm]]:
        """The films of each camera, in the order of their times; those without a time come last."""
        line_of = {row.name: row.line for row in reversed(self._taken.cameras.rows)}
        found: dict[tuple[str, ...], list[SeasonFilm]] = defaultdict(list)
        for name, number in self._numbers.items():
            start, row = self._taken.start(name), self._taken.deployment(name)
            for folder in {row.folder for row in self._taken.rows(name)}:
                found[folder].append(
                    SeasonFilm(
                        number,
                        self._videos.paths[name],
                        Path(self._videos.paths[name]).relative_to(self._videos.folder).as_posix(),
                        self._videos.films[name].seconds,
                        _local(row, start.time) if start else None,
                        start.by_camera.replace(tzinfo=None) if start and start.by_camera else None,
                        start.source if start else "",
                        line_of.get(row.name, row.line) if row else 0,
                    )
                )
        return {folder: sorted(films, key=lambda film: (film.time or datetime.max, film.shown)) for folder, films in found.items()}

    @cached_property
    def path_of(self) -> list[str]:
        """Where each film lies, by its number."""
        return list(self._videos.paths.values())

    @property
    def cameras(self) -> dict[tuple[str, ...], list[Deployment]]:
        """The rows of each camera, in the order of their periods. Rows that are only for a film of a camera are left out."""
        found: dict[tuple[str, ...], list[Deployment]] = defaultdict(list)
        for row in self._taken.cameras.rows:
            if row.folder in self.films or not self._is_of_a_film(row):
                found[row.folder].append(row)
        return {folder: sorted(rows, key=lambda row: row.begin or datetime.min) for folder, rows in found.items()}

    def _is_of_a_film(self, row: Deployment) -> bool:
        path = "/".join(row.path)
        return any(film.shown == path for films in self.films.values() for film in films)

    def described(self) -> dict:
        """All cameras, and what looks wrong."""
        cameras = [self._camera(folder, rows) for folder, rows in self.cameras.items()]
        times = of_one_time(sorted((film.time,) for films in self.films.values() for film in films if film.time))
        return {
            "cameras": cameras,
            "span": [times[0][0].date().isoformat(), times[-1][0].date().isoformat()] if times else None,
            "told": [*self._taken.misfits(), *self._taken.doubts(datetime.now())],
            "table": str(self.table.path),
        }

    def _camera(self, folder: tuple[str, ...], rows: Sequence[Deployment]) -> dict:
        films = self.films.get(folder, [])
        timed = [film for film in films if film.time]
        return {
            "folder": "/".join(folder),
            "site": rows[0].place_name,
            "films": len(films),
            "silences": len(_silences(films)),
            "resets": len(timed) - len(_of_one_time(films)),
            "outside": sum(film.line == 0 for film in films),
            "timed": len(timed),
            "picture": films[0].number if films else None,
            "days": sorted(Counter(film.time.date().isoformat() for film in timed).items()),
            "rows": [self._row(row, [film for film in films if film.line == row.line]) for row in rows],
        }

    def _row(self, row: Deployment, films: Sequence[SeasonFilm]) -> dict:
        timed = [film for film in _of_one_time(films) if film.by_camera]
        begin, end = row.begin or (timed and timed[0].time), row.end or (timed and timed[-1].time)
        return {
            "line": row.line,
            "cells": {name: self._cells[row.line][name] for name in CELLS},
            "films": len(films),
            "roi": regions.rectangles(row.region, "roi"),
            "ignore": regions.rectangles(row.region, "ignore"),
            "nights": (_last_day(end, row) - begin.date()).days if begin and end else None,
            "checked": [
                _for_page(film) | {"believed": _text(film.time if row.clock else film.by_camera)}
                for film in ([timed[0], timed[-1]] if len(timed) > 1 else timed)
            ],
        }

    def film_list(self, folder: str) -> dict:
        """The films of a camera, and its silences."""
        films = self._films_of(folder)
        near = {film.number for film in _of_one_time(films)}
        described = [_for_page(film) | {"isFar": film.time is not None and film.number not in near} for film in films]
        return {"films": described, "marks": [*_resets(films), *_silences(films)]}

    def _films_of(self, folder: str) -> list[SeasonFilm]:
        return self.films.get(tuple(folder.split("/")) if folder else (), [])

    def change(self, line: int, cells: Mapping[str, str], was: Mapping[str, str]) -> None:
        """Change cells of a row. Raises Refused, and then nothing is changed.

        was  what the page showed in these cells
        """
        if any(self._cells[line][name] != was[name] for name in cells):
            raise Refused("This was changed in another window. The page shows it as it is now; say it again.")
        self._change({line: cells})

    def correct(self, line: int, seen: Sequence[tuple[int, str]]) -> None:
        """Note what time it was when films began: each by its number, with what a person says. Raises Refused."""
        row, pairs = self._row_of(line), []
        of_row = {film.number: film for film in self.films.get(row.folder, [])}
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
        film = next(film for films in self.films.values() for film in films if film.number == number)
        if film.time:
            raise Refused("It is known by now when this film begins.")
        self._change({}, [{"folder": plain_folder(film.shown.split("/")), "start": text}])

    def reset(self, line: int, first: int, text: str) -> None:
        """Note that the camera's clock was reset: from this film on, its other clock counts, in a period of its own. Raises Refused.

        text  what time it was when the film began
        """
        row = self._row_of(line)
        films = self.films.get(row.folder, [])
        shown, true = _pair(next(film for film in films if film.number == first), text)
        last = max((film.time for film in _of_one_time(films) if film.line == line), default=None)
        if last is None or true <= last:
            raise Refused(f"The films before it go on until {last:%Y-%m-%d %H:%M}, so it was later. Write what time it was.")
        (mark,) = (mark for mark in _resets(films) if mark["line"] == line)
        after = true + (next(film.by_camera for film in films if film.number == mark["last"]) - shown)
        change = f"{_minute(true):%Y-%m-%d %H:%M}"
        # Without an end, the other films would fit the new period as well, far in the future.
        new = {"clock": clocks.written([(shown, true)]), "begin": change, "end": self._cells[line]["end"] or f"{after:%Y-%m-%d}"}
        self._change({line: {"end": change}}, [self._cells[line] | new])

    def draw(self, line: int, roi: Sequence[Sequence[float]], ignore: Sequence[Sequence[float]]) -> None:
        """Note the rectangles of a period, and of the other periods of its camera that had the same ones."""
        row = self._row_of(line)
        alike = [other.line for other in self.cameras[row.folder] if other.region == row.region]
        cells = {"roi": regions.written(roi), "ignore": regions.written(ignore)}
        self._change(dict.fromkeys(alike, cells))

    def end(self, line: int, before: int | None, after: int | None) -> None:
        """End a period after a film, and begin another one with a later film: between them the camera did not work.

        before  None: the period only begins later; after  None: the camera did not work again
        """
        row = self._row_of(line)
        films = [film for film in self.films.get(row.folder, []) if film.line == line and film.time]
        place = {film.number: index for index, film in enumerate(films)}
        if (before is not None and before not in place) or (after is not None and after not in place) or before == after:
            raise Refused("These films belong to another period now. The page shows them as they are.")
        changes, new = {}, []
        if before is not None:
            last = films[place[before]]
            following = films[place[before] + 1] if place[before] + 1 < len(films) else None
            changes["end"] = _end(last, following)
        if after is not None:
            first = films[place[after]]
            begin = _begin(first, films[place[after] - 1] if place[after] else None)
            if before is None:
                changes["begin"] = begin
            else:
                new = [self._cells[line] | {"begin": begin}]
        self._change({line: changes}, new)

    def share(self, line: int, columns: Sequence[str]) -> int:
        """Write the cells of a row into all rows in which they are all empty; returns into how many."""
        source = self._cells[self._row_of(line).line]
        cells = {name: source[name] for name in columns}
        rows = [row.line for rows in self.cameras.values() for row in rows if not any(self._cells[row.line][name] for name in columns)]
        if rows and any(cells.values()):
            self._change(dict.fromkeys(rows, cells))
        return len(rows)

    def undo(self) -> None:
        """Take back the last change. Raises Refused if there is none."""
        if not self.table.undo():
            raise Refused("There is nothing of this page to undo.")
        self._read()

    def _change(self, changes: Mapping[int, Mapping[str, str]], new: Sequence[Mapping[str, str]] = ()) -> None:
        try:
            self.table.change(changes, new)
        except UserError as error:
            raise Refused(_without_place(str(error))) from None
        self._read()

    def _row_of(self, line: int) -> Deployment:
        return next(row for row in self._taken.cameras.rows if row.line == line)


def _local(row: Deployment | None, time: datetime) -> datetime:
    return row.local(time) if row else time.replace(tzinfo=None)


def _text(time: datetime | None) -> str | None:
    return time and time.isoformat(sep=" ", timespec="seconds")


def _of_one_time(films: Sequence[SeasonFilm]) -> list[SeasonFilm]:
    """The films with a time, without those that a clock that was reset has put far away."""
    timed = of_one_time(sorted((film.time, film.number) for film in films if film.time))
    film_of = {film.number: film for film in films}
    return [film_of[number] for _, number in timed]


def _resets(films: Sequence[SeasonFilm]) -> list[dict]:
    """The films of each period that a reset clock has put far away from the others."""
    found = []
    for line in {film.line for film in films if film.line}:
        of_line = [film for film in films if film.line == line and film.time]
        near = {film.number for film in _of_one_time(of_line)}
        if far := [film for film in of_line if film.number not in near]:
            found.append({"kind": "reset", "line": line, "before": None, "after": None, "first": far[0].number, "last": far[-1].number})
    return found


def _silences(films: Sequence[SeasonFilm]) -> list[dict]:
    """The silences in the periods of a camera, from its films in the order of their times."""
    silent = []
    for line in {film.line for film in films if film.line}:
        timed = _of_one_time([film for film in films if film.line == line])
        silent += [
            {"kind": "silent", "line": line, "before": timed[gap.before].number, "after": timed[gap.after].number}
            for gap in gaps([film.time for film in timed])
        ]
    return silent


def _for_page(film: SeasonFilm) -> dict:
    return {
        "number": film.number,
        "path": film.shown,
        "time": _text(film.time),
        "byCamera": _text(film.by_camera),
        "source": film.source,
        "line": film.line,
    }


def _pair(film: SeasonFilm, text: str) -> tuple[datetime, datetime]:
    """What the camera's clock said, and what was true, both in whole seconds. A text of a time alone is of the day that is known. Without
    seconds, only the minutes are compared."""
    text = text.strip().replace("T", " ")
    if _TIME.fullmatch(text):
        text = f"{film.by_camera:%Y-%m-%d} {text.rjust(5, '0') if text.count(':') == 1 else text.rjust(8, '0')}"
    try:
        true = clocks.date_and_time(text)
    except ValueError as error:
        raise Refused(str(error)) from None
    shown = film.by_camera.replace(microsecond=0)
    return (shown.replace(second=0) if text.count(":") == 1 else shown), true


def _end(last: SeasonFilm, following: SeasonFilm | None) -> str:
    """The end of a period: the day of its last film; the minute, if a film of that day no longer belongs to it."""
    if following and following.time.date() == last.time.date():
        return f"{_minute(last.time) + _MINUTE:%Y-%m-%d %H:%M}"
    return f"{last.time:%Y-%m-%d}"


def _begin(first: SeasonFilm, earlier: SeasonFilm | None) -> str:
    if earlier and earlier.time.date() == first.time.date():
        return f"{_minute(first.time):%Y-%m-%d %H:%M}"
    return f"{first.time:%Y-%m-%d}"


def _minute(time: datetime) -> datetime:
    return time.replace(second=0, microsecond=0)


def _last_day(end: datetime, row: Deployment) -> date:
    """The day of the last moment of the period."""
    return (end - timedelta(seconds=1) * bool(row.end and row.ends_with_day)).date()


def _without_place(text: str) -> str:
    """The message about a table without its first line, if that only names the table: the page knows which."""
    first, _, rest = text.partition("\n")
    return re.sub(r"^\s*line \d+: ", "", rest.strip()) if first.endswith("cannot be used:") and rest else text
