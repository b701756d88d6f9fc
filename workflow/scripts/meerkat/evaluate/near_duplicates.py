"""Finds Testing clips that look like a Training clip, such as neighbouring frames that were saved under other names."""

from collections.abc import Iterable

import numpy as np

from ..data.embedding_file import EmbeddingFile
from ..data.records import Records
from ..train import look_alikes

# Training clips in a batch, and Testing clips, that are compared at once: their similarities take 32 MB. All of Testing is read again for
# each batch.
BATCH, _TILE = 4096, 2048


def nearest(training: Iterable[Records], testing: np.ndarray | EmbeddingFile, threshold: float) -> tuple[list[str], np.ndarray, np.ndarray]:
    """Compare each Testing embedding, float32 [clips, width], with all Training records, which come in batches.

    Gives, for each of them, the path of the Training clip that looks most like it, the similarity (cosine of the angle between the
    embeddings, -1 to 1, rounded to 4 digits), and how many Training clips reach the threshold of similarity. Of equally similar clips,
    the one with the first path is given. Memory contains one batch, and the embeddings and similarities of one tile.
    """
    paths, similarity, number = [""] * len(testing), np.full(len(testing), -1.0), np.zeros(len(testing), int)
    for batch in training:
        order = sorted(range(len(batch.paths)), key=lambda i: batch.paths[i])
        block = look_alikes.unit(batch.embeddings[order])
        for start in range(0, len(testing), _TILE):
            # Rounded, because the last digits of a product depend on the size of the block.
            cosines = np.round(look_alikes.unit(testing[start : start + _TILE]) @ block.T, 4)
            number[start : start + _TILE] += (cosines >= threshold).sum(axis=1)
            best = cosines.argmax(axis=1)
            for i, (place, cosine) in enumerate(zip(best, cosines[np.arange(len(best)), best], strict=True), start):
                path = batch.paths[order[place]]
                if cosine > similarity[i] or (cosine == similarity[i] and path < paths[i]):
                    paths[i], similarity[i] = path, cosine
    return paths, similarity, number
