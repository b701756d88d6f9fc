import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from meerkat.data import records
from meerkat.data.clips import Clip
from meerkat.data.embedding_file import EmbeddingFile
from meerkat.errors import UserError
from meerkat.preprocess import embedding_store
from meerkat.preprocess.embedding_store import EmbeddingStore

RANDOM = np.random.default_rng(0)
CLIPS = [Clip(f"x/cam{i}_1_0.jpg", i % 2, f"{i:016x}" + "0" * 48) for i in range(300)]
EMBEDDINGS = RANDOM.random((300, 8), dtype=np.float32)
ROWS = list(zip(CLIPS, EMBEDDINGS, strict=True))
SHARD = "train-00000-of-00001"


def _write(path, rows, fingerprint="f"):
    with records.writing(path, fingerprint) as write:
        for row in rows:
            write(*row)
    return path


def _whole():
    with tempfile.TemporaryDirectory() as folder:
        return _write(Path(folder) / "a.tfrecord.gz", ROWS[:20]).read_bytes()


_WHOLE = _whole()


def test_records_come_back_sorted_whatever_files_they_were_in(tmp_path):
    whole = records.read([_write(tmp_path / "a.tfrecord.gz", ROWS)], tmp_path)
    parts = [_write(tmp_path / f"{k}.tfrecord.gz", ROWS[k::3][::-1]) for k in range(3)]
    split = records.read(parts, tmp_path)
    assert whole.paths == sorted(clip.path for clip in CLIPS) == split.paths
    assert np.array_equal(whole.embeddings[:], split.embeddings[:])
    assert whole.embeddings[whole.paths.index(CLIPS[7].path)].tolist() == EMBEDDINGS[7].tolist()
    assert whole.fingerprints == {"f"}


@given(st.data())
def test_rows_are_read_from_the_file_as_from_an_array(data):
    number, width = data.draw(st.integers(0, 20)), data.draw(st.integers(1, 5))
    array = np.arange(number * width, dtype=np.float32).reshape(number, width)
    order = np.array(data.draw(st.permutations(range(number))), np.int64)
    with tempfile.TemporaryFile() as file:
        file.write(array)
        file.flush()
        found, wanted = EmbeddingFile(file, width, order), array[order]
        assert found.shape == wanted.shape and len(found) == number
        mask = np.array(data.draw(st.lists(st.booleans(), min_size=number, max_size=number)), bool)
        indices = data.draw(arrays(np.int64, st.tuples(st.integers(0, 3), st.integers(0, 3)), elements=st.integers(0, max(number, 1) - 1)))
        part = data.draw(st.slices(number))
        assert np.array_equal(found[part], wanted[part]) and np.array_equal(found.part(mask)[:], wanted[mask])
        assert number == 0 or np.array_equal(found[indices], wanted[indices])


def test_a_file_of_embeddings_that_is_too_short_is_noticed():
    with tempfile.TemporaryFile() as file:
        file.write(np.zeros((2, 4), np.float32))
        file.flush()
        with pytest.raises(OSError, match="ends too early"):
            EmbeddingFile(file, 4, np.arange(3))[:]


@given(st.integers(0, 2**31), st.integers(0, 255))
def test_a_changed_byte_changes_no_embedding(place, value):
    """What the store gives back is right, or nothing: it is never looked at again."""
    data = bytearray(_WHOLE)
    data[place % len(data)] = value
    with tempfile.NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        found = dict(records.salvage(file.name))
    wanted = {clip.digest: embedding for clip, embedding in ROWS[:20]}
    assert all(np.array_equal(wanted[digest], embedding) for digest, embedding in found.items())


def test_an_empty_shard_is_no_harm(tmp_path):
    files = [_write(tmp_path / "a.tfrecord.gz", []), _write(tmp_path / "b.tfrecord.gz", ROWS[:2])]
    assert len(records.read(files, tmp_path).paths) == 2


def test_damaged_and_foreign_files_are_named(tmp_path):
    whole = _write(tmp_path / "a.tfrecord.gz", ROWS)
    torn = tmp_path / "torn.tfrecord.gz"
    torn.write_bytes(whole.read_bytes()[:-500])
    with pytest.raises(UserError, match="torn"):
        records.read([torn], tmp_path)
    with pytest.raises(UserError, match=r"b\.tfrecord\.gz has embeddings of width 3"):
        records.read([whole, _write(tmp_path / "b.tfrecord.gz", [(CLIPS[0], EMBEDDINGS[0][:3])])], tmp_path)
    with pytest.raises(UserError, match=r"d\.tfrecord\.gz has embeddings of width 3"):
        records.read([_write(tmp_path / "d.tfrecord.gz", [ROWS[0], (CLIPS[1], EMBEDDINGS[1][:3])])], tmp_path)
    with pytest.raises(UserError, match="without an embedding"):
        records.read([_write(tmp_path / "e.tfrecord.gz", [(CLIPS[0], EMBEDDINGS[0][:0])]), whole], tmp_path)
    with pytest.raises(UserError, match="NaN"):
        records.read([_write(tmp_path / "c.tfrecord.gz", [(CLIPS[0], EMBEDDINGS[0] * np.nan)])], tmp_path)
    with pytest.raises(UserError, match="gone"):
        records.read([tmp_path / "gone.tfrecord.gz"], tmp_path)


def test_a_torn_file_gives_what_is_whole(tmp_path):
    whole = _write(tmp_path / "a.tfrecord.gz", ROWS)
    torn = tmp_path / "torn.tfrecord.gz"
    torn.write_bytes(whole.read_bytes()[: -len(whole.read_bytes()) // 4])
    found = dict(records.salvage(torn))
    assert 100 < len(found) < 300
    for clip, embedding in ROWS:
        if clip.digest in found:
            assert np.array_equal(found[clip.digest], embedding)


def test_the_store_gives_back_pieces_and_finished_shards(tmp_path, monkeypatch):
    monkeypatch.setattr(embedding_store, "SAVE_EVERY", -1.0)  # a piece for every clip
    store = EmbeddingStore(tmp_path / "store", "f" * 64, SHARD)
    kept = store.keep(iter(ROWS[:5]))
    assert [clip.path for clip, _ in (next(kept), next(kept), next(kept))] == [clip.path for clip in CLIPS[:3]]
    kept.close()  # as a kill would
    again = EmbeddingStore(tmp_path / "store", "f" * 64, SHARD)
    assert {digest for digest, _ in again.known()} == {clip.digest for clip in CLIPS[:2]}

    output = _write(tmp_path / "out.tfrecord.gz", ROWS)
    again.finish(output)
    output.unlink()
    assert len(dict(again.known())) == 300
    assert [path.name for path in (tmp_path / "store").glob("*/*")] == [f"{SHARD}.tfrecord.gz"]


def test_the_store_serves_another_division_and_the_other_split_but_no_other_backbone(tmp_path):
    store = EmbeddingStore(tmp_path, "f" * 64, SHARD)
    store.finish(_write(tmp_path / "out.tfrecord.gz", ROWS))
    assert len(dict(EmbeddingStore(tmp_path, "f" * 64, "eval-00000-of-00004").known())) == 300
    assert not dict(EmbeddingStore(tmp_path, "e" * 64, SHARD).known())
