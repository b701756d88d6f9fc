"""The head: the small network that is trained on the embeddings. Plain arrays: using it needs no TensorFlow."""

import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from scipy.special import softmax
from threadpoolctl import threadpool_limits

from .. import atomic
from ..data.embedding_file import EmbeddingFile, blocks
from ..data.labels import NEGATIVE, POSITIVE
from ..errors import UserError


@dataclass(frozen=True)
class Head:
    """Weights of one hidden layer (ReLU) and the output layer, and what they belong to.

    hidden_kernel  float32 [width, hidden]      hidden_bias  float32 [hidden]
    output_kernel  float32 [hidden, 2]          output_bias  float32 [2]
    facts          how it was trained: the backbone's fingerprint, settings, counts, folds and their histories, calibration
    """

    hidden_kernel: np.ndarray
    hidden_bias: np.ndarray
    output_kernel: np.ndarray
    output_bias: np.ndarray
    facts: dict

    @property
    def width(self) -> int:
        """Width of the embeddings that the head takes."""
        return self.hidden_kernel.shape[0]

    def margins(self, embeddings: np.ndarray | EmbeddingFile) -> np.ndarray:
        """float32 [clips]: logit of positive minus logit of negative for embeddings, float32 [clips, width]."""
        logits = self._logits(embeddings)
        return logits[:, POSITIVE] - logits[:, NEGATIVE]

    def scaled(self, factor: float, offset: float = 0.0) -> "Head":
        """The head whose margins are `factor` times as large, and then larger by `offset`."""
        bias = self.output_bias * factor
        bias[POSITIVE] += offset
        return replace(self, output_kernel=(self.output_kernel * factor).astype(np.float32), output_bias=bias.astype(np.float32))

    def scores(self, embeddings: np.ndarray | EmbeddingFile) -> np.ndarray:
        """float32 [clips, 2]: probabilities of positive and negative for embeddings, float32 [clips, width]."""
        return softmax(self._logits(embeddings), axis=1)

    def _logits(self, embeddings: np.ndarray | EmbeddingFile) -> np.ndarray:
        with threadpool_limits(1, "blas"):  # The sums depend on the number of threads, and scores must not.
            return np.concatenate([self._logits_of_block(embeddings[block]) for block in blocks(len(embeddings))])

    def _logits_of_block(self, embeddings: np.ndarray) -> np.ndarray:
        hidden = np.maximum(embeddings @ self.hidden_kernel + self.hidden_bias, 0)
        return hidden @ self.output_kernel + self.output_bias


def mean(heads: Sequence[Head]) -> Head:
    """One head whose logits are the mean of the heads' logits: their hidden units side by side. It has no facts."""
    return Head(
        np.concatenate([head.hidden_kernel for head in heads], axis=1),
        np.concatenate([head.hidden_bias for head in heads]),
        np.concatenate([head.output_kernel for head in heads]) / len(heads),
        np.mean([head.output_bias for head in heads], axis=0),
        {},
    )


def check_fits(head: Head, width: int, fingerprints: frozenset[str], files: Sequence[str]) -> None:
    """Raise UserError unless embeddings of this width, made with these backbones, are what the head was trained on.

    files  where the embeddings come from, for the message; the fingerprint "" stands for an unknown backbone
    """
    trained = head.facts["fingerprint"]
    if width != head.width:
        raise UserError(
            f"{', '.join(files)}: the embeddings are {width} wide, the head takes {head.width}. "
            "Make Training and Testing records with one backbone."
        )
    if trained and fingerprints - {trained, ""}:
        raise UserError(
            f"{', '.join(files)}: The head was trained with another backbone. Make Training and Testing records with one backbone."
        )


_ARRAYS = ("hidden_kernel", "hidden_bias", "output_kernel", "output_bias")


def save(head: Head, path: Path | str) -> None:
    """Write the head to `path` (`.npz`), atomically."""
    with atomic.replacing(path) as temporary:
        np.savez(temporary, facts=json.dumps(head.facts), **{name: getattr(head, name) for name in _ARRAYS})


def load(path: Path | str) -> Head:
    """The head that `save` wrote. Raises UserError when the file is missing or damaged."""
    try:
        with np.load(path) as arrays:
            return Head(*(arrays[name] for name in _ARRAYS), json.loads(str(arrays["facts"])))
    except FileNotFoundError:
        raise UserError(f"The head {path} does not exist. Train it with train.py.") from None
    except (ValueError, KeyError, OSError, zipfile.BadZipFile):
        raise UserError(f"{path} is damaged, or no head at all. Delete it and run again.") from None
