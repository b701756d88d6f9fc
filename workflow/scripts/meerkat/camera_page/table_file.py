"""The table of cameras as a file that a person wrote: single cells are changed, and all else stays as it is, to the byte."""

import csv
import io
import re
import stat
from collections.abc import Callable, Mapping, Sequence
from itertools import zip_longest
from pathlib import Path

from .. import atomic, own_tables
from ..errors import UserError
from ..tables import csv_text
from ..video import cameras

_ENDS = re.compile(r"(\r\n|\r|\n)")
# Changes of cells by the number of a line; the cells by their columns.
Changes = Mapping[int, Mapping[str, str]]


class TableFile:
    """Changes the table, and takes changes back.

    path  where it lies
    """

    def __init__(self, path: Path, check: Callable[[Path], None]):
        """check  raises UserError for a table that cannot be used

        Raises UserError, also for a table that is not in UTF-8."""
        # A link stays a link, and what it leads to is changed.
        self.path, self._file, self._check = path, path.resolve(), check
        self._undo: list[bytes] = []
        self._known: bytes | None = None
        self.has_changed()

    def has_changed(self) -> bool:
        """Whether another program has changed the table since it was last asked or changed. What was done before cannot be undone then."""
        content = self._content()
        if content == self._known:
            return False
        self._known = content
        self._undo.clear()
        return True

    def forget(self) -> None:
        """Take the table as one that was never seen: what another program wrote cannot be used."""
        self._known = None

    def change(self, changes: Changes, new: Sequence[Mapping[str, str]] = ()) -> None:
        """Change cells, and add rows at the end.

        changes  by the number of their lines (see `Deployment.line`)

        Raises UserError if the table could not be used with it; then nothing is changed.
        """
        wanted = {column for cells in (*changes.values(), *new) for column, cell in cells.items() if cell}
        columns, separator = self._columns()
        absent = [column for column in cameras.COLUMNS if column in wanted - {name.casefold() for name in columns}]
        parts = _ENDS.split(self._known.decode())
        lines, ends = parts[::2], parts[1::2]
        first = 1 if lines[0].lower().lstrip("\ufeff").startswith("sep=") else 0
        if absent:
            for place in range(first, len(lines)):
                if lines[place].strip():
                    own = _padded(lines[place], separator, len(columns))
                    lines[place] = separator.join([own, *(absent if place == first else [""] * len(absent))])
            columns = [*columns, *absent]
        for line, cells in changes.items():
            lines[first + line - 1] = _changed(lines[first + line - 1], separator, columns, cells)
        text = "".join(line + end for line, end in zip_longest(lines, ends, fillvalue=""))
        if new:
            end = ends[0] if ends else "\n"
            written = csv_text([[row.get(column.casefold(), "") for column in columns] for row in new], separator)
            text += (end if lines[-1] else "") + written.replace("\n", end)
        self._write(text.encode())
        self._undo.append(self._known)
        self._known = text.encode()

    def undo(self) -> bool:
        """Take back the last change; False if there is none."""
        if not self._undo:
            return False
        self._write(self._undo[-1])
        self._known = self._undo.pop()
        return True

    def cells(self) -> dict[int, dict[str, str]]:
        """The cells of each row by the number of its line; columns that the table lacks are empty."""
        return dict(own_tables.read(self.path, cameras.COLUMNS, [cameras.NEEDED], cameras.SETTING, lambda line, cells: (line, cells)))

    def _columns(self) -> tuple[list[str], str]:
        return own_tables.columns_of(self.path, cameras.COLUMNS, cameras.SETTING)

    def _content(self) -> bytes:
        try:
            content = self._file.read_bytes()
        except FileNotFoundError:
            raise UserError(f"{self.path} is gone. Put it back; or type start.py cameras again, which writes a first table.") from None
        if not own_tables.is_utf_8(content):
            raise UserError(f"{self.path} is not in UTF-8, so it cannot be changed here. From a spreadsheet, save as CSV in UTF-8.")
        return content

    def _write(self, content: bytes) -> None:
        if not self._file.stat().st_mode & stat.S_IWUSR:
            raise UserError(f"{self.path} is write-protected, so nothing was changed. Remove the protection and type it again.")
        with atomic.replacing(self._file) as temporary:
            temporary.write_bytes(content)
            try:
                self._check(temporary)
            except UserError as error:
                raise UserError(str(error).replace(str(temporary), self.path.name)) from None


def _fields(line: str, separator: str) -> list[str]:
    return next(csv.reader(io.StringIO(line), delimiter=separator), [])


def _padded(line: str, separator: str, number: int) -> str:
    """The line with this many cells, without those that a spreadsheet has added."""
    fields = _fields(line, separator)
    if len(fields) == number:
        return line
    return csv_text([[*fields, *[""] * number][:number]], separator).rstrip("\n")


def _changed(line: str, separator: str, columns: Sequence[str], cells: Mapping[str, str]) -> str:
    """The line with other cells. The cells that stay are written as they were."""
    fields = [*_fields(line, separator), *[""] * len(columns)][: len(columns)]
    fields = [cells.get(column.casefold(), field) for column, field in zip(columns, fields, strict=True)]
    return csv_text([fields], separator).rstrip("\n")
