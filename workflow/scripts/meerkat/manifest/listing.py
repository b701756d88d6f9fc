"""Lists the clips in folders, and reports clips in places that the program does not know."""

import difflib
import mimetypes
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ..data.clips import SPLIT_FOLDERS, SPLITS, Clip, is_split_folder, may_be_clip
from ..data.file_tree import is_litter, is_litter_folder, visible_files
from ..data.labels import LABELS, UNSURE, is_among_unsure, parse_label
from ..errors import UserError, examples

# The run stops if a larger share of the clips lies in places that the program does not know.
_MAX_STRAY = 0.01
_COPY = re.compile(r"\s*(\(\d+\)|-\s*(copy|kopie|copie|copia)(\s*\(\d+\))?|copy(\s*\d+)?|_\d+|\d+)$")
_WITHOUT_TESTING = (
    " If you sort in the browser, sort the task Testing too; if it has no videos yet, add some. "
    "Or write data: {split: video} to set whole videos aside for Testing."
)


@dataclass
class Listing:
    """The files that were found in the folders.

    clips   of each split, sorted by path
    others  files in the class folders whose ending is that of another kind of file (`.csv`, `.mp4`)
    litter  hidden files and litter, which are ignored (see `file_tree`)
    strays  the number of pictures in each place that the program does not know
    unsure  the number of pictures in the folders Unsure
    """

    clips: dict[str, list[Clip]] = field(default_factory=dict)
    others: list[str] = field(default_factory=list)
    litter: list[str] = field(default_factory=list)
    strays: dict[str, int] = field(default_factory=dict)
    unsure: int = 0


def add_folder(found: Listing, folder: Path | str, split: str, leave_out: Path | str | None = None) -> None:
    """Add the clips of one split of `folder`.

    These are the files in `<folder>/Training/Positive` and so on, in any case, singular or plural, with all sub-folders. Raises UserError
    if the folder, the split's folder or a class folder is missing.
    """
    split_folders = folders_of(folder, split)
    if not split_folders:
        raise UserError(
            f"{folder} holds no folder {SPLITS[split]}. "
            f"Make {Path(folder, SPLITS[split], 'Positive')} and {Path(folder, SPLITS[split], 'Negative')} and put clips there."
            + (_WITHOUT_TESTING if split == "eval" else "")
            + (f" Or did you mean the folder above, {Path(folder).parent}?" if _is_inside(Path(folder)) else "")
            + _hint(found)
        )
    clips = found.clips.setdefault(split, [])
    for label, name in enumerate(LABELS):
        class_folders = [entry for split_folder in split_folders for entry in _folders(split_folder) if parse_label(entry.name) == label]
        if not class_folders:
            _add_strays_in(found, split_folders)
            raise UserError(f"{split_folders[0].path} holds no folder {name.capitalize()}. Make it and put clips there.{_hint(found)}")
        for class_folder in class_folders:
            for path in visible_files(class_folder, [leave_out] if leave_out else [], found.litter):
                if is_among_unsure(Path(path), Path(class_folder)):
                    found.unsure += 1
                    continue
                if may_be_clip(path):
                    clips.append(Clip(path, label))
                else:
                    found.others.append(path)
    clips.sort()
    _add_strays_in(found, split_folders)


def add_strays_beside(found: Listing, folder: Path | str) -> None:
    """Add the pictures in folders beside Training and Testing whose name looks like a misspelling of these, or of a class."""
    known = {name for names in SPLIT_FOLDERS.values() for name in names}
    for entry in _folders(Path(folder)):
        if entry.name.lower() == UNSURE:
            found.unsure += _pictures(visible_files(entry))
        elif not is_split_folder(entry.name) and _looks_like(entry.name, [*known, *LABELS]):
            _add_stray(found, entry.path, _pictures(visible_files(entry)))


def check_strays(found: Listing) -> None:
    """Raise UserError if more than a hundredth of the clips lie where the program does not look."""
    number = sum(found.strays.values())
    clips = sum(map(len, found.clips.values()))
    if number > _MAX_STRAY * clips:
        raise UserError(
            f"{number} pictures are in places that the program does not know, beside {clips} clips that it uses:\n{stray_listing(found)}\n"
            "Move them into the folders Positive and Negative of Training and Testing, into a folder Unsure there, or out of the way."
        )


def stray_listing(found: Listing) -> str:
    """The places that the program does not know, with the number of pictures in them, one a line, indented."""
    return examples([f"{place}: {number} pictures" for place, number in sorted(found.strays.items())])


def folders_of(folder: Path | str, split: str) -> list[os.DirEntry]:
    """The folders of one split in `folder`, under any of their names. Raises UserError if `folder` is missing."""
    if Path(folder).is_file():
        raise UserError(f"{folder} is a file. Write the folder of clips under data: folder: in the configuration.")
    if not Path(folder).is_dir():
        raise UserError(f"The clip folder {folder} does not exist. Write the right path under data: folder: in the configuration.")
    return [entry for entry in _folders(Path(folder)) if entry.name.lower() in SPLIT_FOLDERS[split]]


def _is_inside(folder: Path) -> bool:
    """Whether the folder itself is one of the four folders, or one of the two above them."""
    return parse_label(folder.name) is not None or is_split_folder(folder.name)


def _add_strays_in(found: Listing, split_folders: Iterable[os.DirEntry]) -> None:
    for split_folder in split_folders:
        loose = _pictures(entry.path for entry in os.scandir(split_folder) if entry.is_file() and not is_litter(entry.name))
        _add_stray(found, f"{split_folder.path} (not in the folder of a class)", loose)
        for entry in _folders(split_folder):
            if entry.name.lower() == UNSURE:
                found.unsure += _pictures(visible_files(entry))
            elif parse_label(entry.name) is None:
                _add_stray(found, entry.path, _pictures(visible_files(entry)))


def _add_stray(found: Listing, place: str, number: int) -> None:
    if number:
        found.strays[place] = number


def _hint(found: Listing) -> str:
    return f" Pictures were found in:\n{stray_listing(found)}" if found.strays else ""


def _looks_like(name: str, known: list[str]) -> bool:
    plain = _COPY.sub("", name.strip().lower()).removeprefix("copy of ")
    return bool(difflib.get_close_matches(plain, known, 1, cutoff=0.8))


def _pictures(paths: Iterator[str]) -> int:
    return sum((mimetypes.guess_type(path)[0] or "").startswith("image/") for path in paths)


def _folders(folder: os.PathLike) -> list[os.DirEntry]:
    entries = (entry for entry in os.scandir(folder) if entry.is_dir() and not is_litter_folder(entry.name))
    return sorted(entries, key=lambda entry: entry.name)
