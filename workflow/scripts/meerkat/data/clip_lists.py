"""Lists of clips: CSV files with rows `path,label`."""

import csv
import io
import re
from collections.abc import Iterable
from pathlib import Path

from ..errors import UserError
from ..tables import csv_text
from .clips import Clip
from .labels import LABELS, parse_label

_DIGEST = re.compile("[0-9a-f]{64}")


def read(path: Path | str) -> list[Clip]:
    """The clips of a CSV file with rows `path,label` or `path,label,digest` and no header, in the file's order.

    Relative paths are relative to where the program runs. Raises UserError with the row for anything else.
    """
    try:
        data = Path(path).read_bytes()
    except (FileNotFoundError, IsADirectoryError):
        raise UserError(f"The clip list {path} does not exist. Give a CSV file with rows: path,label") from None
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UserError(f"{path} is written as UTF-16. Save it as CSV in UTF-8.")
    content = data.decode("utf-8-sig", errors="surrogateescape")
    clips = []
    reader = csv.reader(io.StringIO(content), strict=True)
    try:
        for row in reader:
            if row:
                clips.append(_clip_of_row(row, f"{path}, line {reader.line_num}"))
    except csv.Error as error:
        raise UserError(f"{path}, line {reader.line_num}: not a CSV row ({error}). Write rows: path,label") from None
    return clips


def read_labelled(path: Path | str) -> list[Clip]:
    """The clips of a user's list (see `read`), each once, sorted. Raises UserError if the list is empty or contradicts itself."""
    found = read(path)
    if not found:
        raise UserError(f"{path} is empty. Write rows: path,label")
    labels_of = {}
    for clip in found:
        if labels_of.setdefault(clip.path, clip.label) != clip.label:
            raise UserError(f"{path} names {clip.path} twice, with both labels. Remove the wrong row.")
    return sorted(set(found))


def text(clips: Iterable[Clip], digests: bool) -> str:
    """Clips as CSV rows `path,label`, with the digest as third column if `digests`."""
    return csv_text((clip.path, LABELS[clip.label], *([clip.digest] if digests else [])) for clip in clips)


def _clip_of_row(row: list[str], where: str) -> Clip:
    if len(row) == 1 and ";" in row[0]:
        raise UserError(f"{where}: the separator is a semicolon. Separate with a comma: path,label")
    if len(row) not in (2, 3):
        raise UserError(f"{where}: {len(row)} columns. Write: path,label")
    path, name, digest = [*row, ""][:3]
    label = parse_label(name)
    if label is None and name.strip().lower() == "label":
        raise UserError(f"{where}: a header. Remove this line.")
    if label is None:
        raise UserError(f"{where}: unknown label {name!r}. Write positive or negative.")
    if not path.strip() or "\0" in path:
        raise UserError(f"{where}: the path is empty or not a path. Write: path,label")
    if digest and not _DIGEST.fullmatch(digest):
        raise UserError(f"{where}: the third column is not a SHA-256. Write: path,label")
    return Clip(str(Path(path).expanduser()) if path.startswith("~/") else path, label, digest)
