"""A first look at every clip: can it be used, and what is its content's digest? Known files are not read again."""

import csv
import hashlib
import stat
import time
from collections.abc import Collection, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from ..data import images
from ..tables import csv_text, read_rows, write_rows

# Findings are saved every this many seconds: after a kill, at most this much reading is repeated.
_SAVE_EVERY = 60.0
# No clip is this large, and a huge file must not fill the memory.
MAX_BYTES = 1 << 28


class Finding(NamedTuple):
    """What was found in a file: its size and its times of modification and change when it was read, the SHA-256 of its content (empty if it
    could not be read), and the reason why it cannot be used (empty if it can)."""

    size: int
    mtime_ns: int
    ctime_ns: int
    digest: str
    reason: str


def inspect(paths: Iterable[str], known_file: Path | str, threads: int, doubted: Collection[str] = ()) -> dict[str, Finding]:
    """A finding for each path. `known_file` keeps the findings for the next run; it may be missing or deleted.

    A file is read again only if its size or a time has changed, or if it is among the `doubted` (see `doubt`). At most `threads` images are
    in memory at once.
    """
    known = {path: finding for path, finding in _load(known_file).items() if path not in doubted}
    findings: dict[str, Finding] = {}
    saved = time.monotonic()
    # Sorted, so that neighbours in a folder are read one after the other: this is faster on spinning disks and network shares.
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


def doubt(file: Path | str, path: str) -> None:
    """Note in `file` that the content of the clip `path` has changed, whatever its size and times say."""
    Path(file).parent.mkdir(parents=True, exist_ok=True)
    with Path(file).open("a", encoding="utf-8", errors="surrogateescape", newline="") as notes:
        notes.write(csv_text([(path,)]))


def doubted(file: Path | str) -> set[str]:
    """The clips that `doubt` has noted; none if the file is missing."""
    try:
        return {row[0] for row in read_rows(file) if row}
    except FileNotFoundError:
        return set()


def _look(path: str, known: Finding | None) -> Finding:
    try:
        status = Path(path).stat()
        seen = (status.st_size, status.st_mtime_ns, status.st_ctime_ns)
        if known is not None and known[:3] == seen:
            return known
        if not stat.S_ISREG(status.st_mode) and not stat.S_ISDIR(status.st_mode):
            return Finding(*seen, "", "not a file but a pipe or a device")
        if status.st_size > MAX_BYTES:
            return Finding(*seen, "", f"larger than {MAX_BYTES >> 20} MiB: not a clip")
        data = Path(path).read_bytes()
    except OSError as error:
        blank = " (its path begins or ends with a space)" if path != path.strip() else ""
        return Finding(-1, -1, -1, "", (error.strerror or "cannot be read") + blank)
    reason = ""
    try:
        images.decode(data)
    except images.UnreadableImage as error:
        reason = str(error)
    return Finding(*seen, hashlib.sha256(data).hexdigest(), reason)


def _load(path: Path | str) -> dict[str, Finding]:
    try:
        return {row[0]: Finding(*map(int, row[1:4]), row[4], row[5]) for row in read_rows(path)}
    except (FileNotFoundError, ValueError, IndexError, csv.Error):
        return {}  # Nothing is lost: the files are read again.


def _save(path: Path | str, findings: dict[str, Finding]) -> None:
    write_rows(((name, *finding) for name, finding in findings.items()), path)
