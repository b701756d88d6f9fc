"""The table of cameras, which a person writes: a row is a camera at a place for a period, a deployment."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta, tzinfo
from fnmatch import fnmatchcase
from itertools import pairwise
from pathlib import PurePosixPath

from .. import own_tables
from ..data.sites import harmless, site_of
from ..errors import UserError, examples
from ..wording import count
from . import clocks, places, regions
from .clocks import Clock
from .places import Place

COLUMNS = ("site", "folder", "begin", "end", "latitude", "longitude", "timezone", "clock", "start", "ignore", "roi", "camera", "note")
NEEDED = "folder"
SETTING = "videos: cameras"
_GLOB = re.compile(r"[*?\[]")
# A character of patterns that stands for itself, as in `[[]`.
_ITSELF = re.compile(r"\[([*?\[])\]")
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Deployment:
    """A row: a camera at a place for a period.

    line      its line in the table
    name      how other tables name it: the site and the day on which it begins
    site      empty if the folders of the films say it
    folder    the parts of the path below the folder of films, which may be patterns; a film, or a folder for all films in it
    begin, end  its period by the clock of the place; None if it is open
    ends_with_day  whether only the day of the end is known; `end` is then the midnight after it
    place, zone, clock  None if nothing is said
    start     when the film begins, if the row is that of a film
    region    see `regions`
    """

    line: int
    name: str
    site: str
    folder: tuple[str, ...]
    begin: datetime | None
    end: datetime | None
    ends_with_day: bool
    place: Place | None
    zone: tzinfo | None
    clock: Clock | None
    start: datetime | None
    region: str
    camera: str
    note: str

    def fits(self, path: Sequence[str]) -> bool:
        """Whether a film with this path belongs to the folder."""
        return len(path) >= len(self.folder) and all(map(fnmatchcase, path, self.folder))

    @property
    def rank(self) -> tuple[int, bool]:
        """Of several rows that a film fits, the one with the highest rank counts: the longest, and rather without a pattern."""
        return len(self.folder), not any(_GLOB.search(_ITSELF.sub("", part)) for part in self.folder)

    @property
    def path(self) -> tuple[str, ...]:
        """The parts of the path if the folder is no pattern."""
        return tuple(_ITSELF.sub(r"\1", part) for part in self.folder)

    @property
    def has_period(self) -> bool:
        """Whether both ends of the period are written."""
        return self.begin is not None and self.end is not None

    @property
    def place_name(self) -> str:
        """The site, also if no film shows how the folder is read."""
        return self.site or site_of(self.folder)

    def local(self, start: datetime) -> datetime:
        """A time by the clock of the place, without its zone."""
        return (start.astimezone(self.zone) if start.tzinfo and self.zone else start).replace(tzinfo=None)

    def lasts_at(self, start: datetime) -> bool:
        """Whether the time is in the period."""
        moment = self.local(start)
        return (self.begin or datetime.min) <= moment < (self.end or datetime.max)

    def overlaps(self, other: "Deployment") -> bool:
        """Whether the periods overlap. On a day that ends one and begins the other, they follow each other."""
        return max(self._begins, other._begins) < min(self._surely_ends, other._surely_ends)

    @property
    def _begins(self) -> datetime:
        return self.begin or datetime.min

    @property
    def _surely_ends(self) -> datetime:
        return datetime.max if self.end is None else self.end - _DAY * self.ends_with_day


class Cameras:
    """The rows of the table.

    rows  in their order
    """

    def __init__(self, path: str | None):
        """path  None: there is no table

        Raises UserError for a table that cannot be used."""
        self.path = path
        self.rows = _read(path) if path else []
        self._plain: dict[tuple[str, ...], list[Deployment]] = defaultdict(list)
        for row in self.rows:
            if row.rank[1]:
                self._plain[row.path].append(row)
        self._patterns = [row for row in self.rows if not row.rank[1]]

    def of(self, path: Sequence[str]) -> list[Deployment]:
        """The rows that the film with this path fits best: several if they are of different periods. A row for the film alone only changes
        what it says; all else comes from the rows of its folder."""
        own = self._plain.get(tuple(path), [])
        rows = self._of_folder(path)
        return [_changed(row, one) for one in own for row in rows] or own or rows

    def _of_folder(self, path: Sequence[str]) -> list[Deployment]:
        plain = next((rows for end in range(len(path) - 1, -1, -1) if (rows := self._plain.get(tuple(path[:end])))), [])
        fitting = plain + [row for row in self._patterns if row.fits(path)]
        best = max((row.rank for row in fitting), default=None)
        return sorted((row for row in fitting if row.rank == best), key=lambda row: row.begin or datetime.min)

    def check(self, rows_of_films: Iterable[Sequence[Deployment]]) -> None:
        """Raise UserError if rows of a film overlap, so that it would have two cameras at one time, or if a row gives several films one
        start."""
        overlapping: Counter[tuple[int, int]] = Counter()
        started: Counter[int] = Counter()
        for rows in rows_of_films:
            # They are in the order of their beginnings, so neighbours show whether any overlap.
            overlapping.update((one.line, other.line) for one, other in pairwise(rows) if one.overlaps(other))
            started.update({row.line for row in rows if row.start})
        told = [f"lines {one} and {other} overlap in time, for {count(number, 'film')}" for (one, other), number in overlapping.items()]
        if told:
            told[-1] += ". Write when one camera was taken down (end) and the other was put up (begin), or narrower folders"
        told += [
            f"line {line} gives one start to {number} films. Write a row for each film" for line, number in started.items() if number > 1
        ]
        if told:
            raise UserError(f"{self.path} cannot be used:\n{examples(told)}")


def _changed(row: Deployment, film: Deployment) -> Deployment:
    """The row of a folder with what the row of a film in it changes. At another site, the film is a deployment of its own."""
    is_elsewhere = bool(film.site) and film.site.casefold() != row.site.casefold()
    return replace(
        row,
        line=film.line,
        name=film.name if is_elsewhere else row.name,
        site=film.site or row.site,
        place=film.place or row.place,
        zone=film.zone or row.zone,
        clock=film.clock or (None if film.start else row.clock),
        start=film.start,
        region=film.region or row.region,
    )


def gives_places(path: str | None) -> bool:
    """Whether the table says where cameras hang. False also for a table that cannot be used: what uses it says so."""
    try:
        return any(row.place for row in Cameras(path).rows)
    except UserError:
        return False


def _read(path: str) -> list[Deployment]:
    taken: set[str] = set()
    found = own_tables.read(path, COLUMNS, [NEEDED], SETTING, lambda line, cells: _deployment(line, cells, taken))
    if not found:
        raise UserError(f"{path} has no row. Write a row for each camera, or null at {SETTING}.")
    return found


def _deployment(line: int, cells: Mapping[str, str], taken: set[str]) -> Deployment:
    folder = PurePosixPath(cells["folder"].replace("\\", "/")).parts
    if not cells["folder"]:
        raise ValueError("it names no folder. Write a folder below the folder of videos, or . for all of it")
    if folder[:1] == ("/",) or ".." in folder:
        raise ValueError(f"{cells['folder']!r} is not below the folder of videos. Write the path from there")
    (begin, _), (end, ends_with_day) = _moment(cells["begin"]), _moment(cells["end"])
    end = end and end + _DAY * ends_with_day
    if begin and end and begin >= end:
        raise ValueError(f"it ends at {cells['end']}, before it begins at {cells['begin']}")
    start = clocks.date_and_time(cells["start"]) if cells["start"] else None
    if start and cells["clock"]:
        raise ValueError("it has a clock and a start. The start is when the film begins; write one of them")
    site = harmless(cells["site"])
    return Deployment(
        line,
        _name(site or "/".join(folder), begin, taken),
        site,
        folder,
        begin,
        end,
        ends_with_day,
        places.read(cells["latitude"], cells["longitude"]),
        places.zone(cells["timezone"]),
        clocks.read(cells["clock"]) if cells["clock"] else None,
        start,
        regions.read(cells["roi"], cells["ignore"]),
        harmless(cells["camera"]),
        harmless(cells["note"]),
    )


def _name(site: str, begin: datetime | None, taken: set[str]) -> str:
    """A name that no earlier row has, and that stays when rows are added."""
    plain = f"{site} {begin:%Y-%m-%d}" if begin else site
    number, name = 1, plain
    while name in taken:
        number += 1
        name = f"{plain} ({number})"
    taken.add(name)
    return name


def _moment(text: str) -> tuple[datetime | None, bool]:
    """A date with or without a time, and whether it is without."""
    try:
        found = datetime.fromisoformat(text) if text else None
        if found and (found.tzinfo or not 1900 <= found.year <= 2200):
            raise ValueError
    except ValueError:
        raise ValueError(
            f"{text!r} is not a date. Write it as 2024-05-17 or 2024-05-17 06:29, by the clock of the place; spreadsheets turn dates around"
        ) from None
    return found, bool(found) and ":" not in text and found.time() == time()
