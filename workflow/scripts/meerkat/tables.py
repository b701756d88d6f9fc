"""Tables as CSV files. They are read back exactly as they were written, whatever the fields contain."""

import csv
import io
import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from . import atomic
from .errors import UserError

if TYPE_CHECKING:
    import pandas as pd


# A cell must not begin with these: spreadsheets would take it for a formula.
FORMULA = "=+-@"
# Rows of a data frame that are turned into text at a time: a million rows would take a gigabyte as text.
_BLOCK = 10_000


def csv_text(rows: Iterable[Sequence[object]], separator: str = ",") -> str:
    """CSV lines that end with a line feed. Fields are quoted only if they must be."""
    buffer = io.StringIO()
    plain = csv.writer(buffer, delimiter=separator, lineterminator="\n")
    # Python quotes a carriage return only when it is part of the line end, and refuses to read it unquoted.
    quoted = csv.writer(buffer, delimiter=separator, lineterminator="\n", quoting=csv.QUOTE_ALL)
    for row in rows:
        (quoted if any("\r" in str(field) for field in row) else plain).writerow(row)
    return buffer.getvalue()


def write_rows(rows: Iterable[Sequence[object]], path: Path | str) -> None:
    """Write the rows as CSV, atomically: one by one, so that memory does not grow with them."""
    with atomic.replacing(path) as temporary, temporary.open("w", encoding="utf-8", errors="surrogateescape", newline="") as file:
        for row in rows:
            file.write(csv_text([row]))


def read_rows(path: Path | str) -> list[list[str]]:
    """The rows of a CSV file in UTF-8; bytes of file names that are not UTF-8 pass through. Raises FileNotFoundError."""
    text = Path(path).read_bytes().decode("utf-8-sig", errors="surrogateescape")
    return list(csv.reader(io.StringIO(text, newline="")))


def read(path: Path | str, made_by: str) -> list[dict[str, str]]:
    """The rows of a CSV file with a header, by column. Raises UserError if it is missing; `made_by` is the program that makes it."""
    with _whole(path, made_by):
        header, *rows = read_rows(path)
        return [dict(zip(header, row, strict=True)) for row in rows]


def read_frame(path: Path | str, made_by: str, **types: type) -> "pd.DataFrame":
    """A CSV file with a header as a data frame. Columns without a type are texts, whatever they look like: NA may be a name.

    In columns of floats, an empty field and `nan` are not numbers. Raises UserError if the file is missing.
    """
    import pandas as pd  # takes a third of a second, which programs that only write need not pay

    numbers = {name for name, type_ in types.items() if type_ is not bool}
    with _whole(path, made_by):
        frame = pd.read_csv(
            path,
            dtype=defaultdict(lambda: str, types),
            keep_default_na=False,
            na_values={name: ["", "nan"] for name in numbers},
            encoding_errors="surrogateescape",
        )
    if absent := set(types) - set(frame.columns):
        raise UserError(
            f"{path} has no column {', '.join(sorted(absent))}: it is not the table that {made_by} makes. Delete it and run again."
        )
    return frame


def write_frame(frame: "pd.DataFrame", path: Path | str) -> None:
    """Write a data frame as CSV, atomically. NaN is left empty; numbers are read back exactly."""
    write_frames([frame], path)


def write_frames(frames: Iterable["pd.DataFrame"], path: Path | str) -> None:
    """Write one or more data frames with the same columns, one below the other, as `write_frame` does."""
    with (
        atomic.replacing(path) as temporary,
        temporary.open("w", encoding="utf-8", errors="surrogateescape", newline="") as file,
    ):
        for number, frame in enumerate(frames):
            if not number:
                file.write(csv_text([frame.columns]))
            for start in range(0, len(frame), _BLOCK):
                file.write(csv_text(_texts(frame.iloc[start : start + _BLOCK]).itertuples(index=False)))


def _texts(frame: "pd.DataFrame") -> "pd.DataFrame":
    texts = frame.astype(object).where(frame.notna(), "")
    for name in frame.select_dtypes("float32"):
        texts[name] = [f"{value:.9g}" if value != "" else "" for value in texts[name]]
    return texts


@contextmanager
def _whole(path: Path | str, made_by: str) -> Iterator[None]:
    """Raise UserError if the table is missing, if the end of its last line is, as in a file that was cut off, or if the block cannot read
    it."""
    try:
        with Path(path).open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - 1))
            if file.read() != b"\n":
                raise ValueError("its end is missing")
        yield
    except FileNotFoundError:
        raise UserError(f"The table {path} does not exist. Run again: {made_by} makes it.") from None
    except (ValueError, csv.Error) as error:  # pandas' own errors are ValueErrors
        raise UserError(f"{path} is damaged ({error}). Delete it and run again: {made_by} makes it again.") from None
