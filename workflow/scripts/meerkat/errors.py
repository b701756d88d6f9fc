"""Errors that a user can act on, and how a program reports them."""

import sys
import traceback
from collections.abc import Callable

from .log import log


class UserError(Exception):
    """Something the user can fix: the message says what is wrong, where, and what to write instead."""


# A message shows this many examples and counts the rest.
_SHOWN = 10


def examples(lines: list[str]) -> str:
    """The first lines, indented, and how many more there are. Control characters in file names are escaped."""
    more = [f"  ... and {len(lines) - _SHOWN} more"] if len(lines) > _SHOWN else []
    return "\n".join([f"  {printable(line)}" for line in lines[:_SHOWN]] + more)


def printable(text: str) -> str:
    """The text with line ends, control characters and undecodable bytes written as escapes such as \\n."""
    return "".join(character if character.isprintable() else ascii(character)[1:-1] for character in text)


def run_program(main: Callable[[], None]) -> None:
    """Run a program's `main` and exit: 0 when it returns, 1 after one plain message when it fails.

    A full disk is reported like a user's error. Anything unforeseen is a defect of the program: the message says so in one sentence, and
    the stack trace follows for the bug report.
    """
    try:
        main()
    except UserError as error:
        log.debug(traceback.format_exc())
        sys.exit(f"ERROR: {error}")
    except OSError as error:
        where = f" ({error.filename})" if error.filename else ""
        sys.exit(f"ERROR: {error.strerror or error}{where}. Fix this and run again; finished work is kept.")
    except Exception as error:
        trace = traceback.format_exc()
        sys.exit(f"ERROR: unexpected {type(error).__name__}: {error}\nThis is a defect; please report it with:\n{trace}")
