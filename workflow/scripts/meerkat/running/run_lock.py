"""Lets a run begin although an earlier run crashed and left Snakemake's lock behind, but not while another run is alive.

Snakemake locks the working folder with files, which a killed run cannot remove, and then refuses every later run. The
operating system's own lock (flock) dies with its process. Every run holds a lock of this kind. If a run can get it, no other run is alive.
On a shared file system this works only within one computer, so the user has to remove the lock of a run that was started on another
computer.
"""

import fcntl
import shutil
import socket
from pathlib import Path

from ..errors import UserError

_held = []  # The lock lives as long as its file is open: to the end of this process.


def hold(results: Path) -> None:
    """Hold the folder of results until this process ends. Call it once, in the main process.

    Raises UserError if another run works there. Snakemake's own lock does not show a run that was started in another folder.
    """
    try:
        (results / "state").mkdir(parents=True, exist_ok=True)
        file = (results / "state" / "alive").open("a")
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise UserError(f"Another run is at work on {results}. Wait until it has ended, or stop it with Ctrl-C.") from None
    except OSError:
        return  # The file system has no such locks, or cannot be written, which later steps say.
    _held.append(file)


def remove_stale_lock(state: Path = Path(".snakemake")) -> None:
    """Remove Snakemake's lock from `state`, and hold this folder until this process ends. Call it once, in the main process.

    Raises UserError if another run works in the folder. Snakemake itself would let both work as long as they make different files; but each
    keeps notes of its films and results for the next run, and cancels the jobs that seem to be left over on a cluster.
    """
    try:
        state.mkdir(exist_ok=True)
        file = (state / "alive").open("a+")
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        file.seek(0)
        if file.read() in ("", socket.gethostname()):
            shutil.rmtree(state / "locks", ignore_errors=True)
        if not any((state / "locks").glob("*")):
            file.truncate(0)
            file.write(socket.gethostname())
            file.flush()
    except BlockingIOError:
        raise UserError(
            f"Another run is at work in {state.absolute().parent}. Wait until it has ended, stop it with Ctrl-C, or start this one in "
            "another folder."
        ) from None
    except OSError:
        return  # The file system has no such locks, or cannot be written: Snakemake's lock stands.
    _held.append(file)
