"""Tables that people write, often with a spreadsheet: what cannot be used is told with its line."""

import csv
import unicodedata
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from .errors import UserError, examples, printable
from .tables import read_rows

Parsed = TypeVar("Parsed")
_ADVICE = "From a spreadsheet, save as CSV with commas, in UTF-8."
_SOFT_HYPHEN = "\u00ad"


def read(path: Path | str, header: Sequence[str], setting: str, parse: Callable[[list[str]], Parsed]) -> list[Parsed]:
    """What `parse` makes of each line of a CSV file; lines without a word are passed over.

    header   the names in the first line
    setting  where the configuration names the table, such as "videos: table"
    parse    takes the cells of a line, as many as there are names, cleaned (see `_clean`); raises ValueError with what is wrong and what
             to write

    Raises UserError when the file cannot be read, is no such table, or has lines that cannot be used: it names them all.
    """
    try:
        rows = read_rows(path)
    except OSError as error:
        raise UserError(f"{setting}: {path}: {error.strerror}. Write the path of a CSV file, or null.") from None
    except csv.Error as error:
        raise UserError(f"{path} is no CSV file ({error}); perhaps a quote is not closed. {_ADVICE}") from None
    if not rows or list(map(_clean, rows[0])) != list(header):
        first = f"but is {printable(','.join(rows[0]))[:60]!r}" if rows else "but the file is empty"
        raise UserError(f"{path}: the first line must be {','.join(header)}, {first}. {_ADVICE}")
    parsed, wrong = [], []
    for number, row in enumerate(rows[1:], 2):
        cells = list(map(_clean, row))
        if not any(cells):
            continue
        try:
            if not all(cell.isprintable() for cell in cells) or any("\n" in cell for cell in row):
                raise ValueError(f"it holds bytes that are not UTF-8, or a quote that is not closed. {_ADVICE}")
            if len(cells) != len(header):
                raise ValueError(f"{','.join(row)!r} has {len(cells)} fields, not {','.join(header)}")
            parsed.append(parse(cells))
        except ValueError as error:
            wrong.append(f"line {number}: {error}")
    if wrong:
        raise UserError(f"{path} cannot be used:\n{examples(wrong)}")
    return parsed


def _clean(cell: str) -> str:
    """The cell without what is not seen: blanks of other kinds, which come from text programs, and the other form of accents."""
    return unicodedata.normalize("NFC", " ".join(cell.replace(_SOFT_HYPHEN, "").split()))
