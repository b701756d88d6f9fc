"""The first table of cameras: a row for each folder of films. If there is a table, rows for new folders are added at its end."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from .. import own_tables
from ..data.sites import folder_of_camera, site_of
from ..tables import write_rows
from ..video import cameras
from ..video.cameras import Cameras
from ..video.taken import Taken
from ..video.video_files import Videos
from ..wording import count
from .table_file import TableFile

_SPECIAL = re.compile(r"([*?\[])")


def add_rows(table: Path, videos: Videos, pattern: str | None) -> list[dict[str, str]]:
    """Add a row for each folder with films that are in no row, and return these rows.

    pattern  see `videos: start_pattern`

    Raises UserError for a table that cannot be used; it is not touched then.
    """
    known = Taken(Cameras(str(table) if table.exists() else None), pattern, videos)
    rows = _rows([name for name in videos.paths if not known.rows(name)], videos, Taken(Cameras(None), pattern, videos))
    if rows:
        _append(table, rows)
    return rows


def plain_folder(parts: Sequence[str]) -> str:
    """The cell that names this path below the folder of videos, and is not taken for a pattern."""
    return "/".join(_SPECIAL.sub(r"[\1]", part) for part in parts) or "."


def _rows(new: Sequence[str], videos: Videos, taken: Taken) -> list[dict[str, str]]:
    """A row for each folder of a camera with new films, in the order of their paths."""
    folders: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for name in new:
        folders[tuple(folder_of_camera(Path(videos.paths[name]).relative_to(videos.folder).parts[:-1]))].append(name)
    return [
        {
            "site": site_of(folder),
            "folder": plain_folder(folder),
            "camera": _most_common(videos.headers[name].camera for name in names),
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
        write_rows([cameras.COLUMNS, *written], table)
        return
    columns, _ = own_tables.columns_of(table, cameras.COLUMNS, cameras.SETTING)
    own = {name.casefold() for name in columns}
    TableFile(table, lambda path: Cameras(str(path))).change(
        {}, [{name: cell for name, cell in row.items() if name in own} for row in rows]
    )
