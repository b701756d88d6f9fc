"""The files below a folder, without the leftovers of file managers, file servers and other programs."""

import os
import re
from collections.abc import Collection, Iterator, Sequence
from glob import glob
from pathlib import Path

from ..errors import UserError
from . import shards

# Folders of thumbnails, snapshots and deleted files: Synology and QNAP servers, Windows, macOS and Linux.
_LITTER_FOLDERS = {
    "@eadir", "@tmp", "#recycle", "#snapshot", "@recycle", "@recently-snapshot", "$recycle.bin", "recycler",
    "system volume information", "__macosx", "lost+found",
}  # fmt: skip
# Databases of thumbnails; sidecars, which ExifTool and the programs of Adobe and Apple write beside a file; thumbnails and small copies of
# films from GoPro (thm, lrv), DJI (lrf) and Insta360.
_LITTER_FILES = re.compile(
    r"(eh)?thumbs(_vista)?\.db|(desktop|picasa)\.ini|.*_original|.*\.(xmp|aae|thm|lrv|lrf)|lrv_.*\.insv|.*@syno\w+", re.IGNORECASE
)

# The table that a run leaves in its folder of results (see running/made.py).
MADE = ("state", "made.csv")


def visible_files(folder: Path | str, leave_out: Collection[Path | str] = (), litter: list[str] | None = None) -> Iterator[str]:
    """The path of every file below `folder` that is not hidden, not litter, and not made by this workflow. Links that lead in circles are
    not followed.

    leave_out  folders to ignore, such as that of the results
    litter     a list; hidden files and litter are added to it, and a folder counts as one

    A folder that cannot be opened is given as if it were a file, so that it is rejected with the reason.
    """
    start = Path(folder).resolve()
    seen = {Path(left_out).resolve() for left_out in leave_out} - {start}
    litter = [] if litter is None else litter
    closed: list[OSError] = []
    for parent, folders, files in os.walk(folder, followlinks=True, onerror=closed.append):
        real = Path(parent).resolve()
        if real in seen or (real != start and start.is_relative_to(real)):
            folders.clear()
            continue
        seen.add(real)
        if real != start and MADE[0] in folders and is_of_results(parent):
            litter.append(parent)
            folders.clear()
            continue
        litter += [str(Path(parent, name)) for name in [*filter(is_litter_folder, folders), *filter(is_litter, files)]]
        folders[:] = [name for name in folders if not is_litter_folder(name)]
        yield from (str(Path(parent, name)) for name in files if not is_litter(name))
    yield from (error.filename for error in closed)


def is_litter(name: str) -> bool:
    """Whether a file of this name is hidden or litter."""
    return name.startswith(".") or _LITTER_FILES.fullmatch(name) is not None


def is_litter_folder(name: str) -> bool:
    """Whether a folder of this name is hidden or litter."""
    return name.startswith(".") or name.lower() in _LITTER_FOLDERS


def is_of_results(folder: Path | str) -> bool:
    """Whether the folder contains the results of a run: its films and clips are not new ones."""
    return Path(folder, *MADE).is_file()


def litter_line(litter: list[str]) -> str:
    """One line about the files that were ignored; `litter` is not empty."""
    return f"Ignored: {len(litter)} hidden files, thumbnails, results of runs and other leftovers of programs, such as {min(litter)}."


def expand(patterns: Sequence[Path | str]) -> list[str]:
    """The files that are named or that match a glob, each once, sorted. So a command line need not contain long lists of files.

    Raises UserError for a pattern that matches no file, or not all shards of one division.
    """
    found = set()
    for pattern in patterns:
        if Path(pattern).is_file():
            found.add(str(pattern))
            continue
        if Path(pattern).is_dir():
            raise UserError(f"{pattern} is a folder. Write a pattern of the files in it, such as '{Path(pattern, 'train-*')}'.")
        fitting = glob(str(pattern))
        shards.check_whole(fitting)
        if not fitting:
            raise UserError(f"There is no file {pattern}. Write the path of a file, or a pattern in quotes that matches files.")
        found.update(fitting)
    return sorted(found)
