"""Embeddings in a temporary file, read by rows, so that memory does not grow with the number of clips.

The file has no name, so it is gone when the program ends, even if the program is killed. (On NFS it has a hidden name, and stays only if
the computer fails.) The system keeps as much of it in memory as fits, so it is hardly slower than an array.
"""

import os
from collections.abc import Iterator
from typing import BinaryIO

import numpy as np

_BLOCK = 2048


class EmbeddingFile:
    """Rows of the float32 matrix in `file`, in the order of `rows`. Takes slices and arrays of indices, as an array does."""

    def __init__(self, file: BinaryIO, width: int, rows: np.ndarray):
        self._file, self._rows = file, rows
        self.shape = (len(rows), width)

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, key: slice | np.ndarray) -> np.ndarray:
        """The embeddings as an array, float32 [..., width]."""
        rows, width = self._rows[key], self.shape[1]
        found = np.empty((*rows.shape, width), np.float32)
        for place, row in zip(found.reshape(rows.size, width), rows.ravel().tolist(), strict=True):
            if os.preadv(self._file.fileno(), [place], row * place.nbytes) != place.nbytes:
                raise OSError("The temporary file of embeddings ends too early.")
        return found

    def part(self, key: slice | np.ndarray) -> "EmbeddingFile":
        """Only these rows, as another such object; nothing is read."""
        return EmbeddingFile(self._file, self.shape[1], self._rows[key])


def part(embeddings: np.ndarray | EmbeddingFile, key: slice | np.ndarray) -> np.ndarray | EmbeddingFile:
    """Some of the rows of an array or of an EmbeddingFile; nothing is read."""
    return embeddings.part(key) if isinstance(embeddings, EmbeddingFile) else embeddings[key]


def blocks(number: int) -> Iterator[slice]:
    """Slices that cover `number` rows, a few thousand at a time; one empty slice if there are none."""
    for start in range(0, max(number, 1), _BLOCK):
        yield slice(start, start + _BLOCK)
