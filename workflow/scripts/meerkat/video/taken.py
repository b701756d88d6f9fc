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
    """

    def __init__(self, table: str | None, pattern: str | None, paths: Mapping[str, str], folder: str):
        """paths  the path of each video by its name in results; `folder` is the one they lie in

        Raises UserError for a table, or a pattern, that cannot be used.
        """
        self._below = {name: Path(path).relative_to(folder) for name, path in paths.items()}
        self._pattern = _compiled(pattern) if pattern else None
        self._rows = _read(table) if table else {}
        known = by_both_names(paths, folder)
        self._table = {known[video]: row for video, row in self._rows.items() if video in known}
        self.unused = sorted(set(self._rows) - set(known))

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
        match = self._pattern.search(self._below[name].name) if self._pattern else None
        if match:
            try:
                return Start(datetime(*(int(match[part]) for part in _PARTS)), "name")
            except (ValueError, TypeError):
                return None
        try:
            return Start(datetime.fromisoformat(written), "file")
        except ValueError:
            return None


def _compiled(pattern: str) -> re.Pattern:
    try:
        compiled = re.compile(pattern)
    except re.error as error:
        raise UserError(f"videos: start_pattern: {pattern!r} is not a regular expression ({error}).") from None
    missing = [part for part in _PARTS if part not in compiled.groupindex]
    if missing:
        raise UserError(f"videos: start_pattern: {pattern!r} lacks the groups {', '.join(f'(?P<{part}>...)' for part in missing)}.")
    return compiled


def _read(path: str) -> dict[str, tuple[datetime | None, str]]:
    """Start and site by video."""
    found: dict[str, tuple[datetime | None, str]] = {}

    def parse(cells: list[str]) -> None:
        video, start, site = cells
        if not video:
            raise ValueError("it names no video")
        if (video := Path(video).as_posix()) in found:
            raise ValueError(f"{video} has a line before")
        try:
            found[video] = (datetime.fromisoformat(start) if start else None, site)
        except ValueError:
            raise ValueError(f"{start!r} is no date and time. Write it as 2024-05-17 06:29:44") from None

    own_tables.read(path, HEADER, "videos: table", parse)
    return found
