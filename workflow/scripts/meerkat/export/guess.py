"""A guess before anything is sorted: the network's own ImageNet classifier says how likely a picture shows an animal.

It knows a million photographs, and none of a wildlife camera. So it never becomes part of a model for DeepMeerkat, and what people sort
replaces it. benchmarks/results.md says what it is worth.
"""

from pathlib import Path

from ..data import deepmeerkat
from ..data.labels import LABELS, NEGATIVE, POSITIVE
from ..preprocess import backbones
from ..quiet_tensorflow import tf
from . import saved_model

# Classes 0 to 397 of ImageNet (ILSVRC 2012) are animals; image-net.org/challenges/LSVRC/2012.
_ANIMALS = 398


def write(folder: Path | str) -> None:
    """Write a SavedModel that takes and gives what a model for DeepMeerkat does, into `folder`."""
    saved_model.write(backbones.classifier(), _animal_or_not, folder)


def _animal_or_not(logits: tf.Tensor) -> tf.Tensor:
    classes = tf.nn.softmax(logits)
    odds = {POSITIVE: tf.reduce_sum(classes[:, :_ANIMALS], axis=1), NEGATIVE: tf.reduce_sum(classes[:, _ANIMALS:], axis=1)}
    return tf.stack([odds[label] for label in range(len(LABELS))], axis=1, name=deepmeerkat.OUTPUT)
