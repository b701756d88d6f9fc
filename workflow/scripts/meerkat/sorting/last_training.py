"""What the last training found, and whether clips have been sorted since."""

import json
from pathlib import Path

from ..advice.situation import Trained, doubtful
from ..data import predictions
from .folders import Folders
from .journal import Journal
from .tasks import LOOK


class LastTraining:
    """The last training, whose results lie in a folder."""

    def __init__(self, results: Path, folders: Folders, journal: Journal):
        self._folders, self._journal = folders, journal
        label_issues = results / "head/label_issues.csv"
        try:
            self._metrics = json.loads((results / "evaluation/metrics.json").read_text())
            self._used = json.loads((results / "docs/audit.json").read_text())["listed"]
        except (OSError, ValueError, KeyError):  # there was none, or it was killed
            self._metrics = None
        self._contradicted = predictions.read(label_issues, "train.py") if self._metrics and label_issues.is_file() else None

    def found(self) -> Trained | None:
        """What it found; None if there was none."""
        if self._contradicted is None:
            return None
        left = doubtful(self._contradicted, self._journal.history.asked[LOOK])
        return Trained(self._metrics, left, is_outdated=self._folders.counts() != self._used)
