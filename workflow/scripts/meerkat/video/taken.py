"""When and where videos were taken: from a table, else from their names, else from the files themselves."""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from .. import own_tables
from ..data import patterns
from ..data.sites import harmless, site_of
from ..errors import printable
from .chapters import Recorded, delays
from .video_files import Videos

HEADER = ["video", "start", "site"]
# This many sites are named.
_SHOWN = 12
_FIRST_YEAR, _LAST_YEAR = 1900, 2200
_PARTS = ("year", "month", "day", "hour", "minute")
# Groups that a pattern may have besides.
_SECOND, _HALF = "second", "ampm"


@dataclass(frozen=True)
class Start:
    """When a video begins, with the time zone if one is written, and the source: table, name or file."""

    time: datetime
    source: str

    def after(self, seconds: float) -> datetime:
        """Date and time this many seconds later, by the clock of the place."""
        return _in_zone_of(self.time, self.instant(seconds))

    def instant(self, seconds: float) -> datetime:
        """The same in UTC if the zone is known, so that moments of all films can be compared."""
        time = self.time.astimezone(UTC) if self.time.tzinfo else self.time
        return time + timedelta(seconds=seconds)


def _in_zone_of(time: datetime, instant: datetime) -> datetime:
    return instant.astimezone(time.tzinfo) if time.tzinfo else instant


def written(time: datetime | None) -> str:
    """A date and time as written in tables, empty if there is none."""
    return time.isoformat(sep=" ", timespec="milliseconds") if time else ""


class Taken:
    """Finds start and site of videos.

    unused  the rows of the table that name no video here
    unfitting  the videos for which the table gives no start and the pattern finds no date in the name
    """

    def __init__(self, table: str | None, pattern: str | None, videos: Videos):
        """Raises UserError for a table that cannot be used."""
        paths = videos.paths
        self._below = {name: Path(path).relative_to(videos.folder) for name, path in paths.items()}
        compiled = re.compile(pattern) if pattern else None
        rows = _read(table, videos.names_as_written()) if table else {}
        self._table = {video: row for video, row in rows.items() if video in paths}
        self.unused = sorted(set(rows) - set(paths))
        dated = {name for name, (time, _) in self._table.items() if time}
        self._dates = {name: _date_in(compiled, path.name) for name, path in self._below.items()} if compiled else {}
        # Names that differ only in capitals are the same place.
        self._written = {name: self._read_site(name) for name in paths}
        counted = sorted(Counter(self._written.values()).items(), key=lambda pair: (pair[1], pair[0]))
        self._spelled = {site.casefold(): site for site, _ in counted}
        self.unfitting = [str(self._below[name]) for name, date in self._dates.items() if not date and name not in dated]

    def site(self, name: str) -> str:
        """The site from the table, else from the folders (see `sites`); empty if there is none."""
        return self._spelled[self._written[name].casefold()]

    def an_example(self) -> str:
        """An example of how the table names a video."""
        return min(path.as_posix() for path in self._below.values())

    def _read_site(self, name: str) -> str:
        """The site as it is written for this video."""
        _, site = self._table.get(name, (None, ""))
        return unicodedata.normalize("NFC", harmless(site) if site else site_of(self._below[name].parts[:-1]))

    def sites_line(self) -> str:
        """A line that lists how many videos each site has, and which names count as one. It shows how the folders were read."""
        numbers = Counter(map(self.site, self._below))
        nowhere = numbers.pop("", 0)
        spelled = defaultdict(set)
        for name, written in self._written.items():
            spelled[self.site(name)].add(written)
        told = [
            f"{site} ({', '.join([str(number), *(f'also written {other}' for other in sorted(spelled[site] - {site}))])})"
            for site, number in numbers.most_common(_SHOWN)
        ]
        more = [f"{len(numbers) - _SHOWN} others"] if len(numbers) > _SHOWN else []
        without = [f"at no site ({nowhere})"] if nowhere else []
        return printable(f"Sites, with the number of videos: {', '.join([*told, *more, *without])}.")

    def starts(self, recorded: Mapping[str, Recorded]) -> dict[str, Start | None]:
        """When each video begins, by its name in results; None if unknown."""
        late = delays(self._below, recorded)
        return {name: self._start(name, recorded[name].created, late.get(name, 0.0)) for name in self._below}

    def _start(self, name: str, written: str, delay: float | None) -> Start | None:
        """delay  the video begins this many seconds after the time in the file; None if that is not known"""
        time, _ = self._table.get(name, (None, ""))
        if time:
            return Start(time, "table")
        if name in self._dates:
            return Start(self._dates[name], "name") if self._dates[name] else None
        try:
            found = Start(datetime.fromisoformat(written), "file")
        except ValueError:
            return None
        return None if delay is None else Start(found.after(delay), "file")


def _date_in(pattern: re.Pattern, name: str) -> datetime | None:
    """The date and time that the pattern finds in a name, None if there is none."""
    match = patterns.match(pattern.search, name, "videos: start_pattern")
    try:
        return _plausible(datetime(*_numbers(match.groupdict()))) if match else None
    except (ValueError, TypeError):  # no such day; a group that took no part
        return None


def _numbers(parts: Mapping[str, str | None]) -> list[int]:
    """Year to second from the groups of a pattern. Raises ValueError for an hour that a twelve-hour clock does not have."""
    *day, hour, minute = (int(parts[part]) for part in _PARTS)
    if half := (parts.get(_HALF) or "").lower().replace(".", ""):
        if not 1 <= hour <= 12 or half[0] not in "ap":
            raise ValueError("no hour before or after noon")
        hour = hour % 12 + 12 * (half[0] == "p")
    return [*day, hour, minute, int(parts.get(_SECOND) or 0)]


def _plausible(time: datetime) -> datetime:
    if not _FIRST_YEAR <= time.year <= _LAST_YEAR:
        raise ValueError("no year in which a film was taken")
    return time


def _read(path: str, known: Mapping[str, str]) -> dict[str, tuple[datetime | None, str]]:
    """Start and site by video; `known` are the names in results by what people write."""
    found: dict[str, tuple[datetime | None, str]] = {}

    def parse(cells: list[str]) -> None:
        video, start, site = cells
        if not video:
            raise ValueError("it names no video")
        written = Path(video).as_posix()
        try:
            if start and ":" not in start:
                raise ValueError("no time of the day")
            row = (_plausible(datetime.fromisoformat(start)) if start else None, site)
        except ValueError:
            raise ValueError(f"{start!r} is not a date and time. Write it as 2024-05-17 06:29:44; spreadsheets turn dates around") from None
        if found.setdefault(known.get(written, written), row) != row:
            raise ValueError(f"an earlier line says something else about {video}, or about a copy of it")

    own_tables.read(path, HEADER, "videos: table", parse)
    return found
