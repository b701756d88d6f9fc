"""The folders into which clips are sorted. The clips that lie there count, whoever put them there."""

import filecmp
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from .. import atomic, digests
from ..data.clips import SPLIT_FOLDERS, SPLITS, is_split_folder, may_be_clip
from ..data.file_tree import visible_files
from ..data.labels import LABELS, UNSURE, is_among_unsure, parse_label
from .sorted_as import SortedAs, Stored

# If a clip must give up its name, this many digits of its film's id, or of its own digest, go into it.
_SHORT = 8
_SET_ASIDE = re.compile(rf".+-[0-9a-f]{{{_SHORT}}}_\d+_\d+\.jpg")
DECISIONS = (*LABELS, UNSURE)


@dataclass(frozen=True, slots=True)
class SortedClip:
    """A clip that can be sorted: its side, its place below the folder of its class, and the path of the file that it is made from, which is
    empty for a clip that exists only in the folders. `film` identifies the content of its film, if known; `where` is its frame and its
    box."""

    split: str
    place: str
    source: str
    film: str = ""
    where: str = ""

    @property
    def name(self) -> str:
        """The file's name in the folders."""
        return self.place.rpartition("/")[2]

    @property
    def key(self) -> str:
        """Its name in the journal: names are unique in the pool, not in the folders."""
        return self.name if self.source else f"{SPLITS[self.split]}/{self.place}"


class Lying(NamedTuple):
    """A file in the folders: its path, its side, and the decision that its folder means."""

    path: Path
    split: str
    decision: str


class Folders:
    """The clips in <folder>/Training|Testing/Positive|Negative|Unsure, whatever the user's spelling.

    sorted_as  what each of them was when it was put there
    """

    def __init__(self, folder: Path):
        self._folder, self.sorted_as = folder, SortedAs(folder)
        self.refresh()

    def refresh(self) -> None:
        """Read the folders: a person may have moved clips."""
        folders = list(self._class_folders())
        self._spelled = {(split, decision): path for path, split, decision in reversed(folders)}
        self._by_name: dict[str, list[Lying]] = defaultdict(list)
        for folder, split, decision in folders:
            for path in map(Path, visible_files(folder)):
                self._by_name[path.name].append(Lying(path, split, _decision(path, folder, decision)))
        self._recognize()

    def _recognize(self) -> None:
        """Find clips that a person has given another name, by their content."""
        missing = {stored.digest: name for name, stored in self.sorted_as.items() if name not in self._by_name}
        strange = [name for name in self._by_name if name not in self.sorted_as and not _SET_ASIDE.fullmatch(name)] if missing else []
        for name in strange:
            for lying in list(self._by_name[name]):
                if known := missing.get(digests.of_file(lying.path)):
                    self._by_name[name].remove(lying)
                    self._by_name[known].append(lying)

    def where(self, clip: SortedClip) -> list[Lying]:
        """Where a clip lies, as far as known. This is one folder, unless a person or a killed program has left copies."""
        if clip.source:
            return [lying for lying in self._by_name.get(clip.name, ()) if is_made_of(lying.path, clip.source)]
        places = (Lying(self._place(clip, decision), clip.split, decision) for decision in DECISIONS)
        return [lying for lying in places if lying.path.is_file()]

    def counts(self) -> dict[str, dict[str, int]]:
        """The number of clips of each class on each side that lie in the folders now."""
        found = {split: dict.fromkeys(LABELS, 0) for split in SPLITS}
        for folder, split, decision in self._class_folders():
            if decision != UNSURE:
                clips = (path for path in visible_files(folder) if may_be_clip(path))
                found[split][decision] += sum(_decision(Path(path), folder, decision) == decision for path in clips)
        return found

    def named(self, name: str) -> list[Lying]:
        """Where files of this name lie."""
        return list(self._by_name.get(name, ()))

    def note(self, clips: Iterable[SortedClip]) -> None:
        """Note the content of clips that lie in the folders, if it is not known yet."""
        new = [clip for clip in clips if clip.source and clip.name not in self.sorted_as]
        found = [(clip, lying) for clip in new for lying in self.where(clip)[:1]]
        self.sorted_as.add((clip.name, Stored(digests.of_file(lying.path), clip.film, clip.where)) for clip, lying in found)

    def find(self, path: str) -> tuple[SortedClip, str] | None:
        """A file in the folders, by its path, and the decision on it; None if it is no longer there."""
        for (split, decision), folder in self._spelled.items():
            if Path(path).is_relative_to(folder) and Path(path).is_file():
                return SortedClip(split, str(Path(path).relative_to(folder)), ""), _decision(Path(path), folder, decision)
        return None

    def put(self, clips: Iterable[SortedClip], decision: str) -> None:
        """Put clips where they belong; they take no space if the disk has hard links. If this fails with an OSError, none of them is put
        there."""
        placed = []
        try:
            for clip in clips:
                path = self._place(clip, decision)
                path.parent.mkdir(parents=True, exist_ok=True)
                if not path.exists():
                    atomic.link(path, self.file(clip))
                    placed.append(path)
                    if clip.source:
                        self.sorted_as.add([(clip.name, Stored(digests.of_file(path), clip.film, clip.where))])
                if path not in [lying.path for lying in self._by_name[clip.name]]:
                    self._by_name[clip.name].append(Lying(path, clip.split, decision))
        except OSError:
            for path in placed:
                path.unlink(missing_ok=True)
            raise

    def clear(self, clips: Iterable[SortedClip], stays: str | None) -> None:
        """Remove clips from all places except the one of the decision `stays`; raises OSError if that fails. A file that has become another
        one stays, and so does the last copy."""
        for clip in clips:
            kept = [self._place(clip, stays)] if stays else []
            for lying in self.where(clip):
                others = [path for path in (*kept, *([Path(clip.source)] if clip.source else [])) if path != lying.path and path.is_file()]
                if lying.path not in kept and any(filecmp.cmp(lying.path, other, shallow=False) for other in others):
                    lying.path.unlink()

    def file(self, clip: SortedClip) -> Path:
        """Where the clip's picture can be read. Raises FileNotFoundError if it is gone."""
        if clip.source and Path(clip.source).is_file():
            return Path(clip.source)
        if not self.where(clip):
            raise FileNotFoundError(2, "No such file", clip.source or clip.place)
        return self.where(clip)[0].path

    def place(self, split: str, decision: str, place: str) -> Path:
        """The path of a clip of this side and decision; `place` is its place below the folder of its class."""
        default = self._folder / SPLITS[split] / decision.capitalize()
        return self._spelled.get((split, decision), default) / place

    def _place(self, clip: SortedClip, decision: str) -> Path:
        return self.place(clip.split, decision, clip.place)

    def _class_folders(self) -> Iterator[tuple[Path, str, str]]:
        """Each folder of a class or of unsure clips, with its split and decision."""
        for split_folder in filter(lambda path: is_split_folder(path.name), _subfolders(self._folder)):
            split = next(split for split, names in SPLIT_FOLDERS.items() if split_folder.name.lower() in names)
            for folder in _subfolders(split_folder):
                label = parse_label(folder.name)
                if label is not None or folder.name.lower() == UNSURE:
                    yield folder, split, UNSURE if label is None else LABELS[label]


def _decision(path: Path, folder: Path, decision: str) -> str:
    """The decision on a file in the folder of a class; `decision` is that of the folder. A folder Unsure may also lie inside it."""
    return UNSURE if is_among_unsure(path, folder) else decision


def name_aside(name: str, told_by: str) -> str:
    """A name of its own for a clip whose name another clip has, or shall have; `told_by` is its film's id or its digest."""
    video = name.rsplit("_", 2)[0]
    return f"{video}-{told_by[:_SHORT]}{name.removeprefix(video)}"


def is_made_of(path: Path, source: str) -> bool:
    """Whether a file exists and is the clip made from `source`: cameras use the same names again and again. If `source` is gone, the name
    decides."""
    try:
        size = path.stat().st_size
    except OSError:
        return False
    try:
        return size == Path(source).stat().st_size
    except OSError:
        return True


def _subfolders(folder: Path) -> list[Path]:
    return sorted(entry for entry in folder.iterdir() if entry.is_dir()) if folder.is_dir() else []
