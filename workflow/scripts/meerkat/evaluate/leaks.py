"""The table of leaks: for each Testing clip, what the model may have seen in Training."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pandas as pd

from ..data import records
from ..data.origins import Origins
from ..data.records import Records
from ..errors import UserError
from ..tables import read_frame
from . import near_duplicates


def find(training: Sequence[Path | str], testing: Records, where: Origins, near_duplicate: float) -> pd.DataFrame:
    """One row for each Testing clip: its path, its video and site, whether these are in Training, near-duplicates, nearest, similarity.

    training        record files of the Training clips, or patterns
    near_duplicate  two clips with this similarity (cosine of the embeddings) or more are near-duplicates

    Raises UserError for records of different widths.
    """
    training_videos, training_sites = set(), set()

    def batches() -> Iterator[Records]:
        for batch in records.batches(training, near_duplicates.BATCH):
            if testing.paths and batch.embeddings.shape[1] != testing.embeddings.shape[1]:
                raise UserError(
                    f"The Training embeddings have width {batch.embeddings.shape[1]}, the Testing ones {testing.embeddings.shape[1]}. "
                    "Make Training and Testing records with one backbone."
                )
            training_videos.update(map(where.video, batch.paths))
            training_sites.update(map(where.site, batch.paths))
            yield batch

    nearest, similarity, number = near_duplicates.nearest(batches(), testing.embeddings, near_duplicate)
    videos, sites = ([of(path) for path in testing.paths] for of in (where.video, where.site))
    return pd.DataFrame(
        {
            "path": testing.paths,
            "video": videos,
            "video_in_training": [video in training_videos for video in videos],
            "site": sites,
            "site_in_training": [site != "" and site in training_sites for site in sites],
            "near_duplicates": number,
            "nearest": nearest,
            "similarity": [f"{value:.4f}" for value in similarity],
        }
    )


def read(path: Path | str) -> pd.DataFrame:
    """The table. Raises UserError if it is missing."""
    return read_frame(path, "evaluate.py", video_in_training=bool, site_in_training=bool, near_duplicates=int, similarity=float)
