"""The folders into which clips are sorted: what lies there is what counts, whoever put it there."""

import filecmp
from collections.abc import Iterator
from pathlib import Path

from .. import atomic
from ..data.clips import SPLIT_FOLDERS, SPLITS
from ..data.file_tree import visible_files
from ..data.labels import LABELS, parse_label
from .cards import Card

UNSURE = "unsure"
DECISIONS = (*LABELS, UNSURE)


class Folders:
    """The clips in <folder>/Training|Testing/Positive|Negative|Unsure."""

    def __init__(self, folder: Path, clips: Path):
        """clips  folder with a folder of clips for each video: where those that are sorted come from"""
        self._folder, self._clips = folder, clips

    def sorted_files(self) -> dict[str, str]:
        """The decision on each clip that lies in the folders, by the file's name."""
        return {Path(path).name: decision for path, decision in self._files()}

    def put(self, card: Card, split: str, decision: str) -> None:
        """Put the clips of a card where they belong; they take no space where the disk has hard links."""
        for file in card.files:
            path = self._place(card, split, decision, file)
            path.parent.mkdir(parents=True, exist_ok=True)
            atomic.link(path, self._source(card, file))

    def take_back(self, card: Card, split: str, decision: str) -> None:
        """Undo `put`; a file that is another one by now stays."""
        for file in card.files:
            path = self._place(card, split, decision, file)
            if path.is_file() and filecmp.cmp(path, self._source(card, file), shallow=False):
                path.unlink()

    def clip(self, card: Card, number: int) -> Path:
        """The file of a clip of a card."""
        return self._source(card, card.files[number])

    def _source(self, card: Card, file: str) -> Path:
        return self._clips / card.video / "clips" / file

    def _place(self, card: Card, split: str, decision: str, file: str) -> Path:
        return self._folder / SPLITS[split] / decision.capitalize() / card.site / file

    def _files(self) -> Iterator[tuple[str, str]]:
        for split_folder in self._subfolders(self._folder):
            if any(split_folder.name.lower() in names for names in SPLIT_FOLDERS.values()):
                for folder in self._subfolders(split_folder):
                    label = parse_label(folder.name)
                    if label is not None or folder.name.lower() == UNSURE:
                        decision = UNSURE if label is None else LABELS[label]
                        yield from ((path, decision) for path in visible_files(folder))

    @staticmethod
    def _subfolders(folder: Path) -> list[Path]:
        return sorted(entry for entry in folder.iterdir() if entry.is_dir()) if folder.is_dir() else []
