"""Training clips that look alike, such as neighbouring frames under other names: they must not be in two folds."""

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from threadpoolctl import threadpool_limits

from ..data.embedding_file import EmbeddingFile

# Clips that are compared, each with each other, in tiles of so many. They are spread over all, which are in the order of their
# paths, and so over all videos: of two alike videos some clips are compared. Five thousand take half a second on two cores.
_COMPARED, _TILE = 5_000, 250


def groups(embeddings: np.ndarray | EmbeddingFile, threshold: float, threads: int) -> np.ndarray:
    """int [clips]: clips of one number look alike, directly or over others.

    embeddings  float32 [clips, width]
    threshold   cosine from which two clips look alike
    """
    chosen = np.unique(np.linspace(0, len(embeddings) - 1, min(len(embeddings), _COMPARED)).astype(int))
    units = unit(embeddings[chosen])
    group = np.arange(len(chosen))
    for start in range(0, len(chosen), _TILE):
        with threadpool_limits(threads, "blas"):
            # Rounded, for the last digits of a product depend on the size of the block.
            cosines = np.round(units[start : start + _TILE] @ units[: start + _TILE].T, 4)
        one, other = np.nonzero(cosines >= threshold)
        alike = coo_matrix((np.ones(len(one), bool), (group[one + start], group[other])), shape=(len(chosen), len(chosen)))
        group = connected_components(alike, directed=False)[1][group]
    _, first, number = np.unique(group, return_index=True, return_inverse=True)
    found = np.arange(len(embeddings))
    found[chosen] = chosen[first][number]  # each group by the place of its first clip
    return found


def unit(embeddings: np.ndarray) -> np.ndarray:
    """The rows, float32 [clips, width], at length 1; a row of zeros stays."""
    lengths = np.linalg.norm(embeddings, axis=1, keepdims=True)
    return embeddings / np.where(lengths > 0, lengths, 1)
