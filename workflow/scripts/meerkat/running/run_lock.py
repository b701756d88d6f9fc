"""Lets a run begin although an earlier run crashed and left Snakemake's lock behind, but not while another run is alive.

Snakemake locks the working folder with files, which a killed run cannot remove, and then refuses every later run. The
operating system's own lock (flock) dies with its process. Every run holds a lock of this kind. If a run can get it, no other run is alive.
On a shared file system this works only within one computer, so the user has to remove the lock of a run that was started on another
computer.
"""

import fcntl
import shutil
import socket
from contextlib import suppress
from pathlib import Path
from typing import TextIO

from ..errors import UserError

_held = []  # A lock lives as long as its file is open: to the end of this process.


def hold(results: Path, state: Path = Path(".snakemake")) -> None:
    """Hold the folder of results, and the one in which Snakemake works and keeps its `state`, until this process ends. A lock that a
    crashed run left in `state` is removed. Call it once, in the main process.

    Raises UserError if another run works in one of them. Snakemake's own lock does not show a run that was started in another folder. In
    one folder Snakemake would let both work as long as they make different files; but each keeps notes of its films and results for the
    next run, and cancels the jobs that seem to be left over on a cluster.
    """
    _lock(results / "state", f"Another run is at work on {results}. Wait until it has ended, or stop it with Ctrl-C.")
    file = _lock(
        state,
        f"Another run is at work in {state.absolute().parent}. Wait until it has ended, stop it with Ctrl-C, or start this one in another "
        "folder.",
    )
    if file:
        with suppress(OSError):  # Snakemake's lock stands.
            _remove_stale_lock(file, state)


def _lock(folder: Path, refusal: str) -> TextIO | None:
    """The locked file of a folder; None if the file system has no such locks, or cannot be written, which later steps say."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = (folder / "alive").open("a+")
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise UserError(refusal) from None
    except OSError:
        return None
    _held.append(file)
    return file


def _remove_stale_lock(file: TextIO, state: Path) -> None:
    """Remove Snakemake's lock unless a run on another computer, whose name stands in the file, may have set it."""
    file.seek(0)
    if file.read() in ("", socket.gethostname()):
        shutil.rmtree(state / "locks", ignore_errors=True)
    if not any((state / "locks").glob("*")):
        file.truncate(0)
        file.write(socket.gethostname())
        file.flush()
