"""Writes backbone and head as the SavedModel that DeepMeerkat loads (see `data.deepmeerkat`)."""

from collections.abc import Callable
from pathlib import Path

from .. import atomic
from ..data import deepmeerkat, old_tensorflow
from ..preprocess import backbones
from ..preprocess.backbones import Backbone
from ..quiet_tensorflow import SavedModel, tf
from ..train.head import Head

# From embeddings, float32 [batch, width], to probabilities of positive and negative, float32 [batch, 2], in a node of the contract's name.
Judge = Callable[[tf.Tensor], tf.Tensor]


def write(backbone: Backbone, judge: Judge, folder: Path | str) -> None:
    """Write `saved_model.pb` into `folder`. The weights are constants of the graph."""
    graph = tf.Graph()
    with graph.as_default():
        image_bytes = tf.compat.v1.placeholder(tf.string, [None], deepmeerkat.INPUT)
        (embedding,) = _import(backbone, {backbones.IMAGES: _decode(backbone, image_bytes)}, backbones.EMBEDDING)
        scores = judge(embedding)
        key = tf.compat.v1.placeholder(tf.string, [None], "key")
        inputs = {"key": key, "image_bytes": image_bytes}
        outputs = {"key": tf.identity(key), "prediction": tf.argmax(scores, axis=1), "scores": scores}
    model = SavedModel(saved_model_schema_version=1)
    meta_graph = model.meta_graphs.add()
    meta_graph.meta_info_def.tags.append("serve")
    meta_graph.meta_info_def.tensorflow_version = tf.version.VERSION
    meta_graph.graph_def.CopyFrom(graph.as_graph_def())
    old_tensorflow.translate(meta_graph)
    signature = meta_graph.signature_def[deepmeerkat.SIGNATURE]
    signature.method_name = deepmeerkat.METHOD
    for tensors, infos in [(inputs, signature.inputs), (outputs, signature.outputs)]:
        for name, tensor in tensors.items():
            infos[name].name = tensor.name
            infos[name].dtype = tensor.dtype.as_datatype_enum
            infos[name].tensor_shape.CopyFrom(tensor.shape.as_proto())
    atomic.write_bytes(Path(folder) / "saved_model.pb", model.SerializeToString(deterministic=True))


def _decode(backbone: Backbone, image_bytes: tf.Tensor) -> tf.Tensor:
    """float32 [batch, size, size, 3] of JPEG bytes, string [batch], one picture after the other."""

    @tf.autograph.experimental.do_not_convert  # Its Python contains nothing to convert, and that takes half a second.
    def decode(data: tf.Tensor) -> tf.Tensor:
        (image,) = _import(backbone, {backbones.IMAGE_BYTES: data}, backbones.IMAGE)
        return image

    tf.compat.v1.disable_control_flow_v2()  # TensorFlow 1.0.1 writes loops as Enter and Exit, not as functions.
    images = tf.map_fn(decode, image_bytes, fn_output_signature=tf.float32)
    images.set_shape([None, backbone.size, backbone.size, 3])
    return images


def _import(backbone: Backbone, inputs: dict[str, tf.Tensor], output: str) -> list[tf.Tensor]:
    """The tensor `output` of the backbone's graph when `inputs` are fed."""
    return tf.import_graph_def(backbone.part(output), inputs, [f"{output}:0"], name=output)


def by_head(head: Head) -> Judge:
    """Scores as `head.Head.scores` computes them."""

    def judge(embedding: tf.Tensor) -> tf.Tensor:
        hidden = tf.nn.relu(tf.matmul(embedding, head.hidden_kernel) + head.hidden_bias)
        logits = tf.matmul(hidden, head.output_kernel) + head.output_bias
        return tf.nn.softmax(logits, name=deepmeerkat.OUTPUT)

    return judge
