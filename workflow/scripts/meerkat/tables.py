"""Tables as CSV files that come back as they were, whatever the fields hold."""

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

from .errors import UserError


def csv_text(rows: Iterable[Sequence[object]]) -> str:
    """CSV lines that end with a line feed. Fields are quoted where they must be."""
    buffer = io.StringIO()
    plain = csv.writer(buffer, lineterminator="\n")
    # Python quotes a carriage return only when it is part of the line end, and refuses to read it unquoted.
    quoted = csv.writer(buffer, lineterminator="\n", quoting=csv.QUOTE_ALL)
    for row in rows:
        (quoted if any("\r" in str(field) for field in row) else plain).writerow(row)
    return buffer.getvalue()


def read_rows(path: Path | str) -> list[list[str]]:
    """The rows of a CSV file in UTF-8; bytes of file names that are no UTF-8 pass through. Raises FileNotFoundError."""
    text = Path(path).read_bytes().decode("utf-8-sig", errors="surrogateescape")
    return list(csv.reader(io.StringIO(text, newline="")))


def read(path: Path | str, made_by: str) -> list[dict[str, str]]:
    """The rows of a CSV file with a header, by column. Raises UserError when it is missing; `made_by` is the program."""
    try:
        header, *rows = read_rows(path)
    except FileNotFoundError:
        raise UserError(f"The table {path} does not exist. Make it with {made_by}.") from None
    return [dict(zip(header, row, strict=True)) for row in rows]
