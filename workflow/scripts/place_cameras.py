"""Write a first table of cameras, a row for each folder of films, and open a page to fill it in. Rows that are there stay as they are."""

import argparse
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

from meerkat.camera_page import first_table, server
from meerkat.camera_page.corrections import Corrections
from meerkat.camera_page.season import Season
from meerkat.errors import examples, run_program
from meerkat.log import log
from meerkat.report import pages
from meerkat.running import own_configuration
from meerkat.serving import local_page
from meerkat.video import video_files
from meerkat.video.known_films import KnownFilms
from meerkat.visits.outputs import FOLDERS
from meerkat.wording import count

_DEFAULT = "cameras.csv"
PAGE = Path(__file__).resolve().parent.parent / "report" / "cameras.html.j2"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, prog="start.py cameras")
    local_page.add_options(parser)
    parser.add_argument("--no-page", action="store_true", help="only write the table")
    args = parser.parse_args()

    settings = own_configuration.read([args.configuration])
    own_configuration.video_folder(settings, [str(args.configuration)])
    results, table = Path(settings.results), Path(settings.videos.cameras or _DEFAULT)
    known = KnownFilms(results / own_configuration.FILMS)
    left_out = own_configuration.not_videos(settings)
    videos = video_files.list_videos(settings.videos.folder, left_out, known, FOLDERS, settings.videos.burst)
    known.save()
    rows = first_table.add_rows(table, videos, settings.videos.start_pattern)
    _tell(table, rows, len(videos.paths))
    setting = "" if settings.videos.cameras else f"To use {table}, write into {args.configuration}, below videos:\n  cameras: {table}"
    if setting:
        log.info(setting)
    if args.no_page:
        return
    with local_page.alone(results):
        season = Season(videos, settings.videos.start_pattern)
        corrections = Corrections(season, table)
        local_page.serve(partial(server.application, season, corrections, setting, pages.fill(PAGE)), "cameras", args, results)


def _tell(table: Path, rows: Sequence[Mapping[str, str]], films: int) -> None:
    """Say which rows were added."""
    if not rows:
        log.info(f"{table}: all {count(films, 'film')} are in its rows. Nothing was added.")
        return
    told = [f"{row['folder']}: {row['note']}{', ' if row['camera'] else ''}{row['camera']}" for row in rows]
    log.info(f"{table}: {count(len(rows), 'row')} added:\n{examples(told)}")
    for site, number in Counter(row["site"].casefold() for row in rows if row["site"]).items():
        if number > 1:
            log.info(f"{number} of these folders have the site {site}. If their cameras look at different places, write different sites.")


run_program(main)
