"""What is known when somebody asks what to do next: how far the sorting is, and what the last training found."""

import json
from collections.abc import Collection, Mapping
from pathlib import Path, PurePath
from typing import NamedTuple

import pandas as pd

from .. import atomic
from ..data import predictions
from ..evaluate.leak_free import leak_free

# Where the page leaves it for the report, below the folder of results.
STATE = "sorting/state.json"
# A label is doubtful if heads that never saw its clip are this sure that it is wrong.
_DOUBTFUL = 0.95


class Sorting(NamedTuple):
    """How far the sorting is, in passages.

    is_settled     whether the last answers changed the quick model little; None: too few answers to say
    training_left  passages of Training that nobody has sorted
    testing, testing_left  passages of Testing, and those that nobody has sorted
    animals, videos  passages of Testing that show an animal, and the number of their videos
    needed  how many of them show how good the model is
    """

    is_settled: bool | None
    training_left: int
    testing: int
    testing_left: int
    animals: int
    videos: int
    needed: int

    def write(self, path: Path) -> None:
        """Write it for the report, if it has changed."""
        if read_sorting(path) != self:
            atomic.write_text(path, json.dumps(self._asdict()) + "\n")


class Trained(NamedTuple):
    """What the last training found.

    metrics   metrics.json
    doubtful  how many Training clips have a label that is surely wrong according to the heads, and that nobody has confirmed since
    check     check.json, if a person has watched some of the videos
    is_outdated  whether clips have been sorted since
    """

    metrics: Mapping
    doubtful: int
    check: Mapping | None = None
    is_outdated: bool = False

    @property
    def clips(self) -> Mapping[str, int]:
        """The number of Training clips of each class."""
        return self.metrics["estimate"]["clips"]

    @property
    def tested_videos(self) -> int:
        """The number of Testing videos with an animal."""
        return self.metrics["videos_with_positives"]

    @property
    def chosen(self) -> Mapping:
        """The operating point in use, from the Testing clips that count."""
        return in_use(leak_free(self.metrics)[0], self.metrics)


def in_use(figures: Mapping, metrics: Mapping) -> Mapping:
    """The operating point in use, from the figures of some clips."""
    wanted = metrics["operating_point"]["wanted_recall"]
    return next(point for point in figures["operating_points"] if point["wanted_recall"] == wanted)


def doubtful(contradicted: pd.DataFrame, confirmed: Collection[str]) -> int:
    """How many labels are doubtful. `contradicted` is label_issues.csv; `confirmed` are the clips, as the journal names them, at which a
    person has looked again."""
    names = {PurePath(clip).name for clip in confirmed}
    is_sure = (contradicted["p_positive"] - predictions.truth(contradicted)).abs() > _DOUBTFUL
    return sum(PurePath(path).name not in names for path in contradicted["path"][is_sure])


def read_sorting(path: Path) -> Sorting | None:
    """How far the sorting was when the page was last open; None if it never was."""
    try:
        return Sorting(**json.loads(path.read_text()))
    except (OSError, ValueError, TypeError):
        return None
