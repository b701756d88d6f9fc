"""Open the page for reviewing visits in the browser. All that is said is noted at once, in reviews.csv."""

import argparse
import os
import secrets
from pathlib import Path

import numpy as np
from flask import Flask
from meerkat import atomic
from meerkat.errors import UserError, run_program
from meerkat.report import pages
from meerkat.review import server
from meerkat.review.desk import Desk
from meerkat.review.films import films_of
from meerkat.review.labels import Labels
from meerkat.review.suggestions import NameHead
from meerkat.running import own_configuration
from meerkat.serving import local_page
from meerkat.settings.configuration import Configuration
from meerkat.sorting import pool, preconditions
from meerkat.sorting.film_cards import film_cards
from meerkat.sorting.opened import open_answers
from meerkat.video import video_files
from meerkat.video.film_pieces import PIECES, FilmPieces
from meerkat.video.taken import Taken
from meerkat.visits import names, reviews, sorted_passages
from meerkat.visits.found_visits import FoundVisits

PAGE = Path(__file__).resolve().parent.parent / "report" / "review.html.j2"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, prog="start.py review")
    local_page.add_options(parser, reviews.NAME)
    args = parser.parse_args()

    settings = own_configuration.read([args.configuration])
    preconditions.check(settings, args.configuration)
    own_configuration.video_folder(settings, [str(args.configuration)])
    results, clips = Path(settings.results), Path(settings.data.folder)
    found = FoundVisits(results / "annotations", results / "motion")
    if not (found.folder / "decided_by.json").is_file():
        raise UserError(f"{results} contains no visits yet. Find them first: python3 start.py run {args.configuration} annotate")
    with local_page.alone(clips):
        atomic.remove_leftovers(clips)
        secret = secrets.token_urlsafe(16)
        local_page.serve(_application(settings, found, clips, args.person, secret), secret, "reviewing visits", args, results)
    print(f"All results follow what you have said with: python3 start.py run {args.configuration} annotate")


def _application(settings: Configuration, found: FoundVisits, clips: Path, person: str, secret: str) -> Flask:
    listed = video_files.read_list(found.motion / "films.csv", "gather_motion.py", settings.videos.folder)
    cards = [card for card, _ in film_cards(listed, found.motion, Taken(settings.videos.table, None, listed))]
    opened = open_answers(cards, clips, person, settings.seed)
    log = reviews.Reviews(clips / reviews.NAME)
    log.take_over()
    desk = Desk(
        films_of(found, listed),
        log,
        Labels(opened.answers),
        sorted_passages.said_in(opened.folders, opened.journal.history, found.motion, listed),
        names.Names(clips / names.NAME),
        person,
        found.decided_by["threshold"],
        settings.annotate.join,
    )
    pieces = FilmPieces(Path(settings.results) / PIECES, os.cpu_count() or 1)
    return server.application(desk, _name_head(Path(settings.results) / "sorting"), pieces, pages.fill(PAGE), secret)


def _name_head(folder: Path) -> NameHead | None:
    """The head that suggests names, from the cards for sorting and their embeddings; None if there are none, or they are damaged."""
    try:
        cards, embeddings = pool.read(folder / "cards.csv"), np.load(folder / "embeddings.npy", mmap_mode="r")
    except (UserError, OSError, ValueError, EOFError):
        return None
    return NameHead(cards, embeddings) if len(cards) == len(embeddings) else None


run_program(main)
