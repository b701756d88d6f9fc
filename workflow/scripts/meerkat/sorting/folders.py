"""The folders into which clips are sorted: what lies there is what counts, whoever put it there."""

import filecmp
import re
from collections.abc import Iterator
from pathlib import Path

from .. import atomic
from ..data.clips import SPLITS, is_split_folder
from ..data.file_tree import visible_files
from ..data.labels import LABELS, UNSURE, parse_label
from .cards import Card

DECISIONS = (*LABELS, UNSURE)
# What no folder's name can hold, or should.
_SEPARATORS = re.compile(r"[/\\:\x00-\x1f]")
_LONGEST = 60


class Folders:
    """The clips in <folder>/Training|Testing/Positive|Negative|Unsure."""

    def __init__(self, folder: Path, clips: Path):
        """clips  folder with a folder of clips for each video: where those that are sorted come from"""
        self._folder, self._clips = folder, clips

    def sorted_files(self) -> dict[str, set[str]]:
        """The decisions on each clip that lies in the folders, by the file's name; more than one where a copy was left."""
        found: dict[str, set[str]] = {}
        for path, decision in self._files():
            found.setdefault(Path(path).name, set()).add(decision)
        return found

    def put(self, card: Card, split: str, decision: str) -> None:
        """Put the clips of a card where they belong; they take no space where the disk has hard links. All of them, or, where that fails
        with an OSError, none."""
        placed = []
        try:
            for file in card.files:
                path = self._place(card, split, decision, file)
                is_new = not path.exists()
                path.parent.mkdir(parents=True, exist_ok=True)
                atomic.link(path, self._source(card, file))
                placed += [path] if is_new else []
        except OSError:
            for path in placed:
                path.unlink(missing_ok=True)
            raise

    def take_back(self, card: Card, split: str, decision: str) -> None:
        """Undo `put`; a file that is another one by now stays."""
        for file in card.files:
            path, source = self._place(card, split, decision, file), self._source(card, file)
            if path.is_file() and (not source.is_file() or filecmp.cmp(path, source, shallow=False)):
                path.unlink()

    def clip(self, card: Card, number: int) -> Path:
        """The file of a clip of a card."""
        return self._source(card, card.files[number])

    def _source(self, card: Card, file: str) -> Path:
        return self._clips / card.video / "clips" / file

    def _place(self, card: Card, split: str, decision: str, file: str) -> Path:
        return self._folder / SPLITS[split] / decision.capitalize() / _folder_name(card.site) / file

    def _files(self) -> Iterator[tuple[str, str]]:
        for split_folder in self._subfolders(self._folder):
            if is_split_folder(split_folder.name):
                for folder in self._subfolders(split_folder):
                    label = parse_label(folder.name)
                    if label is not None or folder.name.lower() == UNSURE:
                        decision = UNSURE if label is None else LABELS[label]
                        yield from ((path, decision) for path in visible_files(folder))

    @staticmethod
    def _subfolders(folder: Path) -> list[Path]:
        return sorted(entry for entry in folder.iterdir() if entry.is_dir()) if folder.is_dir() else []


def _folder_name(site: str) -> str:
    """A site as the name of one folder, which means nothing else there; empty where there is none."""
    name = _SEPARATORS.sub("_", site).strip(" .")[:_LONGEST]
    has_a_meaning = parse_label(name) is not None or is_split_folder(name) or name.lower() == UNSURE
    return f"site {name}" if has_a_meaning else name
