"""Rows as CSV text that comes back as it was, whatever the fields hold."""

import csv
import io
from collections.abc import Iterable, Sequence


def csv_text(rows: Iterable[Sequence[object]]) -> str:
    """CSV lines that end with a line feed. Fields are quoted where they must be."""
    buffer = io.StringIO()
    plain = csv.writer(buffer, lineterminator="\n")
    # Python quotes a carriage return only when it is part of the line end, and refuses to read it unquoted.
    quoted = csv.writer(buffer, lineterminator="\n", quoting=csv.QUOTE_ALL)
    for row in rows:
        (quoted if any("\r" in str(field) for field in row) else plain).writerow(row)
    return buffer.getvalue()
