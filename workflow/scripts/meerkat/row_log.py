"""Tables to which rows are only ever added: what people have decided. They survive kills, full disks and spreadsheets."""

import csv
import errno
import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

from . import atomic, own_tables
from .errors import UserError, printable
from .log import log
from .tables import csv_text, write_rows
from .wording import count

# A message names this many lines that cannot be read.
_SHOWN = 5
_SECOND = timedelta(seconds=1)
_LONG_AGO = datetime(1, 1, 2, tzinfo=UTC)  # in every zone


class RowLog:
    """A table to which rows are added.

    columns  the header; the first column is the time at which a row was written
    parse    reads the cells of a line, of which it always gets one for each column; raises ValueError or TypeError if they are not valid
    allowed  what parse wants, in words for a person
    """

    def __init__(self, path: Path, columns: Sequence[str], parse: Callable[[Sequence[str]], object], allowed: str):
        self.path, self._columns, self._parse, self._allowed = path, columns, parse, allowed
        self._last = ""
        self._times: Counter[str] = Counter()
        self._added: list[list[str]] = []
        self._status_then = self._status()

    def now(self) -> str:
        """The time that a new row notes: the present second. If the clock was set back, it is a time after all answers that were there, in
        this table and in those beside it, because of two answers the one with the later time counts."""
        return max(_written(datetime.now()), self._last, key=instant)

    def rows(self, for_writing: bool = False) -> list[list[str]]:
        """The rows in the order in which they were written, also if a spreadsheet has sorted them; empty if there is no file. A killed
        program may have left half a line.

        for_writing  rows will be added: if a spreadsheet has saved the table in its own way, that file is kept, and the table is written
                     again beside it

        Raises UserError if no line can be read, because otherwise all answers would seem to be missing; and for names in an old Windows
        encoding.
        """
        rows = self._read(for_writing)
        self._times = Counter(row[0] for row in rows)
        self._status_then = self._status()
        if for_writing:
            self._last = _written(_newest_beside(self.path) + _SECOND)
        instants = {time: instant(time) for time in self._times}
        if unclear := [time for time, at in instants.items() if time and at == _LONG_AGO]:
            have = count(sum(self._times[time] for time in unclear), "answer has", "answers have")
            log.warning(
                f"{self.path}: {have} a time that is not understood, such as {printable(unclear[0])!r}. All answers with a time stand "
                f"above that. Write times as {_written(datetime.now())}."
            )
        newest = max(instants, key=instants.__getitem__, default="")
        if instants.get(newest, _LONG_AGO) > datetime.now(UTC):
            log.warning(
                f"{self.path} has an answer of {newest}, later than now: the clock of this computer, or of another one, was wrong. New "
                "answers get later times, so that they count. If that time is wrong, correct it in the table."
            )
        return rows

    def _read(self, for_writing: bool) -> list[list[str]]:
        if not self.path.exists():
            return []
        if not self.path.is_file():
            raise UserError(f"{self.path} is not a file, so answers cannot be noted there. Move it elsewhere.")
        written = own_tables.written(self.path, self._columns)
        lines = list(self._lines(written))
        rows = [(number, row) for number, row in lines if row is not None]
        unread = [number for number, row in lines if row is None]
        for number, row in rows:
            if wrong := next((cell for cell in row if not _is_utf_8(cell)), None):
                raise UserError(
                    f"{self.path}, line {number}: letters that are not UTF-8, so the name cannot be found: {printable(wrong)}. "
                    "Save it as CSV UTF-8, or put a copy of the file from before in its place."
                )
        begun = written.separator or csv_text([self._columns]).startswith(written.text)
        if unread and not rows and not (begun and len(unread) == 1):  # A single line may be incomplete.
            raise UserError(
                f"{self.path}, line {unread[0]}: no answers can be read. It should contain {','.join(self._columns)}; {self._allowed}. "
                "Save it as CSV with commas, in UTF-8, or put a copy of the file from before in its place."
            )
        if not rows:
            log.info(f"{self.path} contains no answers. If you have given some, put a copy of the file from before in its place.")
        if unread:
            more = f" and {len(unread) - _SHOWN} more" if len(unread) > _SHOWN else ""
            are = count(len(unread), "line cannot be read and is", "lines cannot be read and are")
            log.warning(f"{self.path}: {are} ignored: {', '.join(map(str, unread[:_SHOWN]))}{more}. Allowed: {self._allowed}.")
        ordered = _as_written([row for _, row in rows])
        if for_writing and written.separator and not written.is_plain:
            kept = self.path.with_name(f"{self.path.stem}-{datetime.now():%Y%m%d-%H%M%S}{self.path.suffix}")
            atomic.link(kept, self.path)
            write_rows([self._columns, *ordered], self.path)
            log.info(
                f"{self.path} was saved by a spreadsheet. It is written again with commas. The file that the spreadsheet saved is {kept}."
            )
        return ordered

    def add(self, rows: Iterable[Sequence[str]]) -> None:
        """Add rows. They are on the disk when the call returns. If they cannot be written, none is, and OSError is raised."""
        added = [[str(cell) for cell in row] for row in rows]
        self._append(self._lost_rows() + added)
        self._added += added
        self._last, self._status_then = max([self._last, *(row[0] for row in added)], key=instant), self._status()

    def _lost_rows(self) -> list[list[str]]:
        """Rows of this session that are gone, because another program, such as a spreadsheet, has saved the table as it had read it. If it
        has saved it in its own way, the table is written in ours again. Raises OSError if it cannot be read any more."""
        status = self._status()
        if status == self._status_then:
            return []
        if status is None and self._times:
            log.warning(
                f"{self.path} is gone. A new one gets the answers of this session only: put a copy of the file from before in its place, "
                "and add the new lines to it."
            )
        try:
            there = Counter(row[0] for row in self._read(for_writing=True))
        except UserError as error:
            raise OSError(errno.EINVAL, str(error).removesuffix(".")) from None
        # Spreadsheets write many cells in another way, but not these times.
        missing, lost = self._times + Counter(row[0] for row in self._added) - there, []
        for row in reversed(self._added):
            if missing[row[0]]:
                missing[row[0]] -= 1
                lost.append(row)
        return lost[::-1]

    def _status(self) -> tuple[int, int, int] | None:
        """What shows whether another program has written the table; None if it is missing."""
        try:
            status = self.path.stat()
        except OSError:
            return None
        return status.st_ino, status.st_size, status.st_mtime_ns

    def _append(self, rows: Iterable[Sequence[str]]) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("ab", buffering=0) as file:
            size = file.tell()
            begins = self._end_of_line() if size else csv_text([self._columns])
            data = (begins + csv_text(rows)).encode(errors="surrogateescape")
            try:
                while data:
                    data = data[file.write(data) :]
                os.fsync(file.fileno())
            except OSError:
                file.truncate(size)
                raise

    def _lines(self, written: own_tables.Written) -> Iterator[tuple[int, list[str] | None]]:
        """The lines after the header, by number, as cells; None for a line that cannot be read."""
        for number, line in enumerate(written.text.splitlines(), 1):
            if number == 1 and written.separator:
                continue
            try:
                [row] = csv.reader([line], delimiter=written.separator or ",", strict=True)
            except (csv.Error, ValueError):
                row = [line]
            row = own_tables.without_empty_end(row, len(self._columns))
            if any(row):
                yield number, row if self._is_row(row) else None

    def _is_row(self, cells: Sequence[str]) -> bool:
        if len(cells) != len(self._columns):
            return False
        try:
            self._parse(cells)
        except (ValueError, TypeError):
            return False
        return True

    def _end_of_line(self) -> str:
        """The text that ends the last line, if a killed program has left half of it."""
        with self.path.open("rb") as file:
            file.seek(-1, os.SEEK_END)
            return "" if file.read(1) == b"\n" else "\n"


def _written(time: datetime) -> str:
    """A time as rows note it: the second, with the offset of the zone."""
    return time.astimezone().isoformat(timespec="seconds")


def _newest_beside(path: Path) -> datetime:
    """The latest time in this table of answers, and in those beside it."""
    newest = _LONG_AGO
    for table in path.parent.glob("*.csv"):
        lines = table.read_bytes().replace(b"\0", b"").splitlines() if table.is_file() else []  # UTF-16 is full of zeros
        if lines and _first_cell(lines[0]).casefold() == "time":
            newest = max(newest, *(instant(_first_cell(line)) for line in lines))
    return newest


def _first_cell(line: bytes) -> str:
    return re.split(rb"[,;\t]", line, maxsplit=1)[0].strip(b'"\xef\xbb\xbf\xff\xfe').decode(errors="replace")


def instant(time: str) -> datetime:
    """The instant that a row notes, to compare rows also across a change of clocks. A row that notes none came before all others."""
    try:
        return datetime.fromisoformat(time).astimezone()
    except (ValueError, OverflowError):
        return _LONG_AGO


def _as_written(rows: Sequence[list[str]]) -> list[list[str]]:
    """The rows by time. Rows of one second keep the order of the file. If its newest rows come first, the file is read from its end."""
    times = [instant(cells[0]) for cells in rows]
    steps = [later > earlier for earlier, later in pairwise(times) if later != earlier]
    is_newest_first = sum(steps) < len(steps) / 2
    ordered = list(zip(times, rows, strict=True))[:: -1 if is_newest_first else 1]
    return [row for _, row in sorted(ordered, key=lambda one: one[0])]


def _is_utf_8(cell: str) -> bool:
    """Whether the bytes of a cell are UTF-8; names of clips and films in results always are (see `video_files.list_videos`)."""
    return not any("\udc80" <= letter <= "\udcff" for letter in cell)
