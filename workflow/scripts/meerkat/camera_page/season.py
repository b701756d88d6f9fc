"""The films of a season by their cameras, as the page shows them."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from pathlib import Path

from ..video import regions
from ..video.cameras import Cameras, Deployment
from ..video.silences import by_year, gaps
from ..video.taken import Taken
from ..video.video_files import Videos

# A time of the past in which this share of the films lies may be the right one; fewer are strays.
_FEW = 0.1
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

    def __init__(self, videos: Videos, pattern: str | None):
        """pattern  see `videos: start_pattern`"""
        self._videos, self._pattern = videos, pattern
        self._numbers = {name: number for number, name in enumerate(videos.paths)}

    def taken_by(self, content: Path, table: Path) -> Taken:
        """When and where the films were taken by a table of cameras. Raises UserError for one that cannot be used.

        content  a file with the content of the table; table  how messages name it
        """
        cameras = Cameras(str(content))
        cameras.path = str(table)
        return Taken(cameras, self._pattern, self._videos)

    def show(self, taken: Taken, cells: Mapping[int, Mapping[str, str]]) -> None:
        """Show the films as this table says.

        cells  see `TableFile.cells`
        """
        self._taken, self.cells = taken, cells
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
        paths = {film.shown for films in self.films.values() for film in films}
        found: dict[tuple[str, ...], list[Deployment]] = defaultdict(list)
        for row in self._taken.cameras.rows:
            if row.folder in self.films or "/".join(row.path) not in paths:
                found[row.folder].append(row)
        return {folder: sorted(rows, key=lambda row: row.begin or datetime.min) for folder, rows in found.items()}

    def described(self) -> dict:
        """All cameras, and what looks wrong."""
        cameras = [self._camera(folder, rows) for folder, rows in self.cameras.items()]
        far = {number for films in self.films.values() for number in _far(films)}
        times = sorted(film.time for films in self.films.values() for film in films if film.time and film.number not in far)
        return {
            "cameras": cameras,
            "span": [times[0].date().isoformat(), times[-1].date().isoformat()] if times else None,
            "told": [*self._taken.misfits(), *self._taken.doubts(datetime.now())],
            "table": str(self._taken.cameras.path),
        }

    def _camera(self, folder: tuple[str, ...], rows: Sequence[Deployment]) -> dict:
        films = self.films.get(folder, [])
        timed = [film for film in films if film.time]
        return {
            "folder": "/".join(folder),
            "site": rows[0].place_name,
            "films": len(films),
            "silences": len(silences(films)),
            "resets": len(_far(films)),
            "outside": sum(film.line == 0 for film in films),
            "timed": len(timed),
            "picture": films[0].number if films else None,
            "days": sorted(Counter(film.time.date().isoformat() for film in timed).items()),
            "rows": [self._row(row, [film for film in films if film.line == row.line]) for row in rows],
        }

    def _row(self, row: Deployment, films: Sequence[SeasonFilm]) -> dict:
        timed = [film for film in near_ones(films) if film.by_camera]
        begin, end = row.begin or (timed and timed[0].time), row.end or (timed and timed[-1].time)
        return {
            "line": row.line,
            "cells": {name: self.cells[row.line][name] for name in CELLS},
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
        films = self.films.get(parts_of(folder), [])
        far = _far(films)
        described = [_for_page(film) | {"isFar": film.number in far} for film in films]
        timeless = [film.number for film in films if not film.time]
        marks = [{"kind": "timeless", "first": timeless[0], "number": len(timeless)}] if timeless else []
        return {"films": described, "marks": [*marks, *resets(films), *silences(films)]}

    def line_of_film(self, film: SeasonFilm) -> int:
        """The line of the row of this film alone, which may say when it begins; 0 if there is none."""
        return next((row.line for row in self._taken.cameras.rows if "/".join(row.path) == film.shown), 0)

    def row(self, line: int) -> Deployment:
        """The row of this line. Raises StopIteration if there is none."""
        return next(row for row in self._taken.cameras.rows if row.line == line)


def parts_of(folder: str) -> tuple[str, ...]:
    """The folder of a camera, as its rows have it, from what the page calls it."""
    return tuple(folder.split("/")) if folder else ()


def _local(row: Deployment | None, time: datetime) -> datetime:
    return row.local(time) if row else time.replace(tzinfo=None)


def _text(time: datetime | None) -> str | None:
    return time and time.isoformat(sep=" ", timespec="seconds")


def near_ones(films: Sequence[SeasonFilm]) -> list[SeasonFilm]:
    """The films of the time that is probably right. A clock that was reset begins again in the past, so the last time counts in which there
    are more than a few films."""
    groups = _groups(films)
    enough = _FEW * sum(map(len, groups))
    return next((group for group in reversed(groups) if len(group) >= enough), [])


def resets(films: Sequence[SeasonFilm]) -> list[dict]:
    """The films of each period that a reset clock has put far away from the others, a mark for each time."""
    mark = {"kind": "reset", "before": None, "after": None}
    return [mark | {"line": far[0].line, "first": far[0].number, "last": far[-1].number} for far in _far_groups(films)]


def _far(films: Sequence[SeasonFilm]) -> set[int]:
    """The numbers of the films that a reset clock has put far away from the others of their period."""
    return {film.number for group in _far_groups(films) for film in group}


def _far_groups(films: Sequence[SeasonFilm]) -> Iterator[list[SeasonFilm]]:
    """The same films, those of one time together."""
    for line in {film.line for film in films if film.line}:
        of_line = [film for film in films if film.line == line]
        near = near_ones(of_line)
        yield from (group for group in _groups(of_line) if group != near)


def _groups(films: Sequence[SeasonFilm]) -> list[list[SeasonFilm]]:
    film_of = {film.number: film for film in films}
    return [[film_of[number] for _, number in group] for group in by_year(sorted((film.time, film.number) for film in films if film.time))]


def silences(films: Sequence[SeasonFilm]) -> list[dict]:
    """The silences in the periods of a camera, from its films in the order of their times."""
    silent = []
    for line in {film.line for film in films if film.line}:
        timed = near_ones([film for film in films if film.line == line])
        silent += [
            {"kind": "silent", "line": line, "before": timed[place].number, "after": timed[place + 1].number}
            for place in gaps([film.time for film in timed])
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


def _last_day(end: datetime, row: Deployment) -> date:
    """The day of the last moment of the period."""
    return (end - timedelta(seconds=1) * bool(row.end and row.ends_with_day)).date()
