"""Scores that a model has given to clips: none is computed twice, even if a run is killed."""

from collections.abc import Mapping
from pathlib import Path
from types import TracebackType


class KnownScores:
    """The scores of one model by the digests of the clips, in a file to which lines are added. It may be deleted at any time."""

    def __init__(self, folder: Path, model: str):
        """model  digest of the model"""
        self._path = folder / f"{model[:16]}.csv"
        self.added = 0

    def __enter__(self) -> "KnownScores":
        self._path.parent.mkdir(parents=True, exist_ok=True)
        text = self._path.read_text(errors="replace") if self._path.is_file() else ""
        # The last line of a killed run may be incomplete, and a damaged line only means that its clip is scored again.
        self._scores = dict(filter(None, map(_score, text[: text.rfind("\n") + 1].splitlines())))
        self._file = self._path.open("w" if not text.endswith("\n") else "a")
        if self._file.mode == "w":
            self.add(self._scores)
            self.added = 0
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._file.close()

    def __contains__(self, digest: str) -> bool:
        return digest in self._scores

    def __getitem__(self, digest: str) -> float:
        return self._scores[digest]

    def add(self, scores: Mapping[str, float]) -> None:
        """Add scores by digest, and write them at once."""
        self._scores |= scores
        self._file.writelines(f"{digest},{score:.9g}\n" for digest, score in scores.items())
        self._file.flush()
        self.added += len(scores)


def _score(line: str) -> tuple[str, float] | None:
    """The digest and the score of a line; None if the line is damaged."""
    try:
        digest, score = line.split(",")
        return (digest, float(score)) if 0 <= float(score) <= 1 else None
    except ValueError:
        return None
