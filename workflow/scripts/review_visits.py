"""Open the pages for reviewing visits, and for the audit, in the browser. All that is said is noted at once, in reviews.csv and
looks.csv."""

import argparse
import os
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np
from flask import Flask
from meerkat import atomic
from meerkat.audit import auditor, files
from meerkat.audit import server as audit_server
from meerkat.audit.draws import Draws
from meerkat.audit.looks import Looks
from meerkat.errors import UserError, run_program
from meerkat.report import pages
from meerkat.review import server
from meerkat.review.desk import Desk
from meerkat.review.films import ReviewedFilm, films_of
from meerkat.review.labels import Labels
from meerkat.review.suggestions import NameHead
from meerkat.running import own_configuration
from meerkat.serving import local_page
from meerkat.settings.configuration import Configuration
from meerkat.sorting import pool, preconditions
from meerkat.sorting.film_cards import film_cards
from meerkat.sorting.opened import open_answers
from meerkat.video import video_files, video_report
from meerkat.video.film_pieces import PIECES, FilmPieces
from meerkat.video.sheets import SHEETS, Sheets
from meerkat.video.taken import Taken
from meerkat.video.video_files import Videos
from meerkat.visits import names, reviews, sorted_passages
from meerkat.visits.found_visits import FoundVisits

PAGES = Path(__file__).resolve().parent.parent / "report"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, prog="start.py review")
    local_page.add_options(parser)
    local_page.add_person(parser, reviews.NAME)
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
        listed = video_files.read_list(found.motion / "films.csv", settings.videos.folder)
        found.check_search(listed, args.configuration)
        local_page.serve(partial(_application, settings, found, listed, clips, args.person), "reviewing visits", args, results)
    print(f"To bring your answers into all results, type: python3 start.py run {args.configuration} annotate")


def _application(settings: Configuration, found: FoundVisits, listed: Videos, clips: Path, person: str, secret: str) -> Flask:
    facts = video_report.read_all(found.motion, listed.paths)
    taken = Taken.of_searched(settings.videos.cameras, settings.videos.start_pattern, listed, facts)
    cards = [card for card, _ in film_cards(listed, found.motion, taken)]
    opened = open_answers(cards, clips, person, settings.seed)
    log = reviews.Reviews(clips / reviews.NAME, for_writing=True)
    films = films_of(found, listed)
    desk = Desk(
        films,
        log,
        Labels(opened.answers),
        sorted_passages.said_in(opened.folders, opened.journal.history, found.motion, listed),
        names.Names(clips / names.NAME),
        person,
        found.decided_by["threshold"],
        settings.annotate.join,
    )
    pieces = FilmPieces(Path(settings.results) / PIECES, os.cpu_count() or 1)
    page = pages.fill(PAGES / "review.html.j2", is_guess=found.decided_by["is_guess"])
    app = server.application(desk, _name_head(Path(settings.results) / "sorting"), pieces, page, secret)
    sheets = Sheets(Path(settings.results) / SHEETS)
    audit_server.add(app, secret, _auditor(settings, found, films, clips, person), desk, sheets, pages.fill(PAGES / "audit.html.j2"))
    return app


def _auditor(settings: Configuration, found: FoundVisits, films: Sequence[ReviewedFilm], clips: Path, person: str) -> auditor.Auditor:
    """The audit. Films that were never drawn are drawn now, before anybody looks."""
    drawn, looked = Draws(clips / files.DRAWS, for_writing=True), Looks(clips / files.LOOKS, for_writing=True)
    auditor.draw_new_films(drawn, films, found.decided_by["threshold"], settings.annotate.join, settings.seed)
    return auditor.Auditor(films, drawn, looked, person, settings.annotate.join, settings.audit.within)


def _name_head(folder: Path) -> NameHead | None:
    """The head that suggests names, from the cards for sorting and their embeddings; None if there are none, or they are damaged."""
    try:
        cards, embeddings = pool.read(folder / "cards.csv"), np.load(folder / "embeddings.npy", mmap_mode="r")
    except (UserError, OSError, ValueError, EOFError):
        return None
    return NameHead(cards, embeddings) if len(cards) == len(embeddings) else None


run_program(main)
