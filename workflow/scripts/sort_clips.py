"""Open the page for sorting in the browser. Decided clips go into the folders at once."""

import argparse
import os
from functools import partial
from pathlib import Path

import numpy as np
from flask import Flask
from meerkat import atomic
from meerkat.advice.situation import STATE
from meerkat.errors import UserError, run_program
from meerkat.report import pages
from meerkat.running import own_configuration
from meerkat.serving import local_page
from meerkat.settings.configuration import Configuration
from meerkat.sorting import opened, pool, preconditions, second_looks, server
from meerkat.sorting.advice import Adviser
from meerkat.sorting.choice import Chooser
from meerkat.sorting.last_training import LastTraining
from meerkat.sorting.opinions import Opinions
from meerkat.sorting.questions import Questions
from meerkat.sorting.surroundings import Surroundings
from meerkat.video import video_files
from meerkat.video.film_pieces import PIECES, FilmPieces

PAGE = Path(__file__).resolve().parent.parent / "report" / "sort.html.j2"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, prog="start.py sort")
    local_page.add_options(parser)
    local_page.add_person(parser, "labels.csv")
    parser.add_argument("--check", action="store_true", help="only check the configuration and these options")
    args = parser.parse_args()

    settings = own_configuration.read([args.configuration])
    preconditions.check(settings, args.configuration)
    results, clips = Path(settings.results), Path(settings.data.folder)
    if args.check:
        return
    with local_page.alone(clips):
        atomic.remove_leftovers(clips)
        local_page.serve(partial(_application, settings, results, clips, args.person), "sorting", args, results)


def _application(settings: Configuration, results: Path, clips: Path, person: str, secret: str) -> Flask:
    cards = pool.read(results / "sorting" / "cards.csv")
    if not cards:
        raise UserError("Nothing that moves in the videos is as large as videos: size demands, so there is nothing to sort.")
    try:
        embeddings = np.load(results / "sorting/embeddings.npy", mmap_mode="r")
    except (ValueError, EOFError):
        raise UserError(f"{results}/sorting/embeddings.npy is damaged. Delete it and start again: it is then made again.") from None
    folders, journal, answers = opened.open_answers(cards, clips, person, settings.seed)
    chooser = Chooser(embeddings, [card.video for card in cards], [card.site for card in cards], pool.boxes(cards), settings.seed)
    tables = (results / "head/label_issues.csv", results / "evaluation/predictions.csv", results / "evaluation/leaks.csv")
    opinions = Opinions(answers, journal, settings.seed)
    looks = second_looks.SecondLooks(answers, opinions, second_looks.find(*tables))
    questions = Questions(answers, chooser, looks, opinions)
    training = LastTraining(results, folders, journal)
    adviser = Adviser(answers, chooser, looks, opinions, training, results / STATE, settings.evaluate.operating_recall, settings.seed)
    videos = _videos(settings, results)
    surroundings, pieces = Surroundings(cards, videos, results / "motion"), FilmPieces(results / PIECES, os.cpu_count() or 1)
    return server.application(answers, folders, questions, adviser, surroundings, pieces, _names(videos), pages.fill(PAGE), secret)


def _videos(settings: Configuration, results: Path) -> video_files.Videos | None:
    """The videos that were searched; None if only loose clips are sorted."""
    folder = settings.videos.folder
    return video_files.read_list(results / "motion/films.csv", folder) if folder else None


def _names(videos: video_files.Videos | None) -> dict[str, str]:
    """The path of each video below its folder, by its name in results."""
    paths = videos.paths if videos else {}
    return {name: str(Path(path).relative_to(videos.folder)) for name, path in paths.items() if Path(path).is_relative_to(videos.folder)}


run_program(main)
