"""The table of leaks: for each Testing clip, what of it the model may have seen in Training."""

from pathlib import Path

import pandas as pd

from ..tables import read_frame, write_frame
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
    write_frame(leaks, path)


def read(path: Path | str) -> pd.DataFrame:
    """The table that `write` wrote. Raises UserError when it is missing."""
    return read_frame(path, "find_leaks.py", video_in_training=bool, near_duplicates=int, similarity=float)
