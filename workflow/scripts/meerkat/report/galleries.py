"""Chooses the clips that the report shows: the model is wrong, unsure or disagrees with a person."""

from dataclasses import dataclass
from pathlib import PurePath

import pandas as pd

from ..data.labels import LABELS, POSITIVE
from ..errors import printable
from .thumbnails import thumbnail

# Clips in a gallery: enough to see what they have in common.
SHOWN = 24
_NEAR = 0.1  # distance of the score from the threshold


@dataclass(frozen=True)
class GalleryPicture:
    """A thumbnail (None if the file is not here) with the clip's name, its whole path, and lines about it."""

    source: str | None
    name: str
    path: str
    lines: list[str]


@dataclass(frozen=True)
class Gallery:
    """Pictures under a title, and how many such clips there are, shown or not; `pairs` are shown two by two.

    name  the target of links
    """

    name: str
    title: str
    text: str
    total: int
    pictures: list[GalleryPicture]
    pairs: bool = False


def galleries(predictions: pd.DataFrame, threshold: float, leaks: pd.DataFrame, label_issues: pd.DataFrame, origin: str) -> list[Gallery]:
    """The galleries of the report, even empty ones: it is worth knowing that there is no such clip.

    threshold  the one in use
    origin     the origin of the scores in label_issues (see `Folds.origin`)
    """
    positive, kept = predictions["label"] == LABELS[POSITIVE], predictions["p_positive"] >= threshold
    missed = predictions[positive & ~kept].sort_values(["p_positive", "path"])
    alarms = predictions[~positive & kept].sort_values(["p_positive", "path"], ascending=[False, True])
    distance = (predictions["p_positive"] - threshold).abs()
    nearest = predictions.assign(distance=distance)[distance <= _NEAR].sort_values(["distance", "path"])
    near = leaks[leaks["near_duplicates"] > 0].sort_values(["similarity", "path"], ascending=[False, True])
    pairs = [picture for row in near[: SHOWN // 2].itertuples() for picture in _pair(row)]
    return [
        Gallery(
            "lost",
            "Animal clips that would be lost",
            "Testing clips with an animal that score below the threshold.",
            *_scored(missed),
        ),
        Gallery("alarms", "False alarms", "Testing clips of background that are kept, the highest scores first.", *_scored(alarms)),
        Gallery(
            "labels",
            "Is their label right?",
            f"From {origin}: clips whose label the score contradicts, the strongest contradiction first. The task Second looks on the page "
            "for sorting asks about them. All are in head/label_issues.csv.",
            *_scored(label_issues),
        ),
        Gallery(
            "twins",
            "Near-duplicates between Testing and Training",
            "Testing clips that look almost like a Training clip, each beside the most similar one. What shows the same moment "
            "should be on one side. All are in evaluation/leaks.csv.",
            len(near),
            pairs,
            pairs=True,
        ),
        Gallery("nearest", "Nearest to the threshold", f"Testing clips within {_NEAR} of it, the nearest first.", *_scored(nearest)),
    ]


def _scored(clips: pd.DataFrame) -> tuple[int, list[GalleryPicture]]:
    return len(clips), [_picture(row.path, f"{row.label}, score {row.p_positive:.3f}") for row in clips[:SHOWN].itertuples()]


def _pair(row) -> list[GalleryPicture]:
    more = f"and {row.near_duplicates - 1} more like it" if row.near_duplicates > 1 else ""
    return [_picture(row.path, "Testing"), _picture(row.nearest, f"Training, similarity {row.similarity:.3f}", *filter(None, [more]))]


def _picture(path: str, *lines: str) -> GalleryPicture:
    return GalleryPicture(thumbnail(path), printable(PurePath(path).name), printable(path), list(lines))
