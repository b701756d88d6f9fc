"""EfficientNet-Lite for inference, batch normalisation folded into the convolutions.

Architecture: M. Tan and Q. Le, "EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks", ICML 2019,
in the Lite variant (no squeeze-and-excitation, ReLU6, stem and head not scaled). Widths, kernel sizes and expansions are read from the
weights; the code contains only what the weights do not show.

The embedding comes from the widest place of the last block, after its depthwise convolution. The two layers after that are made for
ImageNet's classes, and distinguish animals from leaves less well (log loss 0.143 against 0.123 on held-back photographs). We take the
square root, so that a few strong features do not outweigh the many weak ones: power normalisation, F. Perronnin, J. Sanchez and T. Mensink,
"Improving the Fisher Kernel for Large-Scale Image Classification", ECCV 2010.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from ..quiet_tensorflow import tf

# Stride of each stage's first block.
_STAGE_STRIDES = (1, 2, 2, 2, 1, 2, 1)
_BATCH_NORM_EPSILON = 1e-3


def embed(images: tf.Tensor, weights: Mapping[str, np.ndarray], repeats: tuple[int, ...]) -> tf.Tensor:
    """Embeddings of images.

    images   float32 [batch, size, size, 3], RGB from 0 to 255
    weights  the PyTorch state dictionary of the network (kernels [out, in, height, width])
    repeats  blocks in each of the seven stages
    returns  float32 [batch, width]: square roots of the last block's averaged depthwise features; 1152 wide for lite0, 1248 for lite2

    Raises ValueError if the weights have another number of blocks.
    """
    *blocks, last = _blocks(weights, repeats)
    return tf.sqrt(tf.reduce_mean(_expanded(_through(images, weights, blocks), weights, *last), axis=[1, 2]))


def classify(images: tf.Tensor, weights: Mapping[str, np.ndarray], repeats: tuple[int, ...]) -> tf.Tensor:
    """float32 [batch, 1000]: logits of ImageNet's classes. Arguments and errors as `embed`."""
    features = _through(images, weights, _blocks(weights, repeats))
    features = tf.nn.relu6(_convolve(features, weights, "_conv_head", "_bn1", stride=1))
    return tf.linalg.matmul(tf.reduce_mean(features, axis=[1, 2]), weights["_fc.weight"].T) + weights["_fc.bias"]


def _blocks(weights: Mapping[str, np.ndarray], repeats: tuple[int, ...]) -> list[tuple[str, int]]:
    """The name and the stride of each block."""
    found = len({key.split(".")[1] for key in weights if key.startswith("_blocks.")})
    if found != sum(repeats):
        raise ValueError(f"{found} blocks instead of {sum(repeats)}")
    strides = [stride if block == 0 else 1 for stride, blocks in zip(_STAGE_STRIDES, repeats, strict=True) for block in range(blocks)]
    return [(f"_blocks.{index}.", stride) for index, stride in enumerate(strides)]


def _through(images: tf.Tensor, weights: Mapping[str, np.ndarray], blocks: Sequence[tuple[str, int]]) -> tf.Tensor:
    """What leaves the last of the blocks."""
    features = tf.nn.relu6(_convolve((images - 127.0) / 128.0, weights, "_conv_stem", "_bn0", stride=2))
    for block, stride in blocks:
        features = _inverted_residual(features, weights, block, stride)
    return features


def _inverted_residual(inputs: tf.Tensor, weights: Mapping[str, np.ndarray], block: str, stride: int) -> tf.Tensor:
    features = _convolve(_expanded(inputs, weights, block, stride), weights, f"{block}_project_conv", f"{block}_bn2", stride=1)
    return features + inputs if features.shape == inputs.shape else features


def _expanded(inputs: tf.Tensor, weights: Mapping[str, np.ndarray], block: str, stride: int) -> tf.Tensor:
    """The wide features in the middle of a block, from 0 to 6."""
    features = inputs
    if f"{block}_expand_conv.weight" in weights:
        features = tf.nn.relu6(_convolve(features, weights, f"{block}_expand_conv", f"{block}_bn0", stride=1))
    return tf.nn.relu6(_convolve_depthwise(features, weights, f"{block}_depthwise_conv", f"{block}_bn1", stride))


def _convolve(inputs: tf.Tensor, weights: Mapping[str, np.ndarray], convolution: str, norm: str, stride: int) -> tf.Tensor:
    kernel, bias = _fold(weights, convolution, norm)
    return tf.nn.bias_add(tf.nn.conv2d(inputs, kernel.transpose(2, 3, 1, 0), stride, "SAME"), bias)


def _convolve_depthwise(inputs: tf.Tensor, weights: Mapping[str, np.ndarray], convolution: str, norm: str, stride: int) -> tf.Tensor:
    kernel, bias = _fold(weights, convolution, norm)
    strides = [1, stride, stride, 1]
    return tf.nn.bias_add(tf.nn.depthwise_conv2d(inputs, kernel.transpose(2, 3, 0, 1), strides, "SAME"), bias)


def _fold(weights: Mapping[str, np.ndarray], convolution: str, norm: str) -> tuple[np.ndarray, np.ndarray]:
    """Kernel [out, in, height, width] and bias [out] that do the convolution and its batch normalisation in one step."""
    scale = weights[f"{norm}.weight"] / np.sqrt(weights[f"{norm}.running_var"] + _BATCH_NORM_EPSILON)
    kernel = weights[f"{convolution}.weight"] * scale[:, None, None, None]
    return kernel, weights[f"{norm}.bias"] - weights[f"{norm}.running_mean"] * scale
