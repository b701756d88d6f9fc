"""What the steps have made, so that a file which was damaged or changed since is noticed, and its step runs again.

<results>/state/made.csv  a row for each output: path, size, time of modification, SHA-256, and when Snakemake noted that it was made
"""

import base64
import binascii
import csv
import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from .. import atomic, digests
from ..tables import csv_text, read_rows

_METADATA, _INCOMPLETE = Path(".snakemake/metadata"), Path(".snakemake/incomplete")
# What an unfinished output looks like to Snakemake.
_MARK = '{"external_jobid": null}'
# Larger files are compared by size and time alone: those that are so large carry checksums of their own.
_LARGE = 1 << 27


class Made(NamedTuple):
    """An output as it was when the run ended that made it; `noted_ns` is when Snakemake's record of it was written."""

    size: int
    mtime_ns: int
    digest: str
    noted_ns: int


def distrust_damaged_records() -> list[str]:
    """Let Snakemake run the steps again of whose outputs its records cannot be read, as after a full disk: it would take these outputs
    for made with whatever settings there are now. Returns the outputs."""
    found = []
    for record, output in _records():
        if not _is_whole(record):
            marker = _INCOMPLETE / record.relative_to(_METADATA)
            marker.parent.mkdir(parents=True, exist_ok=True)
            marker.write_text(_MARK)
            record.unlink()
            found.append(output)
    return sorted(found)


def remember(state: Path | str, results: Path | str) -> None:
    """Note how all outputs below `results` are now; call it when a run has ended."""
    known, now = _load(state), {}
    for record, output in _records():
        path = Path(output)
        if path.is_relative_to(results) and path.is_file():
            status, before = path.stat(), known.get(output)
            is_known = before is not None and before[:2] == (status.st_size, status.st_mtime_ns)
            digest = before.digest if is_known else _digest(path)
            now[output] = Made(status.st_size, status.st_mtime_ns, digest, record.stat().st_mtime_ns)
    if now != known:
        atomic.write_text(_table(state), csv_text((output, *made) for output, made in sorted(now.items())))


def changed_since(state: Path | str) -> list[str]:
    """The outputs that are no longer what a step has made: cut short, damaged, or changed by a person. Those that a killed run has made
    since, or that only have another time, are not among them."""
    found = []
    noted = {output: record for record, output in _records()}
    for output, made in _load(state).items():
        path = Path(output)
        if output not in noted or not path.is_file():
            continue
        status = path.stat()
        if made[:2] == (status.st_size, status.st_mtime_ns) or noted[output].stat().st_mtime_ns != made.noted_ns:
            continue
        if status.st_size != made.size or _digest(path) != made.digest:
            found.append(output)
    return found


def set_aside(output: str) -> Path:
    """Give a changed output another name, so that its step makes it anew and nothing is lost. Returns the new path."""
    numbers = (f".changed{number}" for number in ("", *range(2, 1000)))
    aside = next(path for suffix in numbers if not (path := Path(output + suffix)).exists())
    return Path(output).rename(aside)


def _records() -> Iterator[tuple[Path, str]]:
    """Snakemake's records, and the output that each is of. The name of a record is that of the output in base 64, in pieces where long."""
    for record in _METADATA.rglob("*"):
        if record.is_file():
            pieces = record.relative_to(_METADATA).parts
            try:
                yield record, base64.urlsafe_b64decode("".join(piece.removeprefix("@") for piece in pieces)).decode()
            except (binascii.Error, UnicodeDecodeError):
                continue


def _is_whole(record: Path) -> bool:
    """Whether the JSON of a record ends as it should; records of many inputs are too long to be read at each start."""
    with record.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - 1))
        return file.read() == b"}"


def _load(state: Path | str) -> dict[str, Made]:
    try:
        return {row[0]: Made(int(row[1]), int(row[2]), row[3], int(row[4])) for row in read_rows(_table(state))}
    except (FileNotFoundError, ValueError, IndexError, csv.Error):
        return {}  # Nothing is known then, and nothing is distrusted.


def _table(state: Path | str) -> Path:
    return Path(state) / "made.csv"


def _digest(path: Path) -> str:
    return digests.of_file(path) if path.stat().st_size <= _LARGE else ""
