"""Opens a page in the browser, for the person at this computer only, until the program is stopped."""

import argparse
import fcntl
import getpass
import secrets
import shutil
import sys
import tempfile
import threading
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from waitress import create_server

from ..errors import UserError
from ..tables import FORMULA

# More threads than browsers make requests at the same time.
_THREADS = 8
# Connections at a time, and seconds after which an idle one is closed: nobody can block the page with idle connections.
_CONNECTIONS, _IDLE = 1000, 10
_LAST_PORT = 65_535
# Seconds for which the page that leads to the address stays.
_DOOR_OPEN = 60
_LONGEST_NAME = 60


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of a program with a page."""
    parser.add_argument("configuration", type=Path, help="configuration file (YAML)")
    parser.add_argument("--port", type=_port, default=0, help="port of the page (default: any free port)")
    parser.add_argument("--no-browser", action="store_true", help="only print the address")


def add_person(parser: argparse.ArgumentParser, table: str) -> None:
    """Add the option that names the person who decides, which is noted in this table."""
    parser.add_argument("--person", type=_person, default=_user(), help=f"who decides, for {table} (default: the user's name)")


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """While the block runs, no other program can decide on clips of this folder. Raises UserError if another one already does."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".sorting.lock").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UserError(f"A page for {folder} is already open. Use it, or stop that program with Ctrl-C.") from None
        except OSError:
            pass  # The file system has no such locks.
        yield


def serve(make: Callable[[str], Flask], what: str, args: argparse.Namespace, results: Path) -> None:
    """Open the page and answer its requests until the program is stopped.

    make     makes the application, below an address that begins with this secret
    what     what the page is for, such as "sorting"
    args     with the options of `add_options`
    results  the folder of results
    """
    secret = secrets.token_urlsafe(16)
    app = make(secret)
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
    print(f"The page for {what}: {address}\nStop it with Ctrl-C when you are done. All answers are saved.", file=sys.stderr, flush=True)
    # Only this user can open the folder. Browsers in a sandbox (snap) see neither /tmp nor hidden folders.
    with tempfile.TemporaryDirectory(prefix="door-", dir=results.absolute(), ignore_cleanup_errors=True) as folder:
        if not args.no_browser:
            threading.Timer(0.5, webbrowser.open, [_door(Path(folder), what, address).as_uri()]).start()
        # A program that is killed deletes nothing, so the folder goes as soon as the browser has had time to open the page.
        closing = threading.Timer(_DOOR_OPEN, shutil.rmtree, [folder, True])
        closing.daemon = True
        closing.start()
        listening.run()


def _door(folder: Path, what: str, address: str) -> Path:
    """A page that leads to the address: other users can see the browser's command line, and the secret must not be in it."""
    door = folder / "page.html"
    link = f'<a href="{address}">The page for {what}</a>'
    door.write_text(f'<!DOCTYPE html><meta http-equiv="refresh" content="0; url={address}">{link}\n')
    return door


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
