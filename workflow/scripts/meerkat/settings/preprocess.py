"""Settings of the embeddings: where they come from, how the work is divided, and the network that makes them."""

from typing import Annotated

from pydantic import Field

from .section import Section, UserFile, UserPath

_Jobs = Annotated[int, Field(ge=1, le=10_000)]


class Preprocessed(Section):
    """Records (embeddings) that were made elsewhere; no image is read then"""

    train: UserPath | None = None
    """Pattern of record files for Training, such as 'elsewhere/train-*.tfrecord.gz'."""
    eval: UserPath | None = None
    """Pattern of record files for Testing."""


class Shards(Section):
    """The number of jobs that the clips are divided among"""

    train: _Jobs = 4
    """Jobs for the Training clips."""
    eval: _Jobs = 1
    """Jobs for the Testing clips."""


class Backbone(Section):
    """The frozen network that turns a clip into an embedding"""

    name: str = "efficientnet_lite0"
    """efficientnet_lite0, efficientnet_lite2 (half as fast), or a class of keras.applications such as InceptionV3 or MobileNetV3Small."""
    weights: UserFile | None = None
    """Weights file. null or imagenet: the weights for ImageNet."""
