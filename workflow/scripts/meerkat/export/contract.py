"""Checks that a model keeps the contract with DeepMeerkat (see `data.deepmeerkat`)."""

from pathlib import Path

import cv2
import numpy as np

from ..data import old_tensorflow
from ..data.deepmeerkat import INPUT, METHOD, OUTPUT, SIGNATURE
from ..data.labels import LABELS, POSITIVE
from ..errors import UserError
from ..quiet_tensorflow import SavedModel, tf

SIGNATURE_INPUTS = {"key": tf.string, "image_bytes": tf.string}
SIGNATURE_OUTPUTS = {"key": tf.string, "prediction": tf.int64, "scores": tf.float32}
# A score may differ from the evaluation's by this much.
TOLERANCE = 1e-4


class BrokenContract(UserError):
    """DeepMeerkat cannot use the model; the message says why."""


def verify(folder: Path | str, expected: list[tuple[bytes, float]] | None = None) -> None:
    """Check a model folder against every point of the contract. Raises BrokenContract at the first failure.

    expected  JPEG bytes and the probability of positive that the evaluation gave for them
    """
    expected = expected or []
    try:
        model = SavedModel.FromString((Path(folder) / "saved_model.pb").read_bytes())
    except FileNotFoundError:
        raise BrokenContract(f"{folder} contains no saved_model.pb.") from None
    problems = list(old_tensorflow.unknown(model.meta_graphs[0].graph_def))
    if problems:
        raise BrokenContract(f"{folder} does not load in TensorFlow 1.0.1: {'; '.join(problems)}.")
    _check_signature(folder, model.meta_graphs[0])

    batch = [*_odd_pictures(), *(data for data, _ in expected)]
    scores = _scores_of_old_loader(folder, batch)
    if scores.dtype != np.float32 or scores.shape != (len(batch), len(LABELS)):
        raise BrokenContract(f"{folder}: {OUTPUT}:0 is {scores.dtype} {scores.shape}, not float32 ({len(batch)}, 2).")
    if not np.allclose(scores.sum(axis=1), 1, atol=1e-5):
        raise BrokenContract(f"{folder}: rows of {OUTPUT}:0 do not sum to 1.")
    known = np.array([score for _, score in expected], np.float32)
    difference = np.abs(scores[len(batch) - len(expected) :, POSITIVE] - known).max(initial=0)
    if difference > TOLERANCE:
        raise BrokenContract(f"{folder}: scores differ from the evaluation's by up to {difference:.2g}.")
    _check_new_loader(folder, batch, scores)


def _check_signature(folder: Path | str, graph: tf.compat.v1.MetaGraphDef) -> None:
    signature = graph.signature_def.get(SIGNATURE) if SIGNATURE in graph.signature_def else None
    if "serve" not in graph.meta_info_def.tags or signature is None or signature.method_name != METHOD:
        raise BrokenContract(f"{folder} lacks the tag serve or the signature {SIGNATURE} for {METHOD}.")
    for tensors, wanted in [(signature.inputs, SIGNATURE_INPUTS), (signature.outputs, SIGNATURE_OUTPUTS)]:
        types = {name: tf.as_dtype(tensor.dtype) for name, tensor in tensors.items()}
        if types != wanted:
            raise BrokenContract(f"{folder}: the signature has {types}, not {wanted}.")


def _scores_of_old_loader(folder: Path | str, batch: list[bytes]) -> np.ndarray:
    with tf.Graph().as_default(), tf.compat.v1.Session() as session:
        try:
            tf.compat.v1.saved_model.loader.load(session, ["serve"], str(folder))
            return session.run(f"{OUTPUT}:0", {f"{INPUT}:0": batch})
        except (KeyError, ValueError, tf.errors.OpError) as error:
            raise BrokenContract(f"{folder} cannot be run as DeepMeerkat does: {error}") from None


def _check_new_loader(folder: Path | str, batch: list[bytes], scores: np.ndarray) -> None:
    function = tf.saved_model.load(str(folder)).signatures[SIGNATURE]
    keys = [str(index).encode() for index in range(len(batch))]
    outputs = {name: value.numpy() for name, value in function(key=tf.constant(keys), image_bytes=tf.constant(batch)).items()}
    if list(outputs["key"]) != keys or not np.allclose(outputs["scores"], scores, atol=TOLERANCE):
        raise BrokenContract(f"{folder}: tf.saved_model.load gives other scores than the loader of TensorFlow 1.")
    if not np.array_equal(outputs["prediction"], np.argmax(scores, axis=1)):
        raise BrokenContract(f"{folder}: prediction is not the class with the higher score.")


def _odd_pictures() -> list[bytes]:
    """JPEGs of several sizes, in colour and grey, as OpenCV writes them: DeepMeerkat may put such pictures into one batch."""
    random = np.random.default_rng(0)
    shapes = [(1, 1, 3), (40, 75, 3), (299, 299, 3), (299, 299), (700, 500, 3)]
    return [cv2.imencode(".jpg", random.integers(0, 256, shape, dtype=np.uint8))[1].tobytes() for shape in shapes]
