"""When and where videos were taken: as a table says, else their names, else the files themselves."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from .. import own_tables
from ..errors import UserError
from .video_files import by_both_names

HEADER = ["video", "start", "site"]
_FIRST_YEAR, _LAST_YEAR = 1900, 2200
_PARTS = ("year", "month", "day", "hour", "minute", "second")


@dataclass(frozen=True)
class Start:
    """When a video begins, with the time zone if one is written, and what says so: table, name or file."""

    time: datetime
    source: str

    def after(self, seconds: float) -> datetime:
        """Date and time so many seconds later."""
        return self.time + timedelta(seconds=seconds)


def written(time: datetime | None) -> str:
    """A date and time as tables have it, empty where there is none."""
    return time.isoformat(sep=" ", timespec="milliseconds") if time else ""


class Taken:
    """Tells start and site of videos.

    unused  the rows of the table that are of no video here
    unfitting  the videos in whose names the pattern finds no date, of those that no table tells of
    """

    def __init__(self, table: str | None, pattern: str | None, paths: Mapping[str, str], folder: str):
        """paths  the path of each video by its name in results; `folder` is the one they lie in

        Raises UserError for a table, or a pattern, that cannot be used.
        """
        self._below = {name: Path(path).relative_to(folder) for name, path in paths.items()}
        compiled = _compiled(pattern) if pattern else None
        known = by_both_names(paths, folder)
        rows = _read(table, known) if table else {}
        self._table = {video: row for video, row in rows.items() if video in paths}
        self.unused = sorted(set(rows) - set(paths))
        dated = {name for name, (time, _) in self._table.items() if time}
        self._dates = {name: _date_in(compiled, path.name) for name, path in self._below.items()} if compiled else {}
        self.unfitting = [str(self._below[name]) for name, date in self._dates.items() if not date and name not in dated]

    def site(self, name: str) -> str:
        """The site that the table gives, else the first folder below that of the videos; empty where there is none."""
        _, site = self._table.get(name, (None, ""))
        first, *others = self._below[name].parts
        return site or (first if others else "")

    def start(self, name: str, written: str) -> Start | None:
        """When the video begins; None where nothing tells.

        written  the time in the file's metadata, as it stands there
        """
        time, _ = self._table.get(name, (None, ""))
        if time:
            return Start(time, "table")
        if name in self._dates:
            return Start(self._dates[name], "name") if self._dates[name] else None
        try:
            return Start(datetime.fromisoformat(written), "file")
        except ValueError:
            return None


def _date_in(pattern: re.Pattern, name: str) -> datetime | None:
    """The date and time that the pattern finds in a name, None where there is none."""
    match = pattern.search(name)
    try:
        return _plausible(datetime(*(int(match[part]) for part in _PARTS))) if match else None
    except (ValueError, TypeError):  # no such day; a group that took no part
        return None


def _plausible(time: datetime) -> datetime:
    if not _FIRST_YEAR <= time.year <= _LAST_YEAR:
        raise ValueError("no year in which a film was taken")
    return time


def _compiled(pattern: str) -> re.Pattern:
    try:
        compiled = re.compile(pattern)
    except re.error as error:
        raise UserError(f"videos: start_pattern: {pattern!r} is not a regular expression ({error}).") from None
    missing = [part for part in _PARTS if part not in compiled.groupindex]
    if missing:
        raise UserError(f"videos: start_pattern: {pattern!r} lacks the groups {', '.join(f'(?P<{part}>...)' for part in missing)}.")
    return compiled


def _read(path: str, known: Mapping[str, str]) -> dict[str, tuple[datetime | None, str]]:
    """Start and site by video; `known` are the names in results by what people write."""
    found: dict[str, tuple[datetime | None, str]] = {}

    def parse(cells: list[str]) -> None:
        video, start, site = cells
        if not video:
            raise ValueError("it names no video")
        written = Path(video).as_posix()
        if (name := known.get(written, written)) in found:
            raise ValueError(f"{video} has a line before")
        try:
            if start and ":" not in start:
                raise ValueError("no time of the day")
            found[name] = (_plausible(datetime.fromisoformat(start)) if start else None, site)
        except ValueError:
            raise ValueError(f"{start!r} is no date and time. Write it as 2024-05-17 06:29:44") from None

    own_tables.read(path, HEADER, "videos: table", parse)
    return found
