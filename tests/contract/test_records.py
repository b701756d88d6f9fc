"""Records are TensorFlow's own: other programs read ours, and theirs are read."""

import numpy as np
import pytest
from meerkat.data import records
from meerkat.data.clips import Clip
from meerkat.errors import UserError
from meerkat.quiet_tensorflow import tf

CLIPS = [Clip(f"x/cam{i}_1_0.jpg", i % 2, f"{i:016x}" + "0" * 48) for i in range(30)]
EMBEDDINGS = np.random.default_rng(0).random((30, 8), dtype=np.float32)
ROWS = list(zip(CLIPS, EMBEDDINGS, strict=True))


def test_tensorflow_reads_what_is_written_and_its_files_are_read(tmp_path):
    """Records go to other programs and come from them, as in 2018."""
    ours = tmp_path / "ours.tfrecord.gz"
    with records.writing(ours, "f") as write:
        for clip, embedding in ROWS:
            write(clip, embedding)
    for data, (clip, embedding) in zip(tf.data.TFRecordDataset(str(ours), "GZIP"), ROWS, strict=True):
        features = tf.train.Example.FromString(data.numpy()).features.feature
        assert sorted(features) == ["digest", "embedding", "fingerprint", "image_uri", "label"]
        assert features["image_uri"].bytes_list.value[0].decode() == clip.path
        assert features["label"].int64_list.value[0] == clip.label and features["embedding"].float_list.value == embedding.tolist()
    with tf.io.TFRecordWriter(str(tmp_path / "theirs.tfrecord.gz"), tf.io.TFRecordOptions("GZIP")) as writer:
        for clip, embedding in ROWS:
            example = tf.train.Example()
            example.features.feature["image_uri"].bytes_list.value.append(clip.path.encode())
            example.features.feature["label"].int64_list.value.append(clip.label)
            example.features.feature["embedding"].float_list.value.extend(embedding.tolist())
            writer.write(example.SerializeToString())
    found = records.read([tmp_path / "theirs.tfrecord.gz"], tmp_path)
    assert found.paths == sorted(clip.path for clip in CLIPS) and found.fingerprints == {""} and set(found.digests) == {b""}
    assert found.embeddings[found.paths.index(CLIPS[7].path)].tolist() == EMBEDDINGS[7].tolist()


def test_records_of_something_else_are_named(tmp_path):
    with tf.io.TFRecordWriter(str(tmp_path / "f.tfrecord.gz"), tf.io.TFRecordOptions("GZIP")) as writer:
        writer.write(tf.train.Example().SerializeToString())
    with pytest.raises(UserError, match=r"f\.tfrecord\.gz contains no records with image_uri"):
        records.read([tmp_path / "f.tfrecord.gz"], tmp_path)
