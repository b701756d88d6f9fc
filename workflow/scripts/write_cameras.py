"""Write a first table of cameras, a row for each folder of films. If there is a table, rows for new folders are added at its end."""

import argparse
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from meerkat import atomic, own_tables
from meerkat.data.sites import folder_of_camera, site_of
from meerkat.errors import UserError, examples, run_program
from meerkat.log import log
from meerkat.running import own_configuration
from meerkat.settings.configuration import Configuration
from meerkat.tables import csv_text
from meerkat.video import cameras, film_header, video_files
from meerkat.video.cameras import Cameras
from meerkat.video.chapters import Recorded
from meerkat.video.film_header import FilmHeader
from meerkat.video.known_films import KnownFilms
from meerkat.video.taken import Taken
from meerkat.video.video_files import Videos
from meerkat.video.videos import UnreadableVideo
from meerkat.visits.outputs import FOLDERS
from meerkat.wording import count

_DEFAULT = "cameras.csv"
# This many headers are read at the same time: disks in a network answer late.
_READERS = 8
_SPECIAL = re.compile(r"([*?\[])")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, prog="start.py cameras")
    parser.add_argument("configuration", type=Path, help="configuration file (YAML)")
    args = parser.parse_args()

    settings = own_configuration.read([args.configuration])
    own_configuration.video_folder(settings, [str(args.configuration)])
    results, table = Path(settings.results), Path(settings.videos.cameras or _DEFAULT)
    videos = video_files.list_videos(settings.videos.folder, results, KnownFilms(results / own_configuration.FILMS), None, FOLDERS)
    known = Taken(Cameras(str(table) if table.exists() else None), None, videos)
    new = {name: path for name, path in videos.paths.items() if not known.has_row(name)}
    rows = _rows(Videos(videos.folder, new, films=videos.films), settings) if new else []
    if not rows:
        log.info(f"{table}: all {count(len(videos.paths), 'film')} are in its rows. Nothing was added.")
        return
    _append(table, rows)
    log.info(f"{table}: {count(len(rows), 'row')} for {count(len(new), 'film')} added:\n{examples([_told(row) for row in rows])}")
    for site, number in Counter(row["site"].casefold() for row in rows if row["site"]).items():
        if number > 1:
            log.info(f"{number} of these folders have the site {site}. If their cameras look at different places, write different sites.")
    if not settings.videos.cameras:
        log.info(f"To use it, write into {args.configuration}, below videos:\n  cameras: {table}")


def _rows(videos: Videos, settings: Configuration) -> list[dict[str, str]]:
    """A row for each folder of a camera, in the order of their paths."""
    with ThreadPoolExecutor(_READERS) as pool:
        headers = dict(zip(videos.paths, pool.map(_header, videos.paths.values()), strict=True))
    recorded = {name: Recorded(header.created, videos.films[name].seconds) for name, header in headers.items()}
    taken = Taken(Cameras(None), settings.videos.start_pattern, videos, recorded)
    folders: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for name, path in videos.paths.items():
        folders[tuple(folder_of_camera(Path(path).relative_to(videos.folder).parts[:-1]))].append(name)
    return [
        {
            "site": site_of(folder),
            "folder": "/".join(_SPECIAL.sub(r"[\1]", part) for part in folder) or ".",
            "camera": _most_common(headers[name].camera for name in names),
            "note": _found(names, taken),
        }
        for folder, names in sorted(folders.items())
    ]


def _header(path: str) -> FilmHeader:
    """The header of a film; an empty one if it cannot be read, which the search will say."""
    try:
        return film_header.read(path)
    except (UnreadableVideo, OSError):
        return FilmHeader("", "")


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


def _told(row: Mapping[str, str]) -> str:
    return f"{row['folder']}: {row['note']}{', ' if row['camera'] else ''}{row['camera']}"


def _append(table: Path, rows: Sequence[Mapping[str, str]]) -> None:
    """Add rows to the table, with its columns and its separator; what a person wrote stays as it is. Raises UserError."""
    if not table.exists():
        written = [[row.get(column, "") for column in cameras.COLUMNS] for row in rows]
        atomic.write_text(table, csv_text([cameras.COLUMNS, *written]))
        return
    before = table.read_bytes()
    if not own_tables.is_utf_8(before):
        raise UserError(f"{table} is not in UTF-8, so nothing was added. From a spreadsheet, save as CSV in UTF-8.")
    columns, separator = own_tables.columns_of(table, cameras.COLUMNS, cameras.SETTING)
    written = [[row.get(column.casefold(), "") for column in columns] for row in rows]
    end = b"" if not before or before.endswith(b"\n") else b"\n"
    with atomic.replacing(table) as temporary:
        temporary.write_bytes(before + end + csv_text(written, separator).encode())


run_program(main)
