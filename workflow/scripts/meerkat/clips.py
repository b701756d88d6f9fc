"""Clips: the image files that a person sorted into two classes, and the lists that name them."""

import csv
import hashlib
import io
import mimetypes
import os
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePath

from .errors import UserError
from .labels import LABELS, parse_label
from .tables import csv_text

SPLITS = {"train": "Training", "eval": "Testing"}
_SPLIT_FOLDERS = {"train": {"training", "train"}, "eval": {"testing", "test"}}
# Litter that file managers leave behind; hidden files are skipped as well.
_LITTER = {"thumbs.db", "desktop.ini"}
_DIGEST = re.compile("[0-9a-f]{64}")
DEFAULT_VIDEO_PATTERN = r"(?P<video>.+)_\d+_\d+"


@dataclass(frozen=True, order=True)
class Clip:
    """One labelled image file: its path as the user wrote it, its label (0 positive, 1 negative) and the SHA-256
    of its content (64 hex digits; empty while it is not known)."""

    path: str
    label: int
    digest: str = ""

    def with_digest(self) -> "Clip":
        """The same clip with its digest known. Raises UserError when the file cannot be read."""
        if self.digest:
            return self
        try:
            return replace(self, digest=hashlib.sha256(Path(self.path).read_bytes()).hexdigest())
        except OSError as error:
            raise UserError(f"{self.path} cannot be read ({error.strerror}). Mend the list that names it.") from None


def list_folder(folder: Path | str, split: str) -> tuple[list[Clip], list[str]]:
    """The clips of one split of `folder`, sorted by path, and the files that were passed over as no images.

    Looked for are `<folder>/Training/Positive` and so on, in any case, singular or plural, with all sub-folders.
    Files whose ending names another kind of file (`.csv`, `.mp4`) are passed over; hidden files are not mentioned.
    Raises UserError when the folder, the split's folder or a class folder is missing.
    """
    split_folders = folders_of(folder, split)
    folder = Path(folder)
    if not split_folders:
        raise UserError(
            f"{folder} holds no folder {SPLITS[split]}. "
            f"Make {folder / SPLITS[split] / 'Positive'} and {folder / SPLITS[split] / 'Negative'} and put clips there."
            + (" Or write data: {split: video} to hold whole videos out of Training." if split == "eval" else "")
        )
    clips, others = [], []
    for label, name in enumerate(LABELS):
        class_folders = [entry for split_folder in split_folders for entry in _folders(split_folder) if parse_label(entry.name) == label]
        if not class_folders:
            raise UserError(f"{split_folders[0]} holds no folder {name.capitalize()}. Make it and put clips there.")
        for class_folder in class_folders:
            for path in visible_files(class_folder):
                kind = mimetypes.guess_type(path)[0]
                if kind is None or kind.startswith("image/"):
                    clips.append(Clip(path, label))
                else:
                    others.append(path)
    return sorted(clips), sorted(others)


def folders_of(folder: Path | str, split: str) -> list[os.DirEntry]:
    """The folders of one split in `folder`, under any of their names. Raises UserError when `folder` is missing."""
    if not Path(folder).is_dir():
        raise UserError(f"The clip folder {folder} does not exist. Write the right path under data: folder: in the configuration.")
    return [entry for entry in _folders(Path(folder)) if entry.name.lower() in _SPLIT_FOLDERS[split]]


def read_list(path: Path | str) -> list[Clip]:
    """The clips of a CSV file with rows `path,label` or `path,label,digest` and no header, in the file's order.

    Relative paths are relative to where the program runs. Raises UserError with the row for anything else.
    """
    try:
        data = Path(path).read_bytes()
    except (FileNotFoundError, IsADirectoryError):
        raise UserError(f"The clip list {path} does not exist. Give a CSV file with rows: path,label") from None
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UserError(f"{path} is written as UTF-16. Save it as CSV in UTF-8.")
    text = data.decode("utf-8-sig", errors="surrogateescape")
    clips = []
    reader = csv.reader(io.StringIO(text), strict=True)
    try:
        for row in reader:
            if row:
                clips.append(_clip_of_row(row, f"{path}, line {reader.line_num}"))
    except csv.Error as error:
        raise UserError(f"{path}, line {reader.line_num}: not a CSV row ({error}). Write rows: path,label") from None
    return clips


def read_labelled(path: Path | str) -> list[Clip]:
    """The clips of a user's list (see `read_list`), each once, sorted. Raises UserError when it is empty or contradicts itself."""
    found = read_list(path)
    if not found:
        raise UserError(f"{path} is empty. Write rows: path,label")
    labels_of = {}
    for clip in found:
        if labels_of.setdefault(clip.path, clip.label) != clip.label:
            raise UserError(f"{path} names {clip.path} twice, with both labels. Remove the wrong row.")
    return sorted(set(found))


def list_text(clips: Iterable[Clip], digests: bool) -> str:
    """Clips as CSV rows `path,label`, with the digest as third column if `digests`."""
    return csv_text((clip.path, LABELS[clip.label], *([clip.digest] if digests else [])) for clip in clips)


def compile_video_pattern(pattern: str) -> re.Pattern:
    """The compiled `data.video_pattern`. Raises UserError when it is no regular expression with a group `video`."""
    try:
        compiled = re.compile(pattern)
    except re.error as error:
        raise UserError(f"data: video_pattern: {pattern!r} is not a regular expression ({error}).") from None
    if "video" not in compiled.groupindex:
        raise UserError(f"data: video_pattern: {pattern!r} has no group (?P<video>...) that says which part names the video.")
    return compiled


def video_of(path: str, pattern: re.Pattern) -> str:
    """The video that a clip was cut from.

    The file's stem is matched as a whole against `pattern` (default `<video>_<frame>_<box>`). A name that does not
    match belongs to the video named by its sub-folders below the class folder; with none, the clip stands for itself
    and its path is returned.
    """
    pure = PurePath(path)
    match = pattern.fullmatch(pure.stem)
    if match is not None and match["video"]:
        video = match["video"]
    else:
        below = []
        for folder in reversed(pure.parts[:-1]):
            if parse_label(folder) is not None:
                break
            below.insert(0, folder)
        else:
            below = below[-1:]
        video = "/".join(below) or path
    return _composed(video)


def stands_for_itself(path: str, video: str) -> bool:
    """Whether `video`, from `video_of`, only says that no video of the clip is known."""
    return video == _composed(path)


def _composed(name: str) -> str:
    """macOS writes decomposed accents where Linux and Windows write composed ones: the same name, other code points."""
    return unicodedata.normalize("NFC", name)


def _clip_of_row(row: list[str], where: str) -> Clip:
    if len(row) == 1 and ";" in row[0]:
        raise UserError(f"{where}: separated by a semicolon. Separate with a comma: path,label")
    if len(row) not in (2, 3):
        raise UserError(f"{where}: {len(row)} columns. Write: path,label")
    path, name, digest = [*row, ""][:3]
    label = parse_label(name)
    if label is None and name.strip().lower() == "label":
        raise UserError(f"{where}: a header. Remove this line.")
    if label is None:
        raise UserError(f"{where}: unknown label {name!r}. Write positive or negative.")
    if not path.strip() or "\0" in path:
        raise UserError(f"{where}: the path is empty or no path. Write: path,label")
    if digest and not _DIGEST.fullmatch(digest):
        raise UserError(f"{where}: the third column is no SHA-256. Write: path,label")
    return Clip(path, label, digest)


def _folders(folder: Path) -> list[os.DirEntry]:
    return sorted((entry for entry in os.scandir(folder) if entry.is_dir()), key=lambda entry: entry.name)


def visible_files(folder: os.PathLike | str) -> Iterator[str]:
    """Every file below `folder` that is neither hidden nor litter; links that lead in circles are not followed.

    A folder that cannot be opened comes as if it were a file, so that it is rejected with its reason.
    """
    start = Path(folder).resolve()
    seen = set()
    closed: list[OSError] = []
    for parent, folders, files in os.walk(folder, followlinks=True, onerror=closed.append):
        real = Path(parent).resolve()
        if real in seen or (real != start and start.is_relative_to(real)):
            folders.clear()
            continue
        seen.add(real)
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield from (str(Path(parent, name)) for name in files if not name.startswith(".") and name.lower() not in _LITTER)
    yield from (error.filename for error in closed)
