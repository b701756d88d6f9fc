"""Records what the steps have made. So we notice a file that was damaged or changed later, and run its step again.

<results>/state/made.csv  a row for each output: path, size, time of modification, SHA-256, and when Snakemake noted that it was made.
                          There is also a row for each other file that a step makes: instead of a SHA-256 it has the output that the
                          file belongs to
"""

import base64
import binascii
import contextlib
import csv
import os
import re
import stat
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from .. import atomic, digests
from ..data.file_tree import MADE
from ..tables import read_rows, write_rows

_METADATA, _INCOMPLETE = ".snakemake/metadata", ".snakemake/incomplete"
# A name of a record is cut into pieces of so many characters.
_PIECE = 254
# Snakemake marks an unfinished output like this.
_MARK = '{"external_jobid": null}'
# Options with which Snakemake makes nothing.
_DRY_RUN = re.compile(r"-[a-zA-Z]*n[a-zA-Z]*")
_LOOKS = {
    "--dry-run", "--dryrun", "--summary", "-S", "--detailed-summary", "-D", "--list-rules", "--list", "-l", "--list-target-rules", "--lt",
    "--dag", "--rulegraph", "--filegraph", "--d3dag", "--lint", "--report", "--unlock", "--touch", "-t", "--archive", "--cleanup-metadata",
    "--delete-all-output", "--delete-temp-output", "--list-changes", "--list-input-changes", "--list-params-changes", "--list-untracked",
}  # fmt: skip
# Larger files are compared only by size and time: files that are so large contain their own checksums.
_LARGE = 1 << 27


class Made(NamedTuple):
    """A file as it was at the end of the run that made it. `owner` is the output that it belongs to. `noted_ns` is the time when Snakemake
    wrote its record of the file or of its owner."""

    size: int
    mtime_ns: int
    digest: str
    noted_ns: int
    owner: str = ""


class Record(NamedTuple):
    """A file of Snakemake about an output: its path, size and time of modification."""

    path: str
    size: int
    mtime_ns: int


def only_looks(arguments: Sequence[str]) -> bool:
    """Whether Snakemake's command line asks only to look at the results. Snakemake itself knows this only after it has read the rules.
    Short options may be joined, as in `-np`."""
    words = (argument.partition("=")[0] for argument in arguments)
    return any(word in _LOOKS or _DRY_RUN.fullmatch(word) for word in words)


def records() -> dict[str, Record]:
    """Snakemake's records by their outputs. The name of a record is that of its output in base 64, cut into pieces if it is long."""
    found = {}
    for folder, _, names in os.walk(_METADATA):
        above = "".join(piece.removeprefix("@") for piece in Path(folder).relative_to(_METADATA).parts)
        for name in names:
            path = os.path.join(folder, name)
            try:
                output = base64.urlsafe_b64decode(above + name).decode()
            except (binascii.Error, UnicodeDecodeError):
                continue
            if status := _status(path):
                found[output] = Record(path, status.st_size, status.st_mtime_ns)
    return found


def settle(outputs: Iterable[str]) -> None:
    """Give outputs that are dated in the future the present time: the clock was ahead when they were made. Otherwise they would stay newer
    than everything made now, and Snakemake, which makes a file again when an input is newer, would never make them again."""
    now = time.time()
    for output in outputs:
        if (status := _status(output)) and status.st_mtime > now:
            with contextlib.suppress(OSError):  # we may not be allowed to change it
                os.utime(output, (now, now))


def distrust_damaged(records: Mapping[str, Record]) -> list[str]:
    """If Snakemake's record of an output cannot be read, as after a full disk, let it run the step again. Otherwise Snakemake would believe
    that the output was made with the present settings. Returns these outputs."""
    found = []
    for output, record in records.items():
        if not record.size or not _is_whole(record.path):
            distrust(record)
            found.append(output)
    return sorted(found)


def distrust_lost(state: Path | str, records: Mapping[str, Record]) -> list[str]:
    """If Snakemake's records of outputs are gone, as where a project was copied without its hidden folders, let it run the steps again.
    Otherwise Snakemake would look at times alone, and would not see that clips were moved or settings changed. Returns these outputs."""
    lost = [path for path, made in _load(state).items() if not made.owner and path not in records and _status(path)]
    for output in lost:
        encoded = base64.urlsafe_b64encode(output.encode()).decode()
        pieces = [encoded[start : start + _PIECE] for start in range(0, len(encoded), _PIECE)]
        atomic.write_text(Path(_INCOMPLETE, *(f"@{piece}" for piece in pieces[:-1]), pieces[-1]), _MARK)
    return lost


def distrust(record: Record) -> None:
    """Let Snakemake run the step of the record's output again."""
    atomic.write_text(_marker(record), _MARK)
    os.unlink(record.path)


def remember(state: Path | str, results: Path | str, beside: Mapping[str, Callable[[], Iterable[str]]] = MappingProxyType({})) -> None:
    """Note the state of the outputs below `results` that were made since the last time. Call it when a run has ended.

    beside  by output: a function that gives the other files that its step makes
    """
    known, now, noted = _load(state), {}, records()
    for output, record in noted.items():
        before = known.get(output)
        if before is not None and before.noted_ns == record.mtime_ns:  # No step has changed it since.
            now[output] = before
        elif Path(output).is_relative_to(results) and (status := _status(output)):
            now[output] = Made(status.st_size, status.st_mtime_ns, _digest(output, status.st_size), record.mtime_ns)
            for path in beside.get(output, list)():
                if found := _status(path):
                    now[path] = Made(found.st_size, found.st_mtime_ns, "", record.mtime_ns, output)
    now |= {path: made for path, made in known.items() if made.owner in now and now[made.owner].noted_ns == made.noted_ns}
    if now != known:
        write_rows(((output, *made) for output, made in sorted(now.items())), _table(state))


def changed_since(state: Path | str, records: Mapping[str, Record]) -> dict[str, str]:
    """The files that have changed since a step made them: cut short, damaged, or edited by a person. Of the files that a step makes besides
    its outputs, missing ones count as well. Each file is given with the output that it belongs to, which is empty for an output itself.
    Files that a killed run has made since, or whose time alone differs, are not included."""
    found = {}
    for path, made in _load(state).items():
        status, record = _status(path), records.get(made.owner or path)
        if record is None or record.mtime_ns != made.noted_ns or os.path.exists(_marker(record)):
            continue
        if made.owner:
            is_same = status is not None and status.st_size == made.size
        else:
            is_same = status is None or (status.st_size, status.st_mtime_ns) == made[:2]
            is_same = is_same or (status.st_size == made.size and _digest(path, status.st_size) == made.digest)
        if not is_same:
            found[path] = made.owner
    return found


def set_aside(output: str) -> Path:
    """Give a changed output another name, so that its step makes it again and nothing is lost. Returns the new path."""
    numbers = (f".changed{number}" for number in ("", *range(2, 1000)))
    aside = next(path for suffix in numbers if not (path := Path(output + suffix)).exists())
    return Path(output).rename(aside)


def _marker(record: Record) -> str:
    """The file in which Snakemake marks the output of a record as unfinished: its step is at work, or was killed."""
    return os.path.join(_INCOMPLETE, os.path.relpath(record.path, _METADATA))


def _status(path: str) -> os.stat_result | None:
    """The status of a file; None if it does not exist."""
    try:
        status = os.stat(path)
    except OSError:
        return None
    return status if stat.S_ISREG(status.st_mode) else None


def _is_whole(record: str) -> bool:
    """Whether the JSON of a record ends properly; records of many inputs are too long to read at each start."""
    with open(record, "rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read() == b"}"


def _load(state: Path | str) -> dict[str, Made]:
    try:
        return {row[0]: Made(int(row[1]), int(row[2]), row[3], int(row[4]), *row[5:6]) for row in read_rows(_table(state))}
    except (FileNotFoundError, ValueError, IndexError, csv.Error):
        return {}  # Nothing is known then, so nothing is distrusted.


def _table(state: Path | str) -> Path:
    return Path(state) / MADE[-1]


def _digest(path: str, size: int) -> str:
    return digests.of_file(path) if size <= _LARGE else ""
