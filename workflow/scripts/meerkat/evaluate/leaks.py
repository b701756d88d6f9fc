"""The table of leaks: for each Testing clip, what of it the model may have seen in Training."""

from pathlib import Path

import pandas as pd

from .. import atomic
from ..errors import UserError
from ..tables import csv_text
from .near_duplicates import Nearest


def table(paths: list[str], videos: list[str], training_videos: set[str], nearest: Nearest) -> pd.DataFrame:
    """One row a Testing clip: path, its video, whether the video is in Training, near-duplicates, nearest, similarity."""
    return pd.DataFrame(
        {
            "path": paths,
            "video": videos,
            "video_in_training": [video in training_videos for video in videos],
            "near_duplicates": nearest.number,
            "nearest": nearest.paths,
            "similarity": [f"{value:.4f}" for value in nearest.similarity],
        }
    )


def write(leaks: pd.DataFrame, path: Path | str) -> None:
    """Write the table as CSV."""
    atomic.write_text(path, csv_text([leaks.columns, *leaks.itertuples(index=False)]))


def read(path: Path | str) -> pd.DataFrame:
    """The table that `write` wrote. Raises UserError when it is missing."""
    try:
        texts = {"path": str, "video": str, "nearest": str}
        return pd.read_csv(path, keep_default_na=False, encoding_errors="surrogateescape", dtype=texts)
    except FileNotFoundError:
        raise UserError(f"The leaks {path} do not exist. Make them with find_leaks.py.") from None
