"""Training clips, and which of them belong together: all that folds and weights are made from."""

from dataclasses import dataclass

import numpy as np

from ..data import embedding_file
from ..data.embedding_file import EmbeddingFile
from ..data.origins import Origins
from ..data.records import Records
from . import look_alikes


@dataclass(frozen=True)
class TrainingClips:
    """One entry a clip in every field but the last.

    paths       texts
    labels      int64, 0 = positive, 1 = negative
    embeddings  float32 [clips, width]
    videos      texts: the video that the clip was cut from
    sites       texts: the place that its camera looks at, "" where nothing tells it
    alike       int: clips of one number look alike (see `look_alikes`)
    origins     what told videos and sites
    """

    paths: np.ndarray
    labels: np.ndarray
    embeddings: np.ndarray | EmbeddingFile
    videos: np.ndarray
    sites: np.ndarray
    alike: np.ndarray
    origins: Origins

    def part(self, mask: np.ndarray) -> "TrainingClips":
        """Those of the clips where the mask, bool [clips], is true."""
        return TrainingClips(
            self.paths[mask],
            self.labels[mask],
            embedding_file.part(self.embeddings, mask),
            self.videos[mask],
            self.sites[mask],
            self.alike[mask],
            self.origins,
        )


def gather(records: Records, origins: Origins, near_duplicate: float, threads: int) -> TrainingClips:
    """The clips of records, compared with each other: from the cosine `near_duplicate` two look alike."""
    videos, sites = origins.of(records.paths)
    alike = look_alikes.groups(records.embeddings, near_duplicate, threads)
    return TrainingClips(np.array(records.paths, object), records.labels, records.embeddings, videos, sites, alike, origins)
