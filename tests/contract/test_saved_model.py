"""The exported model keeps DeepMeerkat's contract, and the check notices when it does not."""

import dataclasses
from pathlib import Path

import cv2
import numpy as np
import pytest
from conftest import SAMPLES
from meerkat.data.clips import Clip
from meerkat.export import contract, saved_model
from meerkat.preprocess import backbones
from meerkat.preprocess.embedding import Embedder
from meerkat.quiet_tensorflow import SavedModel, tf
from meerkat.train import training
from meerkat.train.head import Head

CLIPS = [Clip(str(path), 0).with_digest() for path in sorted((SAMPLES / "Testing").glob("*/*.jpg"))]


@pytest.fixture(scope="module", params=backbones.LITE)
def parts(request):
    backbone = backbones.freeze(request.param, None)
    random = np.random.default_rng(3)
    first = training.initial_parameters(backbone.width, training.Settings())
    parameters = [array + random.normal(0, 0.05, array.shape).astype(np.float32) for array in first]
    return backbone, Head(*parameters, {})


@pytest.fixture(scope="module")
def model(parts, tmp_path_factory):
    folder = tmp_path_factory.mktemp("model")
    backbone, head = parts
    saved_model.write(backbone, saved_model.by_head(head), folder)
    return folder


@pytest.fixture(scope="module")
def expected(parts):
    backbone, head = parts
    embeddings = np.stack([embedding for _, embedding in Embedder(backbone, 1).embed(CLIPS)])
    return [(Path(clip.path).read_bytes(), score) for clip, score in zip(CLIPS, head.scores(embeddings)[:, 0], strict=True)]


def test_the_model_keeps_the_contract(model, expected):
    contract.verify(model, expected)
    assert np.ptp([score for _, score in expected]) > 0.01  # not one score for all


def test_names_and_shapes_to_the_letter(model):
    with tf.Graph().as_default() as graph, tf.compat.v1.Session() as session:
        tf.compat.v1.saved_model.loader.load(session, ["serve"], str(model))
        given, scores = graph.get_tensor_by_name("Placeholder:0"), graph.get_tensor_by_name("final_ops/softmax:0")
        assert (given.dtype, given.shape.as_list()) == (tf.string, [None])
        assert (scores.dtype, scores.shape.as_list()) == (tf.float32, [None, 2])
    signature = tf.saved_model.load(str(model)).signatures["serving_default"]
    assert sorted(signature.structured_outputs) == ["key", "prediction", "scores"]


def test_one_picture_gives_the_same_score_alone_and_in_a_batch(model, expected):
    signature = tf.saved_model.load(str(model)).signatures["serving_default"]
    pictures = [data for data, _ in expected[:4]]
    alone = [signature(key=tf.constant(["a"]), image_bytes=tf.constant([data]))["scores"].numpy()[0] for data in pictures]
    together = signature(key=tf.constant(list("abcd")), image_bytes=tf.constant(pictures))["scores"].numpy()
    np.testing.assert_allclose(alone, together, atol=1e-6)


def test_grey_and_turned_pictures_of_any_size(model):
    signature = tf.saved_model.load(str(model)).signatures["serving_default"]
    picture = cv2.imread(CLIPS[0].path)
    grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
    pictures = [cv2.imencode(".jpg", one)[1].tobytes() for one in (grey, cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR), picture[:5, :300])]
    scores = signature(key=tf.constant(list("abc")), image_bytes=tf.constant(pictures))["scores"].numpy()
    np.testing.assert_allclose(scores[0], scores[1], atol=0.02)


def _rewritten(model, folder, change):
    content = SavedModel.FromString((model / "saved_model.pb").read_bytes())
    change(content.meta_graphs[0])
    (folder / "saved_model.pb").write_bytes(content.SerializeToString())
    return folder


def _rename_output(graph):
    for node in graph.graph_def.node:
        node.name = node.name.replace("final_ops/softmax", "softmax")
        for index, source in enumerate(node.input):
            node.input[index] = source.replace("final_ops/softmax", "softmax")
    for info in graph.signature_def["serving_default"].outputs.values():
        info.name = info.name.replace("final_ops/softmax", "softmax")


def _use_newer_operation(graph):
    next(node for node in graph.graph_def.node if node.op == "Add").op = "AddV2"


def _use_newer_attribute(graph):
    next(node for node in graph.graph_def.node if node.op == "ResizeBilinear").attr["half_pixel_centers"].b = True


def _drop_signature(graph):
    del graph.signature_def["serving_default"]


def _drop_output(graph):
    del graph.signature_def["serving_default"].outputs["prediction"]


def _drop_tag(graph):
    graph.meta_info_def.tags[:] = ["train"]


@pytest.mark.parametrize(
    "change, message",
    [
        (_rename_output, "cannot be run as DeepMeerkat does"),
        (_use_newer_operation, "operation AddV2"),
        (_use_newer_attribute, r"ResizeBilinear\(half_pixel_centers\)"),
        (_drop_signature, "signature"),
        (_drop_output, "signature"),
        (_drop_tag, "tag serve"),
    ],
)
def test_a_broken_model_is_noticed(model, tmp_path, change, message):
    with pytest.raises(contract.BrokenContract, match=message):
        contract.verify(_rewritten(model, tmp_path, change))


def test_a_model_with_other_scores_or_three_outputs_is_noticed(parts, model, expected, tmp_path):
    with pytest.raises(contract.BrokenContract, match="differ from the evaluation"):
        contract.verify(model, [(data, score + 0.001) for data, score in expected])
    backbone, head = parts
    three = dataclasses.replace(head, output_kernel=np.ones((len(head.hidden_bias), 3), np.float32), output_bias=np.zeros(3, np.float32))
    saved_model.write(backbone, saved_model.by_head(three), tmp_path)
    with pytest.raises(contract.BrokenContract, match="not float32"):
        contract.verify(tmp_path)
    with pytest.raises(contract.BrokenContract, match=r"no saved_model\.pb"):
        contract.verify(tmp_path / "nowhere")
