"""The table of leaks: for each Testing clip, what of it the model may have seen in Training."""

from pathlib import Path

import pandas as pd

from ..data.origins import Origins
from ..tables import read_frame, write_frame
from .near_duplicates import Nearest


def table(paths: list[str], where: Origins, training_videos: set[str], training_sites: set[str], nearest: Nearest) -> pd.DataFrame:
    """One row a Testing clip: its path, its video and site, whether these are in Training, near-duplicates, nearest, similarity."""
    videos, sites = ([of(path) for path in paths] for of in (where.video, where.site))
    return pd.DataFrame(
        {
            "path": paths,
            "video": videos,
            "video_in_training": [video in training_videos for video in videos],
            "site": sites,
            "site_in_training": [site != "" and site in training_sites for site in sites],
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
    return read_frame(path, "find_leaks.py", video_in_training=bool, site_in_training=bool, near_duplicates=int, similarity=float)
