"""Settings of the embeddings: where they come from, how the work is divided, and the network that makes them."""

from typing import Annotated, Literal

from pydantic import Field

from .section import Section, UserFile, UserPath

# The networks whose ImageNet weights are installed (see `preprocess.backbones.LITE`), and those of keras.applications except EfficientNet,
# EfficientNetV2 and ConvNeXt, which need operations that TensorFlow 1.0.1 lacks.
LITE = ("efficientnet_lite0", "efficientnet_lite2")
KERAS = (
    "DenseNet121", "DenseNet169", "DenseNet201", "InceptionResNetV2", "InceptionV3", "MobileNet", "MobileNetV2", "MobileNetV3Large",
    "MobileNetV3Small", "NASNetLarge", "NASNetMobile", "ResNet50", "ResNet50V2", "ResNet101", "ResNet101V2", "ResNet152", "ResNet152V2",
    "VGG16", "VGG19", "Xception",
)  # fmt: skip
_Jobs = Annotated[int, Field(ge=1, le=10_000)]


class Preprocessed(Section):
    """Records (embeddings) that were made elsewhere. No image is read then"""

    train: UserPath | None = None
    """Pattern of record files for Training, such as 'elsewhere/train-*.tfrecord.gz'."""
    eval: UserPath | None = None
    """Pattern of record files for Testing."""


class Shards(Section):
    """How many jobs share the clips"""

    train: _Jobs = 2
    """Jobs for the Training clips."""
    eval: _Jobs = 1
    """Jobs for the Testing clips."""


class Backbone(Section):
    """The frozen network that turns a clip into an embedding"""

    name: Literal[LITE + KERAS] = "efficientnet_lite0"
    """The network. efficientnet_lite2 is half as fast as efficientnet_lite0; the others are the classes of keras.applications."""
    weights: UserFile | None = None
    """Weights file. null or imagenet: the weights for ImageNet."""
