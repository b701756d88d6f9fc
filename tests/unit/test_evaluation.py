"""What the evaluation says: against independent computations, simulations, and inputs where it must say nothing."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from meerkat.evaluate import evaluation, intervals, metrics, operating_points
from meerkat.train import calibration
from scipy import stats


def _only(*names):
    return {name: metrics.METRICS[name] for name in names}


def _clips(number, videos, seed=0):
    random = np.random.default_rng(seed)
    truth = random.integers(0, 2, number)
    p_positive = 1 / (1 + np.exp(-random.normal(2 * truth - 1, 1.5)))
    return truth, p_positive, [f"cam{index}" for index in random.integers(0, videos, number)]


def test_metrics_agree_with_an_independent_computation():
    truth, p, videos = _clips(300, 12)
    called = (p >= 0.5).astype(int)
    found = intervals.with_intervals(truth, p, called, videos, 20, 1)
    tp, fp = np.sum(called & truth), np.sum(called & (1 - truth))
    fn, tn = np.sum((1 - called) & truth), np.sum((1 - called) & (1 - truth))
    pairs = p[truth == 1][:, None] - p[truth == 0][None]
    order = np.argsort(-p)
    precision_at = np.cumsum(truth[order]) / np.arange(1, len(p) + 1)
    expected = {
        "accuracy": (tp + tn) / 300,
        "balanced_accuracy": (tp / (tp + fn) + tn / (tn + fp)) / 2,
        "recall": tp / (tp + fn),
        "specificity": tn / (tn + fp),
        "precision": tp / (tp + fp),
        "f1": 2 * tp / (2 * tp + fp + fn),
        "roc_auc": np.mean(pairs > 0) + np.mean(pairs == 0) / 2,
        "average_precision": np.sum(precision_at * truth[order]) / truth.sum(),
        "log_loss": -np.mean(np.log(np.where(truth == 1, p, 1 - p))),
        "brier": np.mean((p - truth) ** 2),
    }
    assert {name: entry["value"] for name, entry in found.items()} == pytest.approx(expected)
    assert all(entry["low"] <= entry["value"] <= entry["high"] for entry in found.values())


def test_intervals_agree_with_a_bootstrap_that_repeats_the_drawn_clips():
    truth, p, videos = _clips(80, 6)
    called = (p >= 0.5).astype(int)
    found = intervals.with_intervals(truth, p, called, videos, 50, 7, {name: metrics.METRICS[name] for name in ("f1", "roc_auc")})
    names = sorted(set(videos))
    draws = np.random.default_rng(7).multinomial(len(names), np.full(len(names), 1 / len(names)), 50)
    replicates = []
    for draw in draws:
        rows = [row for name, times in zip(names, draw, strict=True) for row in [i for i, v in enumerate(videos) if v == name] * times]
        pairs = p[rows][truth[rows] == 1][:, None] - p[rows][truth[rows] == 0][None]
        true_positives = np.sum(truth[rows] & called[rows])
        f1 = 2 * true_positives / (truth[rows].sum() + called[rows].sum())
        replicates.append([f1, np.mean(pairs > 0)])
    # 6 videos: Student's t for 5 degrees of freedom is 2.571, times sqrt(6/5) 2.816; the normal tail beyond that is 0.00243.
    for entry, values in zip(found.values(), np.transpose(replicates), strict=True):
        assert [entry["low"], entry["high"]] == pytest.approx(np.quantile(values, [0.00243, 0.99757]), abs=1e-4)


@pytest.mark.parametrize("spread", [2.0, 20.0], ids=["videos differ much", "videos differ little"])
def test_intervals_hold_the_truth_in_about_95_of_100_cases_with_30_videos(spread):
    """Videos differ in how easy they are (beta distribution, mean 0.8); the true accuracy is that mean."""
    random = np.random.default_rng(5)
    hits, cases = 0, 200
    for case in range(cases):
        easy = random.beta(0.8 * spread, 0.2 * spread, 30)
        videos = np.repeat(np.arange(30), 8)
        truth = random.integers(0, 2, 240)
        called = np.where(random.random(240) < easy[videos], truth, 1 - truth)
        found = intervals.with_intervals(truth, called * 1.0, called, videos, 100, case, {"accuracy": metrics.METRICS["accuracy"]})[
            "accuracy"
        ]
        hits += found["low"] <= 0.8 <= found["high"]
    assert 0.90 <= hits / cases <= 0.98


def test_the_interval_of_a_share_by_hand():
    """Ten videos of 10 positives, of which 9 videos are found whole and one not at all: 10 videos tell it, not 100 clips."""
    truth, videos = np.ones(100, int), np.repeat(np.arange(10), 10)
    called = (videos > 0).astype(int)
    found = intervals.with_intervals(truth, called * 0.9, called, videos, 20, 1, {"recall": metrics.METRICS["recall"]})["recall"]
    # Variance 10/9 * sum((y - 0.9 n)^2) / 100^2 = 0.01, so 9 clips would tell as much; Student's t: 1.984 for 99, 2.262 for 9.
    number = 9 * (1.98422 / 2.26216) ** 2
    wanted = stats.beta.ppf(0.025, 0.9 * number, 0.1 * number + 1), stats.beta.ppf(0.975, 0.9 * number + 1, 0.1 * number)
    assert (found["low"], found["high"]) == pytest.approx(wanted, abs=1e-4)


def test_a_few_errors_do_not_make_an_interval_narrow():
    """The videos differ much at other thresholds, and at this one only one clip is lost."""
    random = np.random.default_rng(2)
    videos = np.repeat(np.arange(40), 10)
    scores = random.random(40)[videos] * 0.8 + 0.1 + random.normal(0, 0.01, 400)
    truth = np.ones(400, int)
    called = (scores > np.sort(scores)[1]).astype(int)
    found = intervals.with_intervals(truth, scores, called, videos, 20, 1, {"recall": metrics.METRICS["recall"]})["recall"]
    assert found["value"] > 0.99 and found["low"] < 0.95


def test_a_perfect_share_is_not_called_certain():
    truth, videos = np.array([1, 1, 1, 0] * 5), np.repeat(list("abcde"), 4)
    found = intervals.with_intervals(truth, truth * 0.9, truth, videos, 50, 1)
    assert found["recall"]["value"] == found["recall"]["high"] == 1
    # Exact (Clopper and Pearson) for 5 of 5: 0.478.
    assert found["recall"]["low"] == pytest.approx(0.478, abs=0.001)


NEGATIVES_ONLY = {"recall", "precision", "f1", "balanced_accuracy", "roc_auc", "average_precision"}
UNDEFINED = {
    "negatives only": (np.zeros(6, int), np.linspace(0, 0.4, 6), NEGATIVES_ONLY),
    "positives only": (np.ones(6, int), np.linspace(0.5, 1, 6), {"specificity", "balanced_accuracy", "roc_auc", "average_precision"}),
    "no numbers": (np.array([1, 0] * 3), np.full(6, np.nan), {"roc_auc", "average_precision", "log_loss", "brier", "precision"}),
    "nothing called": (np.array([1, 0] * 3), np.full(6, 0.1), {"precision"}),
    "all equal": (np.array([1, 0] * 3), np.full(6, 0.5), set()),
    "no clip": (np.zeros(0, int), np.zeros(0), set(metrics.METRICS)),
}


@pytest.mark.parametrize("truth, p, undefined", UNDEFINED.values(), ids=UNDEFINED)
def test_what_is_not_defined_is_none_with_a_reason_and_the_rest_is_there(truth, p, undefined):
    found = intervals.with_intervals(truth, p, (p >= 0.5).astype(int), ["a", "b", "c", "a", "b", "c"][: len(p)], 20, 1)
    assert {name for name, entry in found.items() if entry["value"] is None} == undefined
    for entry in found.values():
        assert (entry["value"] is None) == ("reason" in entry)
        assert entry["value"] is not None or entry["low"] is entry["high"] is None


def test_one_video_gives_no_interval():
    truth, p, _ = _clips(20, 1)
    found = intervals.with_intervals(truth, p, (p >= 0.5).astype(int), ["a"] * 20, 20, 1)
    assert found["accuracy"]["value"] is not None and found["accuracy"]["low"] is None


@given(
    st.lists(st.tuples(st.integers(0, 1), st.floats(0, 1, width=32)), min_size=1, max_size=50), st.sampled_from([0.5, 0.9, 0.95, 0.99, 1.0])
)
def test_a_threshold_reaches_the_wanted_recall_and_no_higher_one_does(clips, wanted):
    truth, p = np.array([label for label, _ in clips]), np.array([score for _, score in clips], np.float32)
    rule = operating_points.rules(truth, p, [wanted])[-1]
    if not truth.any():
        assert rule.threshold is None and rule.reason
        return
    assert np.mean(p[truth == 1] >= rule.threshold) >= wanted
    higher = p[p > rule.threshold]
    assert not higher.size or np.mean(p[truth == 1] >= higher.min()) < wanted


def test_the_temperature_of_scores_that_are_too_sure_is_found():
    random = np.random.default_rng(3)
    margins = random.normal(0, 2, 20_000)
    truth = (random.random(20_000) < 1 / (1 + np.exp(-margins))).astype(int)
    assert calibration.fit_temperature(margins * 3, truth, np.ones(20_000)) == pytest.approx(3, rel=0.05)
    assert calibration.fit_temperature(margins / 2, truth, np.ones(20_000)) == pytest.approx(0.5, rel=0.05)


def test_a_small_set_that_is_separated_perfectly_makes_nothing_certain():
    margins, truth = np.array([-5.0, -4, 4, 5]), np.array([0, 0, 1, 1])
    assert 1 / (1 + np.exp(-5 / calibration.fit_temperature(margins, truth, np.ones(4)))) < 0.9


def test_expected_calibration_error_by_hand():
    truth, p = np.array([1, 0, 1, 1]), np.array([0.9, 0.9, 0.2, 0.21])
    # Steps of 1/15: {0.9, 0.9} has mean 0.9 and share 0.5; {0.2} is in step 3, as is 0.21: mean 0.205, share 1.
    assert calibration.expected_calibration_error(truth, p, np.ones(4)) == pytest.approx(0.5 * 0.4 + 0.5 * 0.795)


def test_the_table_of_videos():
    clips = evaluation.Scored(np.array([1, 1, 0, 0]), np.array([0.9, 0.2, 0.8, 0.1]), np.array(["a", "a", "a", "b"], object))
    table = evaluation.by_video(clips, 0.5).set_index("video")
    assert table.loc["a"].to_dict() == {"clips": 3, "positives": 2, "found": 1, "recall": 0.5, "negatives": 1, "false_alarms": 1}
    assert np.isnan(table.loc["b", "recall"])


def test_few_videos_and_few_positives_are_warned_of():
    clips = evaluation.Scored(np.array([1, 0]), np.array([0.9, 0.1]), np.array(["a", "b"], object))
    result = evaluation.describe(clips, [], 20, 1)
    result |= {"free_of_leaks": result, "near_duplicates": 0, "sites": {"known": 0, "new": None, "seen": None}}
    result |= {"estimate": {"clips": {"positive": 15, "negative": 400}, "unit": "video"}}
    few_videos, few_positives = evaluation.warnings(result, "", [0.9, 0.95])
    assert "few videos (2, 1 of them with animal clips)" in few_videos
    assert "a recall of 0.95 rest on 15 animal clips of Training" in few_positives


def test_the_class_that_is_short_is_named():
    clips = evaluation.Scored(np.tile([1, 0], 20), np.tile([0.9, 0.1], 20), np.arange(40).astype(str).astype(object))
    result = evaluation.describe(clips, [], 20, 1)
    result |= {"free_of_leaks": result, "near_duplicates": 0, "sites": {"known": 0, "new": None, "seen": None}}
    result |= {"estimate": {"clips": {"positive": 3850, "negative": 30}, "unit": "video"}}
    (short,) = evaluation.warnings(result, "", [0.9, 0.95])
    assert short.startswith("Training has 30 negative clips. Add negative ones")


def test_testing_clips_of_known_sites_only_are_warned_of():
    clips = evaluation.Scored(np.tile([1, 0], 20), np.tile([0.9, 0.1], 20), np.arange(40).astype(str).astype(object))
    result = evaluation.describe(clips, [], 20, 1)
    result |= {"free_of_leaks": result, "near_duplicates": 0, "sites": {"known": 40, "new": None, "seen": result}}
    for unit, told in [("site", "The estimate from cross-fitting is for new sites"), ("video", "Test on clips of other sites")]:
        result |= {"estimate": {"clips": {"positive": 100, "negative": 100}, "unit": unit}}
        (warning,) = evaluation.warnings(result, "", [0.9])
        assert warning.startswith("All Testing clips are of sites that are also in Training") and told in warning


def test_two_videos_with_a_class_each_have_no_interval_of_the_area():
    truth, p_positive = np.array([1] * 5 + [0] * 5), np.linspace(1, 0, 10)
    found = intervals.with_intervals(truth, p_positive, truth, ["a"] * 5 + ["b"] * 5, 200, 1, {"roc_auc": metrics.METRICS["roc_auc"]})
    assert found["roc_auc"]["value"] == 1 and found["roc_auc"]["low"] < 1
    p_positive[[4, 5]] = p_positive[[5, 4]]
    found = intervals.with_intervals(truth, p_positive, truth, ["a"] * 5 + ["b"] * 5, 200, 1, {"roc_auc": metrics.METRICS["roc_auc"]})
    assert found["roc_auc"]["value"] == pytest.approx(0.96) and found["roc_auc"]["low"] is None
