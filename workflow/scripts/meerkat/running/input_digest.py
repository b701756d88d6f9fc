"""Digests of files, as params of rules. Snakemake compares them to notice that files have changed.

As inputs of a rule, 100,000 clips would cost seconds in every run; one digest of their sizes and times costs half a second. Files that the
workflow writes are compared by content, so that a wrong clock in an earlier run hides nothing.
"""

import hashlib
import os
from collections.abc import Collection, Iterable
from functools import cache
from pathlib import Path

from .. import digests
from ..data import clip_lists, file_tree
from ..errors import UserError


def of_folder(folder: Path | str, leave_out: Path | str, without: Collection[Path] = ()) -> str:
    """A digest of path, size and times of each visible file below `folder`, except those below `leave_out`, and the files `without`."""
    return _clips(path for path in file_tree.visible_files(folder, [leave_out]) if Path(path) not in without)


def of_list(path: Path | str) -> str:
    """The same for each file that the clip list `path` names."""
    try:
        return _clips(clip.path for clip in clip_lists.read(path))
    except UserError as error:
        return str(error)  # create_docs will report it to the user.


def status(paths: Iterable[Path | str]) -> str:
    """A digest of path, size and modification time of large files. These stay when the files are copied to another disk."""
    return _digest((str(path), found and found.st_size, found and found.st_mtime_ns) for path, found in _statuses(paths))


def content(paths: Iterable[Path | str]) -> str:
    """A digest of the content of files; a file that does not exist yet has none."""
    keys = [(str(path), found and (found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)) for path, found in _statuses(paths)]
    return _digest((path, seen and _sha256(path, seen)) for path, seen in keys)


def value(anything: object) -> str:
    """A digest of a value that is too long to compare directly."""
    return _digest([(anything,)])


def _clips(paths: Iterable[Path | str]) -> str:
    """The status of clips. If a file is replaced by one of the same size and modification time, its time of change (ctime) still differs.

    The inode would differ too, but many file systems of cards and servers give files other inodes each time they are mounted.
    """
    facts = ((str(path), found and (found.st_size, found.st_mtime_ns, found.st_ctime_ns)) for path, found in _statuses(paths))
    return _digest(sorted(facts))


def _statuses(paths: Iterable[Path | str]) -> Iterable[tuple[Path | str, os.stat_result | None]]:
    for path in paths:
        try:
            yield path, Path(path).stat()
        except OSError:
            yield path, None


def _digest(facts: Iterable[tuple]) -> str:
    digest = hashlib.sha256()
    for fact in facts:
        digest.update(repr(fact).encode(errors="surrogateescape"))
    return digest.hexdigest()


@cache
def _sha256(path: str, seen: tuple) -> str:
    """The SHA-256 of a file. It is read only once as long as its status is `seen`."""
    try:
        return digests.of_file(path)
    except OSError:  # A folder, or a file that may not be read: the program says what to write instead.
        return ""
