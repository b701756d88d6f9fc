"""A first look at every clip: can it be used, and what is its content's digest? Known files are not read again."""

import csv
import hashlib
import io
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from . import atomic, images
from .tables import csv_text

# How often what has been seen so far is saved, in seconds: at most this much reading is repeated after a kill.
_SAVE_EVERY = 60.0
# No clip is this large, and a file of any size must not fill the memory.
MAX_BYTES = 1 << 28


class Finding(NamedTuple):
    """What was seen in a file: its size and modification time when it was read, the SHA-256 of its content (empty if
    it could not be read) and the reason why it cannot be used (empty if it can)."""

    size: int
    mtime_ns: int
    digest: str
    reason: str


def inspect(paths: Iterable[str], known_file: Path | str, threads: int) -> dict[str, Finding]:
    """A finding for each path. `known_file` keeps the findings for the next run; it may be missing or deleted.

    A file is read again only when its size or modification time has changed. Memory holds `threads` images at once.
    """
    known = _load(known_file)
    findings: dict[str, Finding] = {}
    saved = time.monotonic()
    # Sorted: neighbours in a folder are read one after the other, which spinning disks and network shares like.
    paths = sorted(set(paths))
    with ThreadPoolExecutor(threads) as pool:
        for start in range(0, len(paths), 1024):
            block = paths[start : start + 1024]
            findings.update(zip(block, pool.map(lambda path: _look(path, known.get(path)), block), strict=True))
            if time.monotonic() - saved > _SAVE_EVERY:
                _save(known_file, known | findings)
                saved = time.monotonic()
    if findings != known:
        _save(known_file, findings)
    return findings


def _look(path: str, known: Finding | None) -> Finding:
    try:
        status = Path(path).stat()
        if known is not None and (known.size, known.mtime_ns) == (status.st_size, status.st_mtime_ns):
            return known
        if status.st_size > MAX_BYTES:
            return Finding(status.st_size, status.st_mtime_ns, "", f"larger than {MAX_BYTES >> 20} MiB: not a clip")
        data = Path(path).read_bytes()
    except OSError as error:
        return Finding(-1, -1, "", error.strerror or "cannot be read")
    reason = ""
    try:
        images.decode(data)
    except images.UnreadableImage as error:
        reason = str(error)
    return Finding(status.st_size, status.st_mtime_ns, hashlib.sha256(data).hexdigest(), reason)


def _load(path: Path | str) -> dict[str, Finding]:
    try:
        text = Path(path).read_bytes().decode(errors="surrogateescape")
        return {row[0]: Finding(int(row[1]), int(row[2]), row[3], row[4]) for row in csv.reader(io.StringIO(text))}
    except (FileNotFoundError, ValueError, IndexError, csv.Error):
        return {}  # Nothing is lost: the files are read again.


def _save(path: Path | str, findings: dict[str, Finding]) -> None:
    atomic.write_text(path, csv_text((name, *finding) for name, finding in findings.items()))
