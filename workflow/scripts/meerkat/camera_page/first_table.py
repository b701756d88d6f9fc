"""The first table of cameras: a row for each folder of films. If there is a table, rows for new folders are added at its end."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from .. import atomic, own_tables
from ..data.sites import folder_of_camera, site_of
from ..tables import csv_text
from ..video import cameras
from ..video.cameras import Cameras
from ..video.taken import Taken
from ..video.video_files import Videos
from ..wording import count
from .headers import Headers
from .table_file import TableFile

_SPECIAL = re.compile(r"([*?\[])")


def add_rows(table: Path, videos: Videos, headers: Headers, pattern: str | None) -> list[dict[str, str]]:
    """Add a row for each folder with films that are in no row, and return these rows.

    pattern  see `videos: start_pattern`

    Raises UserError for a table that cannot be used; it is not touched then.
    """
    known = Taken(Cameras(str(table) if table.exists() else None), None, videos)
    new = {name: path for name, path in videos.paths.items() if not known.rows(name)}
    rows = _rows(Videos(videos.folder, new, films=videos.films), headers, pattern) if new else []
    if rows:
        _append(table, rows)
    return rows


def _rows(videos: Videos, headers: Headers, pattern: str | None) -> list[dict[str, str]]:
    """A row for each folder of a camera, in the order of their paths."""
    taken = Taken(Cameras(None), pattern, videos, headers.recorded)
    folders: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for name, path in videos.paths.items():
        folders[tuple(folder_of_camera(Path(path).relative_to(videos.folder).parts[:-1]))].append(name)
    return [
        {
            "site": site_of(folder),
            "folder": "/".join(_SPECIAL.sub(r"[\1]", part) for part in folder) or ".",
            "camera": _most_common(headers.camera[name] for name in names),
            "note": _found(names, taken),
        }
        for folder, names in sorted(folders.items())
    ]


def _found(names: Sequence[str], taken: Taken) -> str:
    """How many films there are, and from when to when, as their names or files say."""
    starts = sorted((start.time.replace(tzinfo=None), start.source) for name in names if (start := taken.start(name)))
    if not starts:
        return f"{count(len(names), 'film')}; their times are not known"
    sources = " and ".join(sorted({source for _, source in starts}))
    first, last = (f"{starts[place][0]:%Y-%m-%d %H:%M}" for place in (0, -1))
    when = f"of {first}" if first == last else f"from {first} to {last}"
    return f"{count(len(names), 'film')} {when} by {sources}"


def _most_common(texts: Iterable[str]) -> str:
    return next((text for text, _ in Counter(filter(None, texts)).most_common(1)), "")


def _append(table: Path, rows: Sequence[Mapping[str, str]]) -> None:
    """Add rows to the table, with its columns; what a person wrote stays as it is. Raises UserError."""
    if not table.exists():
        written = [[row.get(column, "") for column in cameras.COLUMNS] for row in rows]
        atomic.write_text(table, csv_text([cameras.COLUMNS, *written]))
        return
    columns, _ = own_tables.columns_of(table, cameras.COLUMNS, cameras.SETTING)
    own = {name.casefold() for name in columns}
    TableFile(table, lambda path: Cameras(str(path))).change(
        {}, [{name: cell for name, cell in row.items() if name in own} for row in rows]
    )
