"""The folders into which clips are sorted: what lies there is what counts, whoever put it there."""

import filecmp
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from .. import atomic
from ..data.clips import SPLIT_FOLDERS, SPLITS, is_split_folder
from ..data.file_tree import visible_files
from ..data.labels import LABELS, UNSURE, parse_label

DECISIONS = (*LABELS, UNSURE)


@dataclass(frozen=True, slots=True)
class Clip:
    """A clip that can be sorted: its side, its place below the folder of its class, and the path of the file that it is made of; that
    is empty for a clip that lies in the folders only."""

    split: str
    place: str
    source: str

    @property
    def name(self) -> str:
        """The file's name in the folders."""
        return self.place.rpartition("/")[2]

    @property
    def key(self) -> str:
        """What the journal calls it: names are unique in the pool, not in the folders."""
        return self.name if self.source else f"{SPLITS[self.split]}/{self.place}"


class Folders:
    """The clips in <folder>/Training|Testing/Positive|Negative|Unsure, as the user spells these."""

    def __init__(self, folder: Path):
        self._folder = folder
        self._spelled = {(split, decision): path for path, split, decision in reversed(list(self._class_folders()))}

    def sorted_files(self) -> dict[str, set[str]]:
        """The decisions on each clip that lies in the folders, by the file's name; more than one where a copy was left."""
        found: dict[str, set[str]] = {}
        for folder, _, decision in self._class_folders():
            for path in visible_files(folder):
                found.setdefault(Path(path).name, set()).add(decision)
        return found

    def find(self, path: str) -> tuple[Clip, str] | None:
        """A file in the folders, by its path, and the decision on it; None where it lies there no more."""
        for (split, decision), folder in self._spelled.items():
            if Path(path).is_relative_to(folder) and Path(path).is_file():
                return Clip(split, str(Path(path).relative_to(folder)), ""), decision
        return None

    def put(self, clips: Iterable[Clip], decision: str) -> None:
        """Put clips where they belong; they take no space where the disk has hard links. All of them, or, where that fails with an
        OSError, none."""
        placed = []
        try:
            for clip in clips:
                path = self._place(clip, decision)
                is_new = not path.exists()
                path.parent.mkdir(parents=True, exist_ok=True)
                if is_new:
                    atomic.link(path, self.file(clip))
                    placed.append(path)
        except OSError:
            for path in placed:
                path.unlink(missing_ok=True)
            raise

    def take_back(self, clips: Iterable[Clip], decisions: Iterable[str]) -> None:
        """Remove clips from where these decisions put them; raises OSError where that fails. A file that is another one by now stays, and
        so does the last copy."""
        for clip in clips:
            for decision in decisions:
                path = self._place(clip, decision)
                others = [other for other in self._files(clip) if other != path]
                if path.is_file() and any(filecmp.cmp(path, other, shallow=False) for other in others):
                    path.unlink()

    def file(self, clip: Clip) -> Path:
        """Where the clip's picture can be read. Raises FileNotFoundError when it is gone."""
        found = next(self._files(clip), None)
        if found is None:
            raise FileNotFoundError(2, "No such file", clip.source or clip.place)
        return found

    def _files(self, clip: Clip) -> Iterator[Path]:
        """Where the clip lies."""
        places = [Path(clip.source)] if clip.source else []
        return (path for path in [*places, *(self._place(clip, decision) for decision in DECISIONS)] if path.is_file())

    def _place(self, clip: Clip, decision: str) -> Path:
        default = self._folder / SPLITS[clip.split] / decision.capitalize()
        return self._spelled.get((clip.split, decision), default) / clip.place

    def _class_folders(self) -> Iterator[tuple[Path, str, str]]:
        """Each folder of a class or of unsure clips, with its split and decision."""
        for split_folder in filter(lambda path: is_split_folder(path.name), _subfolders(self._folder)):
            split = next(split for split, names in SPLIT_FOLDERS.items() if split_folder.name.lower() in names)
            for folder in _subfolders(split_folder):
                label = parse_label(folder.name)
                if label is not None or folder.name.lower() == UNSURE:
                    yield folder, split, UNSURE if label is None else LABELS[label]


def _subfolders(folder: Path) -> list[Path]:
    return sorted(entry for entry in folder.iterdir() if entry.is_dir()) if folder.is_dir() else []
