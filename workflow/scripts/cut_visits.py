"""Cut a short film of each visit out of its video."""

import argparse
import shutil
import sys
from pathlib import Path

from meerkat import atomic, clock, tables
from meerkat.errors import examples, run_program
from meerkat.settings import options
from meerkat.tables import csv_text
from meerkat.video import film_cut, playlist
from meerkat.video.videos import UnreadableVideo

# Below the folder of annotations.
_FILMS = "films"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--visits", required=True, help="visits.csv of find_visits.py")
    parser.add_argument("--videos", required=True, help="videos.csv of find_visits.py")
    parser.add_argument("--output", required=True, type=Path, help="folder for films.csv, and for the films in a folder beside it")
    options.add_threads(parser)
    args = parser.parse_args()

    paths = {row["video"]: row["path"] for row in tables.read(args.videos, "find_visits.py")}
    shutil.rmtree(args.output / _FILMS, ignore_errors=True)
    rows = []
    for visit in tables.read(args.visits, "find_visits.py"):
        path, (begin, end) = paths[visit["video"]], (clock.seconds(visit[name]) for name in ("begin", "end"))
        file, problem = f"{_FILMS}/{visit['video']}_{visit['visit']}{film_cut.ENDING}", ""
        try:
            film_cut.cut(path, *playlist.with_a_little_around(begin, end), args.output / file, args.threads)
        except UnreadableVideo as error:
            problem = str(error)
        rows.append((visit["video"], visit["visit"], "" if problem else file, problem))
    atomic.write_text(args.output / "films.csv", csv_text([("video", "visit", "file", "problem"), *rows]))
    failed = [f"{paths[video]}: {problem}" for video, _, _, problem in rows if problem]
    if failed:
        print(f"{len(failed)} of {len(rows)} visits have no film of their own:\n{examples(failed)}", file=sys.stderr)


run_program(main)
