"""What Snakemake compares to notice that clips were added, removed, renamed or edited.

As inputs of a rule, 100,000 files cost seconds in every run; one digest of their sizes and times costs half a second.
"""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from . import clips
from .errors import UserError


def folder_digest(folder: Path | str) -> str:
    """A digest of path, size and modification time of each visible file below `folder`."""
    return _digest(_walk(str(folder)))


def list_digest(path: Path | str) -> str:
    """A digest of path, size and modification time of each file that the clip list `path` names."""
    try:
        return _digest((clip.path, _status(clip.path)) for clip in clips.read_list(path))
    except UserError as error:
        return str(error)  # create_docs will say it to the user.


def file_digest(path: str) -> str:
    """A digest of path, size and modification time of one file."""
    return _digest(iter([(path, _status(path))]))


def _digest(files: Iterator[tuple[str, os.stat_result | None]]) -> str:
    digest = hashlib.sha256()
    for path, status in sorted(files, key=lambda file: file[0]):
        facts = (path, status and status.st_size, status and status.st_mtime_ns)
        digest.update(repr(facts).encode(errors="surrogateescape"))
    return digest.hexdigest()


def _walk(folder: str) -> Iterator[tuple[str, os.stat_result | None]]:
    for path in clips.visible_files(folder):
        yield path, _status(path)


def _status(path: str) -> os.stat_result | None:
    try:
        return Path(path).stat()
    except OSError:
        return None
