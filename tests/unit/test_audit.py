"""Leaks, near-duplicates, held-out Testing videos, and what the user is warned of."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from meerkat.data import video_names
from meerkat.data.clips import Clip
from meerkat.data.origins import Origins
from meerkat.data.records import Records
from meerkat.errors import UserError
from meerkat.evaluate import near_duplicates
from meerkat.manifest import audit, curation, group_split
from meerkat.manifest.listing import Listing


def _video(clip):
    return video_names.video_of(clip.path, None)


def _clips(**videos):
    """Clips of videos given as cam=(positives, negatives)."""
    return [
        Clip(f"Training/Positive/{name}_{index}_0.jpg", label, f"{name}{label}{index}".encode().hex().ljust(64, "0"))
        for name, counts in videos.items()
        for label, count in enumerate(counts)
        for index in range(label * 1000, label * 1000 + count)
    ]


def _taken(train, testing):
    return curation.Curated({"train": train, "eval": testing})


def test_leaks_are_noted_dropped_or_refused():
    train, testing = _clips(a=(2, 2), b=(1, 3)), _clips(b=(1, 1), c=(1, 1))
    taken = _taken(train, testing)
    curation.resolve_leaks(taken, "warn", _video)
    assert taken.leaks == [curation.Leak("b", 4, 2)] and len(taken.clips["train"]) == 8
    curation.resolve_leaks(taken, "drop", _video)
    assert {_video(clip) for clip in taken.clips["train"]} == {"a"} and len(taken.clips["eval"]) == 4
    with pytest.raises(curation.UnusableClips, match="b: 4 Training and 2 Testing clips") as refused:
        curation.resolve_leaks(_taken(train, testing), "error", _video)
    assert refused.value.rows == [("b", 4, 2)]


def test_leaks_that_leave_a_class_empty_are_said():
    with pytest.raises(UserError, match="Training has no readable positive clip from a video that is not in Testing"):
        curation.resolve_leaks(_taken(_clips(a=(0, 2), b=(1, 3)), _clips(b=(1, 1))), "drop", _video)


def test_equal_names_in_two_folders_are_no_leak():
    taken = _taken([Clip("Training/Positive/IMG1.jpg", 0, "a")], [Clip("Testing/Positive/IMG1.jpg", 0, "b")])
    curation.resolve_leaks(taken, "error", _video)
    assert taken.leaks == []


video_counts = st.dictionaries(st.sampled_from("abcdefghij"), st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1)


@given(video_counts, video_counts, st.integers(0, 99))
def test_a_split_keeps_videos_whole_and_on_their_side_for_ever(tmp_path_factory, first, more, seed):
    sides = tmp_path_factory.mktemp("split") / "sides.csv"
    before = _split(_clips(**first), seed, sides)
    if before is None:
        assert not sides.exists()
        return
    both = {name: (first.get(name, (0, 0))[0] + a, first.get(name, (0, 0))[1] + b) for name, (a, b) in more.items()}
    after = _split(_clips(**(first | both)), seed, sides)
    for parts in filter(None, (before, after)):
        train, testing = ({_video(clip) for clip in parts[side]} for side in ("train", "eval"))
        assert not train & testing
        assert all({clip.label for clip in parts[side]} == {0, 1} for side in parts)
    if after:
        for side in ("train", "eval"):
            assert {_video(clip) for clip in before[side]} <= {_video(clip) for clip in after[side]}


def _split(found, seed, sides):
    try:
        return group_split.split(found, _video, "video", seed, sides)
    except UserError:
        videos_of = [{_video(clip) for clip in found if clip.label == label} for label in (0, 1)]
        # Only a class of one video, or sides given before, can make it impossible.
        assert min(map(len, videos_of)) < 2 or sides.exists()
        return None


def test_about_one_clip_in_six_is_for_testing(tmp_path):
    found = _clips(**{f"cam{index}": (3 + index % 5, 4 + index % 3) for index in range(60)})
    parts = group_split.split(found, _video, "video", 1, tmp_path / "sides.csv")
    for label in (0, 1):
        held = sum(clip.label == label for clip in parts["eval"])
        assert held / sum(clip.label == label for clip in found) == pytest.approx(1 / 6, abs=0.02)


def test_a_damaged_file_of_sides_is_refused(tmp_path):
    (tmp_path / "sides.csv").write_text("video,side\na,Left\n")
    with pytest.raises(UserError, match=r"sides\.csv contains"):
        group_split.split(_clips(a=(2, 2), b=(2, 2)), _video, "video", 1, tmp_path / "sides.csv")


def _warnings(train, testing):
    taken = _taken(train, testing)
    curation.resolve_leaks(taken, "warn", _video)
    return "\n".join(filter(None, [audit.leak_warning(taken, Origins()), *audit.audit(Listing(), taken, Origins())["warnings"]]))


def test_warnings_of_the_audit():
    good = _clips(a=(2, 2), b=(2, 2), c=(2, 2))
    other = _clips(d=(2, 2), e=(2, 2), f=(2, 2))
    assert _warnings(good, other) == ""
    assert "Videos with clips in both Training and Testing: 1 (a)" in _warnings(good, other + _clips(a=(1, 1)))
    assert "Training videos with clips of one class only: 1 (g)" in _warnings(good + _clips(g=(0, 2)), other)
    assert "More than half of the positive Testing clips come from one video, g" in _warnings(good, other + _clips(g=(9, 2)))
    assert "The names of 1 of the 13 Training clips do not show their video" in _warnings([*good, Clip("IMG1.jpg", 0, "a")], other)


def test_counts_of_the_audit():
    found = audit.audit(Listing({"train": _clips(a=(3, 1))}), _taken(_clips(a=(2, 1)), _clips(b=(1, 4))), Origins())
    assert found["listed"]["train"] == {"positive": 3, "negative": 1}
    assert found["videos"] == {"train": {"a": {"positive": 2, "negative": 1}}, "eval": {"b": {"positive": 1, "negative": 4}}}


def _batches(embeddings, size):
    paths = [f"train{index:04d}.jpg" for index in range(len(embeddings))]
    for start in range(0, len(paths), size):
        rows = slice(start, start + size)
        yield Records(paths[rows], np.zeros(len(paths[rows]), int), embeddings[rows], paths[rows], frozenset())


@pytest.mark.parametrize("batch, tile", [(1000, 2048), (7, 2048), (64, 5)])
def test_nearest_agrees_with_comparing_all_pairs(monkeypatch, batch, tile):
    monkeypatch.setattr(near_duplicates, "_TILE", tile)
    random = np.random.default_rng(2)
    training, testing = (random.random((number, 24)).astype(np.float32) for number in (90, 23))
    training[60], testing[3] = training[5], 2 * training[5]  # the first of two equal ones; length does not count
    testing[4] = 0
    nearest, similarity, number = near_duplicates.nearest(_batches(training, batch), testing, 0.9)
    norms = np.linalg.norm(testing, axis=1)[:, None] * np.linalg.norm(training, axis=1)[None]
    cosines = np.divide(testing @ training.T, norms, out=np.zeros_like(norms), where=norms > 0).astype(float).round(4)
    assert similarity == pytest.approx(cosines.max(axis=1), abs=2e-4)
    assert number.tolist() == (cosines >= 0.9).sum(axis=1).tolist()
    assert nearest[3] == "train0005.jpg" and similarity[3] == 1
