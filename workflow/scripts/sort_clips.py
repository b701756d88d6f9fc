"""Open the page for sorting in the browser. Decided clips go into the folders at once."""

import argparse
import fcntl
import getpass
import secrets
import sys
import tempfile
import threading
import webbrowser
from pathlib import Path
from typing import TextIO

import numpy as np
from flask import Flask
from meerkat import atomic
from meerkat.errors import UserError, run_program
from meerkat.log import log
from meerkat.report import pages
from meerkat.running import own_configuration
from meerkat.settings.configuration import Configuration
from meerkat.sorting import moved_films, pool, preconditions, renewal, second_looks, server
from meerkat.sorting.advice import Adviser
from meerkat.sorting.answers import Answers
from meerkat.sorting.choice import Chooser
from meerkat.sorting.folders import Folders
from meerkat.sorting.journal import NAME, Journal
from meerkat.sorting.opinions import Opinions
from meerkat.sorting.questions import Questions
from meerkat.tables import FORMULA
from meerkat.video import video_files
from waitress import create_server

PAGE = Path(__file__).resolve().parent.parent / "report" / "sort.html.j2"
# More threads than browsers make requests at the same time.
_THREADS = 8
# Connections at a time, and seconds after which an idle one is closed: nobody can block the page with idle connections.
_CONNECTIONS, _IDLE = 1000, 10
_LAST_PORT = 65_535
_LONGEST_NAME = 60


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, prog="start.py sort")
    parser.add_argument("configuration", type=Path, help="configuration file (YAML), which start.py has checked")
    parser.add_argument("--port", type=_port, default=0, help="port of the page (default: any free port)")
    parser.add_argument("--person", type=_person, default=_user(), help="who sorts, for labels.csv (default: the user's name)")
    parser.add_argument("--check", action="store_true", help="only check the configuration and these options")
    parser.add_argument("--no-browser", action="store_true", help="only print the address")
    args = parser.parse_args()

    settings = own_configuration.read([args.configuration])
    preconditions.check(settings, args.configuration)
    results, clips = Path(settings.results), Path(settings.data.folder)
    if args.check:
        return
    alone = _lock(clips / ".sorting.lock")
    atomic.remove_leftovers(clips)
    secret = secrets.token_urlsafe(16)
    app = _application(settings, results, clips, args.person, secret)
    try:
        listening = create_server(
            app,
            host="127.0.0.1",
            port=args.port,
            threads=_THREADS,
            connection_limit=_CONNECTIONS,
            channel_timeout=_IDLE,
            cleanup_interval=_IDLE // 2,
        )
    except OSError as error:
        raise UserError(f"--port {args.port} cannot be used ({error.strerror}). Write another port, or leave it out.") from None
    address = f"http://127.0.0.1:{listening.effective_port}/{secret}/"
    print(f"The page for sorting: {address}\nStop it with Ctrl-C when you are done. All decisions are saved.", file=sys.stderr, flush=True)
    # Only this user can open the folder. Browsers in a sandbox (snap) see neither /tmp nor hidden folders.
    with tempfile.TemporaryDirectory(prefix="door-", dir=results.absolute() / "sorting") as folder:
        if not args.no_browser:
            threading.Timer(0.5, webbrowser.open, [_door(Path(folder), address).as_uri()]).start()
        listening.run()
    alone.close()


def _door(folder: Path, address: str) -> Path:
    """A page that leads to the address: other users can see the browser's command line, and the secret must not be in it."""
    door = folder / "sort.html"
    door.write_text(f'<!DOCTYPE html><meta http-equiv="refresh" content="0; url={address}"><a href="{address}">The page for sorting</a>\n')
    return door


def _application(settings: Configuration, results: Path, clips: Path, person: str, secret: str) -> Flask:
    cards = pool.read(results / "sorting" / "cards.csv")
    if not cards:
        raise UserError("Nothing that moves in the videos is as large as videos: size demands, so there is nothing to sort.")
    try:
        embeddings = np.load(results / "sorting/embeddings.npy", mmap_mode="r")
    except (ValueError, EOFError):
        raise UserError(f"{results}/sorting/embeddings.npy is damaged. Delete it and start again: it is then made again.") from None
    folders = Folders(clips)
    renamed, told = moved_films.follow(cards, folders)
    journal = Journal(clips / NAME, person, renamed)
    for sentence in [*told, *renewal.renew(cards, folders)]:
        log.info(sentence)
    answers = Answers(cards, folders, journal, settings.seed)
    chooser = Chooser(embeddings, [card.video for card in cards], [card.site for card in cards], settings.seed)
    tables = (results / "head/label_issues.csv", results / "evaluation/predictions.csv", results / "evaluation/leaks.csv")
    opinions = Opinions(answers, journal, settings.seed)
    looks = second_looks.SecondLooks(answers, opinions, second_looks.find(*tables))
    questions = Questions(answers, chooser, looks, opinions)
    adviser = Adviser(answers, chooser, looks, opinions, settings.evaluate.operating_recall, settings.seed)
    return server.application(answers, folders, questions, adviser, _films(settings, results), pages.fill(PAGE), secret)


def _films(settings: Configuration, results: Path) -> dict[str, str]:
    """The path of each video below its folder, by its name in results."""
    if not settings.videos.folder:
        return {}
    paths = video_files.read_list(results / "motion/films.csv", "gather_motion.py").paths
    folder = Path(settings.videos.folder)
    return {name: str(Path(path).relative_to(folder)) for name, path in paths.items() if Path(path).is_relative_to(folder)}


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > _LAST_PORT:
        raise argparse.ArgumentTypeError(f"{text!r} is not allowed. Write a number up to {_LAST_PORT}")
    return int(text)


def _person(text: str) -> str:
    """A name that a spreadsheet can show."""
    if not text.strip() or not text.isprintable() or len(text) > _LONGEST_NAME or text[0] in FORMULA:
        raise argparse.ArgumentTypeError(f"{text[:_LONGEST_NAME]!r} is not a name. Write up to {_LONGEST_NAME} letters, such as ann")
    return text


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # In a container the user may have no name.
        return "unknown"


def _lock(path: Path) -> TextIO:
    """The lock file; this program holds the lock as long as the file is open. Raises UserError if another program holds it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    file = path.open("a")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise UserError(f"The page for {path.parent} is already open. Use it, or stop that program with Ctrl-C.") from None
    return file


run_program(main)
