"""Folds of whole groups, what each clip counts, and when scores are calibrated."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from meerkat.data.origins import Origins
from meerkat.train import calibration, folds, look_alikes, weights
from meerkat.train.training_clips import TrainingClips

RANDOM = np.random.default_rng(5)
counts_by_video = st.dictionaries(st.sampled_from("abcdefghij"), st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1)


def _clips(counts, folder=""):
    """Paths and labels of clips of videos given as cam=(positives, negatives)."""
    named = {"Positive": 0, "Negative": 1}
    clips = [
        (f"Training/{name}/{folder}{video}_{index}_0.jpg", label)
        for video, numbers in counts.items()
        for name, label in named.items()
        for index in range(numbers[label])
    ]
    return [path for path, _ in clips], np.array([label for _, label in clips], np.int64)


def _training_clips(paths, labels, alike=None, embeddings=None):
    alike = np.arange(len(paths)) if alike is None else alike  # no two look alike
    embeddings = np.zeros((len(paths), 1), np.float32) if embeddings is None else embeddings
    return TrainingClips(np.array(paths, object), np.array(labels), embeddings, *Origins().of(paths), alike, Origins())


def _divide(counts, wanted=5, alike=None):
    return folds.divide(_training_clips(*_clips(counts), alike), wanted, 1)


@given(counts_by_video, st.integers(2, 7))
def test_each_clip_is_held_out_once_and_groups_stay_whole(counts, wanted):
    paths, labels = _clips(counts)
    if len(set(labels)) < 2:
        return
    found = folds.divide(_training_clips(paths, labels), wanted, 1)
    assert found.number <= wanted
    if found.number == 1:
        assert found.warning and found.held_out(0).all() and found.train(0).all() and min(np.bincount(labels)) < 2
        return
    assert np.sum([found.held_out(turn) for turn in range(found.number)], axis=0).tolist() == [1] * len(paths)
    for turn in range(found.number):
        assert set(labels[found.held_out(turn)]) == set(labels[found.train(turn)]) == {0, 1}
        if found.unit != "clip":
            assert not set(found.groups[found.held_out(turn)]) & set(found.groups[found.train(turn)])


def test_folds_of_many_videos_are_of_about_one_size():
    found = _divide({f"cam{index}": (3, 4) for index in range(50)})
    assert (found.number, found.unit, found.warning) == (5, "video", "")
    assert np.bincount(found.fold).tolist() == pytest.approx([70] * 5, abs=14)


def test_sites_are_held_out_whole_where_there_are_five():
    paths, labels = [], []
    for site in range(6):
        more, of = _clips({f"cam{site}{index}": (2, 2) for index in range(3)}, folder=f"site{site}/")
        paths, labels = paths + more, [*labels, *of]
    found = folds.divide(_training_clips(paths, labels), 5, 1)
    assert found.unit == "site" and set(found.groups) == {f"site{index}" for index in range(6)}
    few = _training_clips(paths, labels).part(np.array([not path.split("/")[2].endswith(("4", "5")) for path in paths]))
    some = folds.divide(few, 5, 1)
    assert some.unit == "video"


def test_too_few_videos_with_a_class_give_fewer_folds_and_say_so():
    found = _divide({"a": (2, 2), "b": (2, 2), "c": (2, 2), **{f"n{index}": (0, 3) for index in range(20)}})
    assert found.number == 3 and "Only 3 heads could be trained instead of 5" in found.warning


def test_with_one_video_of_a_class_single_clips_are_held_out_with_a_warning():
    found = _divide({"a": (20, 0), "b": (0, 20)})
    assert (found.number, found.unit) == (5, "clip") and "too few videos" in found.warning


def test_with_one_clip_of_a_class_nothing_is_held_out_with_a_warning():
    found = _divide({"a": (1, 0), "b": (0, 3)})
    assert found.number == 1 and "too few Training clips" in found.warning


def test_videos_that_look_alike_are_in_one_fold_unless_all_do():
    counts = {f"cam{index}": (3, 3) for index in range(20)}
    paths, _ = _clips(counts)
    alike = np.arange(len(paths))
    alike[[0, 6]] = 0  # a clip of cam0 and one of cam1
    found = _divide(counts, alike=alike)
    assert len(set(found.fold[:12])) == 1
    found = _divide(counts, alike=np.zeros(len(paths), int))
    assert found.number == 5 and found.unit == "video"


def test_clips_look_alike_directly_or_over_others():
    angles = np.radians([0, 5, 10, 40, 45, 90, 180])
    embeddings = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32) * 7
    found = look_alikes.groups(embeddings, np.cos(np.radians(6)), 1)
    assert found[0] == found[1] == found[2] and found[3] == found[4] and len(set(found)) == 4


@given(st.lists(st.integers(0, 500), min_size=1, max_size=30))
def test_no_video_counts_more_than_the_others_together(clips):
    counted = weights.bounded(np.array(clips))
    assert (counted <= np.array(clips)).all() and ((counted > 0) == (np.array(clips) > 0)).all()
    videos = sum(number > 0 for number in clips)
    if videos >= 2:
        share = min(1 / 2, max(1 / 10, 2 / videos))
        assert counted.max() <= share * counted.sum() * (1 + 1e-9)
        assert (
            counted[np.array(clips) < counted.max() * (1 - 1e-9)] == [number for number in clips if number < counted.max() * (1 - 1e-9)]
        ).all()


def test_both_classes_count_the_same_and_a_large_video_is_bounded():
    labels = np.array([0] * 10 + [1] * 1000)
    videos = [f"p{index}" for index in range(10)] + ["large"] * 980 + [f"n{index}" for index in range(20)]
    found = weights.of_clips(labels, videos, "weight")
    assert found.mean() == pytest.approx(1) and found[labels == 0].sum() == pytest.approx(found[labels == 1].sum())
    assert found[10:990].sum() == pytest.approx(0.1 * found[10:].sum())
    assert (weights.of_clips(labels, videos, "none") == 1).all()


def _margins(clips, factor, positives=0.5):
    """Margins that are `factor` times as large as they should be, with labels, weights and folds."""
    truth = RANDOM.random(clips) < positives
    margins = RANDOM.normal(np.where(truth, 1.5, -1.5), np.sqrt(3))  # its logit is the margin itself: mean = variance / 2
    return margins * factor, np.where(truth, 0, 1), np.ones(clips), np.arange(clips) % 5


def test_scores_that_are_too_sure_are_calibrated():
    found = calibration.calibrate(*_margins(4000, 3), 0.5, True)
    assert found.temperature == pytest.approx(3, rel=0.1) and not found.reason


def test_no_temperature_is_fitted_where_it_would_not_help_or_on_few_clips():
    unchanged = calibration.calibrate(*_margins(400, 1), 0.5, True)
    assert (unchanged.temperature == 1) == bool(unchanged.reason)
    few = calibration.calibrate(*_margins(150, 3, positives=0.1), 0.5, True)
    assert few.temperature == 1 and "positive Training clips, and 50 are needed" in few.reason
    assert calibration.calibrate(*_margins(4000, 3), 0.5, False).temperature == 1


def test_a_temperature_that_holds_for_no_fold_is_left_out():
    """In each fold the scores are wrong in another way than in the others."""
    margins, labels, weight, fold = _margins(400, 1)
    margins[fold == 0] *= 20
    found = calibration.calibrate(margins, labels, weight, np.where(fold == 0, 0, 1), 0.5, True)
    assert found.temperature == 1 and "would not lower the log loss" in found.reason


@pytest.mark.parametrize("share", [0.1, 0.5, 0.8])
def test_scores_mean_what_they_say_for_the_stated_share_of_positives(share):
    margins, labels, weight, fold = _margins(20_000, 1)
    found = calibration.calibrate(margins, labels, weight, fold, share, True)
    p_positive = 1 / (1 + np.exp(-found.apply(margins)))
    truth = (labels == 0).astype(int)
    assert calibration.expected_calibration_error(truth, p_positive, calibration.weights_for(truth, share)) < 0.02
    assert np.average(p_positive, weights=calibration.weights_for(truth, share)) == pytest.approx(share, abs=0.02)
