"""When and where videos were taken: from the table of cameras, their names, and the files themselves."""

import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

from ..data import patterns
from ..data.sites import site_of
from ..errors import examples, printable
from ..wording import count
from . import places, video_report
from .cameras import Cameras, Deployment
from .chapters import Recorded, delays
from .silences import of_one_time
from .video_files import Videos

# This many sites are named.
_SHOWN = 12
_FIRST_YEAR, _LAST_YEAR = 1900, 2200
_PARTS = ("year", "month", "day", "hour", "minute")
# Groups that a pattern may have besides.
_SECOND, _HALF = "second", "ampm"
# A clock that goes back by more than a day was reset. A film is in the future if it begins more than a day from now, in any time zone.
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Start:
    """When a video begins, with the time zone if one is known; the source: table, name or file; and what the camera's clock said, None if
    that is not known."""

    time: datetime
    source: str
    by_camera: datetime | None = None

    def after(self, seconds: float) -> datetime:
        """Date and time this many seconds later, by the clock of the place."""
        instant = self.instant(seconds)
        return instant.astimezone(self.time.tzinfo) if self.time.tzinfo else instant

    def instant(self, seconds: float) -> datetime:
        """The same in UTC if the zone is known, so that moments of all films can be compared."""
        time = self.time.astimezone(UTC) if self.time.tzinfo else self.time
        return time + timedelta(seconds=seconds)


def written(time: datetime | None) -> str:
    """A date and time as written in tables, empty if there is none."""
    return time.isoformat(sep=" ", timespec="milliseconds") if time else ""


@dataclass(frozen=True)
class _Film:
    """What is known of a film: the rows of cameras that it may belong to, the one that it belongs to, and its start."""

    rows: Sequence[Deployment]
    row: Deployment | None
    start: Start | None


class Taken:
    """Finds start, site and deployment of videos.

    cameras  the table of cameras
    """

    def __init__(self, cameras: Cameras, pattern: str | None, videos: Videos, recorded: Mapping[str, Recorded] | None = None):
        """recorded  what the files say, by the video's name in results; None: what the headers of the listed videos say

        Raises UserError for rows of cameras that contradict each other."""
        self.cameras, self._videos = cameras, videos
        recorded = recorded or {name: Recorded(of.created, videos.films[name].seconds or math.inf) for name, of in videos.headers.items()}
        self._below = {name: Path(path).relative_to(videos.folder) for name, path in videos.paths.items()}
        copies: dict[str, list[Path]] = defaultdict(list)
        for copy in videos.copies:
            copies[videos.name_of[copy]].append(Path(copy).relative_to(videos.folder))
        named = {name: [path, *copies[name]] for name, path in self._below.items()}
        rows = {name: self._rows_of(paths) for name, paths in named.items()}
        cameras.check(rows.values())
        compiled = re.compile(pattern) if pattern else None
        self._dates = {name: _date_in(compiled, path.name) for name, path in self._below.items()} if compiled else {}
        late = delays(self._below, recorded) if recorded else {}
        self._films = {name: self._film(name, rows[name], recorded, late) for name in self._below}
        # The lines of rows that films fit.
        self._fitted = {row.line for film in self._films.values() for row in film.rows}
        # Names that differ only in capitals are the same place.
        self._written = {name: self._read_site(name) for name in self._below}
        counted = sorted(Counter(self._written.values()).items(), key=lambda pair: (pair[1], pair[0]))
        self._spelled = {site.casefold(): site for site, _ in counted}

    @classmethod
    def of_searched(cls, cameras: str | None, pattern: str | None, videos: Videos, facts: Mapping[str, Mapping[str, str]]) -> "Taken":
        """The same for films that were searched. Raises UserError, also for a table that cannot be used.

        cameras  the path of the table; facts  see `video_report.read_all`
        """
        recorded = {name: Recorded(of_video[video_report.CREATED], video_report.length(of_video)) for name, of_video in facts.items()}
        return cls(Cameras(cameras), pattern, videos, recorded)

    def site(self, name: str) -> str:
        """The site from the table, else from the folders (see `sites`); empty if there is none."""
        return self._spelled[self._written[name].casefold()]

    def start(self, name: str) -> Start | None:
        """When the video begins; None if unknown."""
        return self._films[name].start

    def deployment(self, name: str) -> Deployment | None:
        """The row of the table of cameras that the video belongs to."""
        return self._films[name].row

    @property
    def searched(self) -> Videos:
        """The videos, each with the region of its camera. A film that lies in no period has that of the last one."""
        rows = {name: film.row or film.rows[-1] for name, film in self._films.items() if film.rows}
        films = {name: film._replace(region=rows[name].region) if name in rows else film for name, film in self._videos.films.items()}
        return replace(self._videos, films=films)

    def rows(self, name: str) -> Sequence[Deployment]:
        """The rows of the table of cameras that the video fits: several if they are of different periods."""
        return self._films[name].rows

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

    def doubts(self, now: datetime) -> list[str]:
        """What looks wrong in the table of cameras and in the times of films, a text for each kind."""
        outside = [name for name, film in self._films.items() if film.rows and not film.row]
        used = {key for film in self._films.values() if film.row for key in (film.row.line, film.row.name)}
        empty = [_line(row) for row in self.cameras.rows if row.line in self._fitted and not {row.line, row.name} & used]
        changing = [name for name, film in self._films.items() if self._is_at_a_change(film)]
        jumps = self._jumps()
        future = [name for name, film in self._films.items() if film.start and film.start.time.replace(tzinfo=None) > now + _DAY]
        without_date = [name for name, date in self._dates.items() if not (date or self._films[name].start)]
        kinds = [
            (outside, "is|are", "in no period of {table}. Is their clock wrong, or are begin and end in the table?"),
            (future, "begins|begin", "in the future. Is a clock wrong?"),
            (jumps, "begins|begin", "more than a day before the one before it, by name. Was the clock of the camera reset?"),
            (
                [name for name in self._far() if name not in jumps],
                "begins|begin",
                "more than a year from the others of the folder. Was the clock of the camera reset?",
            ),
            (
                changing,
                "begins|begin",
                "in the hour when the clocks change: the time comes twice, or not at all. It is read as before the change:",
            ),
        ]
        told = [
            f"{self._counted(names, verb)} {words.format(table=self.cameras.path)}\n{examples(list(map(self._told, names)))}"
            for names, verb, words in kinds
            if names
        ]
        if without_date:
            told.append(
                f"videos: start_pattern: {count(len(without_date), 'name contains', 'names contain')} no date for it:\n"
                f"{examples(list(map(self._told, without_date)))}"
            )
        if empty:
            told.append(
                f"{self.cameras.path}: {count(len(empty), 'row has', 'rows have')} no film or still of the period:\n{examples(empty)}"
            )
        return told

    def misfits(self) -> list[str]:
        """What does not fit between the table of cameras and the paths of films, a text for each kind."""
        told = []
        named = {row.name for film in self._films.values() for row in film.rows}
        if unused := [_line(row) for row in self.cameras.rows if row.line not in self._fitted and row.name not in named]:
            example = min(path.as_posix() for path in self._below.values())
            told.append(
                f"{self.cameras.path}: {count(len(unused), 'row fits', 'rows fit')} no film or still here:\n{examples(unused)}\n"
                f"Write paths below {self._videos.folder}, with capitals as they are. A file there is {printable(example)}."
            )
        if nowhere := [name for name, film in self._films.items() if self.cameras.rows and not film.rows]:
            told.append(
                f"{self._counted(nowhere, 'is|are')} in no row of {self.cameras.path}; their sites are the first sub-folders:\n"
                f"{examples(list(map(self._told, nowhere)))}"
            )
        return told

    def _counted(self, names: Sequence[str], verb: str) -> str:
        """How many films or bursts there are, with the verb in both numbers: "is|are"."""
        kinds = {bool(self._videos.films[name].pictures) for name in names}
        nouns = [noun for is_burst, noun in ((False, "film"), (True, "burst")) if is_burst in kinds]
        one, several = verb.split("|")
        return count(len(names), f"{' or '.join(nouns)} {one}", f"{' and '.join(f'{noun}s' for noun in nouns)} {several}")

    def _told(self, name: str) -> str:
        start = self._films[name].start
        return f"{self._below[name].as_posix()}{f': {start.time:%Y-%m-%d %H:%M:%S}' if start else ''}"

    def _rows_of(self, paths: Sequence[Path]) -> list[Deployment]:
        """The rows that the film, or a copy of it, fits best."""
        found = [self.cameras.of([unicodedata.normalize("NFC", part) for part in path.parts]) for path in paths]
        return max(found, key=lambda rows: rows[0].rank if rows else (-1, False))

    def _film(self, name: str, rows: Sequence[Deployment], recorded: Mapping[str, Recorded], late: Mapping[str, float | None]) -> _Film:
        shown = self._shown(name, recorded[name].created, late.get(name, 0.0)) if recorded else None
        starts = [(row, _corrected(shown, row)) for row in rows]
        lasting = [(row, start) for row, start in starts if start and row.lasts_at(start.time)]
        if lasting:
            return _Film(rows, *lasting[-1])
        if shown:
            # Outside all periods, the clock is corrected if all rows correct it in the same way.
            times = {start.time for _, start in starts}
            return _Film(rows, None, starts[0][1] if len(times) == 1 else shown)
        # Without a start, the folder alone decides, if it can.
        return _Film(rows, rows[0] if len(rows) == 1 else None, None)

    def _shown(self, name: str, created: str, delay: float | None) -> Start | None:
        """What the camera's clock said at the start.

        created  the time in the file; delay  the video begins this many seconds later; None if that is not known
        """
        if name in self._dates:
            return Start(self._dates[name], "name", self._dates[name]) if self._dates[name] else None
        try:
            found = Start(datetime.fromisoformat(created), "file")
        except ValueError:
            return None
        return None if delay is None else Start(found.after(delay), "file", found.after(delay))

    def _read_site(self, name: str) -> str:
        """The site as it is written for this video."""
        film = self._films[name]
        sites = {row.site for row in ([film.row] if film.row else film.rows)}
        site = sites.pop() if len(sites) == 1 else ""
        return unicodedata.normalize("NFC", site or site_of(self._below[name].parts[:-1]))

    def _is_at_a_change(self, film: _Film) -> bool:
        if not film.row or not film.start or film.row.zone is None or film.start.time.tzinfo is not film.row.zone:
            return False
        return places.is_at_a_change(film.start.time.replace(tzinfo=None), film.row.zone)

    def _by_folder(self) -> list[list[tuple[datetime, str]]]:
        """The films of each folder in the order of their paths, with what the camera's clock said."""
        folders: dict[Path, list[tuple[datetime, str]]] = defaultdict(list)
        for name, path in sorted(self._below.items(), key=lambda pair: pair[1]):
            if (start := self._films[name].start) and start.by_camera:
                folders[path.parent].append((start.by_camera.replace(tzinfo=None), name))
        return list(folders.values())

    def _jumps(self) -> list[str]:
        """Films that begin long before the film before them in their folder."""
        pairs = [pair for films in self._by_folder() for pair in pairwise(films)]
        return [name for (before, _), (time, name) in pairs if before - time > _DAY]

    def _far(self) -> list[str]:
        """Films whose time, once corrected, is a year or more from most of their folder."""
        far = []
        for films in self._by_folder():
            timed = sorted((self._films[name].start.time.replace(tzinfo=None), name) for _, name in films)
            near = {name for _, name in of_one_time(timed)}
            far += [name for _, name in timed if name not in near and len(near) > len(timed) / 2]
        return far


def _line(row: Deployment) -> str:
    return f"line {row.line}: {'/'.join(row.folder) or '.'}"


def _corrected(shown: Start | None, row: Deployment) -> Start | None:
    """The start by the clock of the place, with its zone."""
    if row.start:
        return Start(places.zoned(row.start, row.zone), "table", shown and shown.by_camera)
    if not shown:
        return None
    time = row.clock.correct(shown.time) if row.clock else shown.time
    return Start(places.zoned(time, row.zone), shown.source, shown.by_camera)


def _date_in(pattern: re.Pattern, name: str) -> datetime | None:
    """The date and time that the pattern finds in a name, None if there is none."""
    match = patterns.match(pattern.search, name, "videos: start_pattern")
    try:
        date = datetime(*_numbers(match.groupdict())) if match else None
    except (ValueError, TypeError):  # no such day; a group that took no part
        return None
    return date if date and _FIRST_YEAR <= date.year <= _LAST_YEAR else None


def _numbers(parts: Mapping[str, str | None]) -> list[int]:
    """Year to second from the groups of a pattern. Raises ValueError for an hour that a twelve-hour clock does not have."""
    *day, hour, minute = (int(parts[part]) for part in _PARTS)
    if half := (parts.get(_HALF) or "").lower().replace(".", ""):
        if not 1 <= hour <= 12 or half[0] not in "ap":
            raise ValueError("no hour before or after noon")
        hour = hour % 12 + 12 * (half[0] == "p")
    return [*day, hour, minute, int(parts.get(_SECOND) or 0)]
