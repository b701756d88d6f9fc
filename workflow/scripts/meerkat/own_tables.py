"""Tables that people write. Tables saved by spreadsheets can be read too, and a message names each line that cannot be used."""

import contextlib
import csv
import difflib
import io
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, TypeVar

from .errors import UserError, examples, printable

Parsed = TypeVar("Parsed")
_ADVICE = "From a spreadsheet, save as CSV with commas, in UTF-8."
_SOFT_HYPHEN = "\u00ad"
# Separators of cells: the comma, and the separators that spreadsheets write in countries with decimal commas.
_SEPARATORS = (",", ";", "\t")
_UTF_16 = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


class Written(NamedTuple):
    """A table as a file contains it: its text, its separator, and whether it is in UTF-8 with commas.

    separator  None if the first line is not the header
    """

    text: str
    separator: str | None
    is_plain: bool


def written(path: Path | str, header: Sequence[str]) -> Written:
    """The text of a table whose first line should contain these names, also with capitals. Bytes that are not UTF-8 pass through. Raises
    OSError."""
    data = Path(path).read_bytes()
    encoding = _UTF_16.get(data[:2]) or ("utf-16-le" if data[1:2] == b"\0" else "utf-8-sig")
    text = data.decode(encoding, errors="surrogateescape" if encoding == "utf-8-sig" else "replace")
    if text.lower().startswith("sep="):  # a line that is meant only for spreadsheets
        text = text.partition("\n")[2]
    for separator in _SEPARATORS:
        try:
            first = next(_rows(text.partition("\n")[0], separator), [])
        except csv.Error:
            continue
        if [name.casefold() for name in cells(first, len(header))] == [name.casefold() for name in header]:
            return Written(text, separator, encoding == "utf-8-sig" and separator == ",")
    return Written(text, None, False)


def cells(row: Iterable[str], number: int) -> list[str]:
    """The cells of a row, cleaned (see `_clean`), without those that spreadsheets add."""
    return without_empty_end(list(map(_clean, row)), number)


def decimal(text: str) -> float:
    """A number in a cell; spreadsheets of many countries write it with a comma. Raises ValueError."""
    return float(text.replace(",", "."))


def without_empty_end(row: list[str], number: int) -> list[str]:
    """The row without the empty cells after the last of `number` columns."""
    while len(row) > number and not row[-1]:
        row = row[:-1]
    return row


def read(
    path: Path | str, columns: Sequence[str], needed: Sequence[str], setting: str, parse: Callable[[int, dict[str, str]], Parsed]
) -> list[Parsed]:
    """The results of `parse` for the lines of a CSV file; empty lines are skipped. The first line gives the columns in any order, also with
    capitals, and may leave out all but the needed ones.

    setting  the setting that names the table, such as "videos: table"
    parse    takes the number of a line, and its cells by their columns, cleaned (see `_clean`); a column that is left out is empty. Raises
             ValueError with what is wrong and what to write

    Raises UserError if the file cannot be read, is not such a table, or has lines that cannot be used; the message names these lines.
    """
    text = _text(path, setting)
    first, separator = _names(text, columns)
    if text.startswith("PK"):
        raise UserError(f"{path} is a spreadsheet workbook, not a CSV file. {_ADVICE}")
    header = [name.casefold() for name in first]
    if wrong := _what_is_wrong(header, columns, needed):
        others = [column for column in columns if column not in needed]
        more = f", and what else you need of {', '.join(others)}" if others else ""
        given = f"is {printable(','.join(first))[:200]!r}. {wrong}" if text.strip() else "the file is empty."
        raise UserError(f"{path}: the first line must name the columns: {', '.join(needed)}{more}, each once, but {given} {_ADVICE}")
    try:
        rows = list(_rows(text, separator))
    except csv.Error as error:
        raise UserError(f"{path} is not a CSV file ({error}); perhaps there is a quote that is not closed. {_ADVICE}") from None
    parsed, wrong, empty = [], [], dict.fromkeys(columns, "")
    for number, row in enumerate(rows[1:], 2):
        of_row = cells(row, len(header))
        if not any(of_row):
            continue
        try:
            _check_characters(row, of_row)
            if len(of_row) != len(header):
                raise ValueError(f"{','.join(row)!r} has {len(of_row)} fields, not {','.join(first)}")
            parsed.append(parse(number, empty | dict(zip(header, of_row, strict=True))))
        except ValueError as error:
            wrong.append(f"line {number}: {error}")
    if wrong:
        raise UserError(f"{path} cannot be used:\n{examples(wrong)}")
    return parsed


def _what_is_wrong(header: Sequence[str], columns: Sequence[str], needed: Sequence[str]) -> str:
    """What is wrong with the names in the first line, and what to do; empty if they can be used."""
    if not any(header):
        return "Delete empty lines before it."
    if unknown := [name for name in header if name not in columns]:
        close = difflib.get_close_matches(unknown[0], columns, 1)
        return f"Did you mean {close[0]} by {unknown[0]!r}?" if close else f"There is no column {unknown[0]!r:.60}."
    if missing := [name for name in needed if name not in header]:
        return f"It lacks {', '.join(missing)}."
    twice = [name for name in columns if header.count(name) > 1]
    return f"More than one column is {twice[0]}." if twice else ""


def _check_characters(row: Sequence[str], cells: Sequence[str]) -> None:
    """Raise ValueError for what no table of a person contains on purpose; `cells` are those of the row, cleaned."""
    if any("\n" in cell for cell in row):
        raise ValueError("a cell contains a line break, or a quote is not closed. Write each row in one line")
    strange = next((character for cell in cells for character in cell if not character.isprintable()), "")
    if "\ud800" <= strange <= "\udfff":
        raise ValueError(f"it contains bytes that are not UTF-8. {_ADVICE}")
    if strange:
        raise ValueError(f"it contains a character that cannot be seen (U+{ord(strange):04X}). Type the cell again")


def columns_of(path: Path | str, columns: Sequence[str], setting: str) -> tuple[list[str], str]:
    """The names in the first line, and the separator with which it names most of these columns. Raises UserError."""
    return _names(_text(path, setting), columns)


def _text(path: Path | str, setting: str) -> str:
    try:
        return written(path, []).text
    except OSError as error:
        raise _unreadable(path, setting, error) from None


def _names(text: str, columns: Sequence[str]) -> tuple[list[str], str]:
    """As `columns_of`, from the text of the table."""
    found = []
    for separator in _SEPARATORS:
        with contextlib.suppress(csv.Error):
            found.append((cells(next(_rows(text.partition("\n")[0], separator), []), 1), separator))
    return max(found, key=lambda pair: len({name.casefold() for name in pair[0]} & set(columns)), default=([], ","))


def is_utf_8(data: bytes) -> bool:
    """Whether the content of a table is text in UTF-8."""
    try:
        return "\0" not in data.decode()
    except UnicodeDecodeError:
        return False


def _unreadable(path: Path | str, setting: str, error: OSError) -> UserError:
    return UserError(f"{setting}: {path}: {error.strerror}. Write the path of a CSV file, or null.")


def _rows(text: str, separator: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=separator)


def _clean(cell: str) -> str:
    """The cell without invisible differences: special spaces, which text programs write, and decomposed accents."""
    return unicodedata.normalize("NFC", " ".join(cell.replace(_SOFT_HYPHEN, "").split()))
