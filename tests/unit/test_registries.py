"""Every metric and every figure that is registered does what it is registered for: a new one is tested by being there."""

import numpy as np
import pytest
from meerkat.evaluate import figures, intervals, metrics

RANDOM = np.random.default_rng(11)
TRUTH = RANDOM.integers(0, 2, 60)
SCORES = np.clip(0.35 * TRUTH + RANDOM.random(60) * 0.65, 0.01, 0.99)
VIDEOS = [f"cam{index % 12}" for index in range(60)]
ALL = metrics.METRICS | metrics.KEEPING


@pytest.mark.parametrize("name", ALL)
def test_a_metric_lies_in_its_interval_and_prefers_right_scores(name):
    metric = ALL[name]
    found = intervals.with_intervals(TRUTH, SCORES, (SCORES >= 0.5).astype(int), VIDEOS, 100, 1, {name: metric})[name]
    assert found["low"] <= found["value"] <= found["high"] and found["low"] < found["high"]
    assert [metric.share, metric.of_counts, metric.of_scores].count(None) == 2 and metric.title
    if metric.is_share:
        assert found["low"] >= 0 and found["high"] <= 1
    right = intervals.with_intervals(TRUTH, TRUTH * 0.98 + 0.01, TRUTH, VIDEOS, 100, 1, {name: metric})[name]["value"]
    best = {"higher": right > found["value"], "lower": right < found["value"], "": True}
    assert best[metric.better]
    if metric.is_share and metric.better:
        assert right == pytest.approx(float(metric.better == "higher"))


@pytest.mark.parametrize("name", ALL)
def test_a_metric_that_is_not_defined_says_why(name):
    empty = np.zeros(0, int)
    found = intervals.with_intervals(empty, empty * 1.0, empty, [], 20, 1, {name: ALL[name]})[name]
    assert found["value"] is None and found["reason"]


@pytest.mark.parametrize(
    "share, truth, called, reason",
    [
        (lambda tp, fn, fp, tn: (fp, fp + tn), [1, 1], [1, 0], "all clips are positive"),
        (lambda tp, fn, fp, tn: (tn, tn + fn), [1, 0], [1, 1], "all clips are called positive"),
        (lambda tp, fn, fp, tn: (fp, tp + fp), [1, 0], [0, 0], "no clip is called positive"),
        (lambda tp, fn, fp, tn: (fn, tp + fn), [0, 0], [0, 1], "all clips are negative"),
    ],
)
def test_a_share_of_nothing_says_what_there_is_none_of(share, truth, called, reason):
    metric = metrics.Metric("A share", share=share)
    found = intervals.with_intervals(np.array(truth), np.array(called) * 1.0, np.array(called), ["a", "b"], 20, 1, {"it": metric})
    assert found["it"] == {"value": None, "low": None, "high": None, "reason": reason}


def _data(truth, scores):
    point = {"name": "a rule", "threshold": 0.5, "recall": {"value": 0.9}, "review_rate": {"value": 0.5}, "precision": {"value": 0.8}}
    undefined = point | {"name": "no rule", "threshold": None}
    history = [{"step": step, "train_loss": 1 / step, "eval_loss": 1.1 / step} for step in (50, 100)]
    heads = [{"kept": history[1], "history": history}] * 2
    videos = np.array([f"cam{index % 12}" for index in range(len(truth))], object)
    return figures.Evaluated(
        truth,
        scores,
        videos,
        np.array([f"site{index % 3}" if index % 4 else "" for index in range(len(truth))], object),
        [point, undefined],
        heads,
        0.5,
    )


@pytest.mark.parametrize("name", figures.FIGURES)
@pytest.mark.parametrize(
    "data",
    [_data(TRUTH, SCORES), _data(np.ones(5, int), SCORES[:5]), _data(TRUTH[:5], np.full(5, np.nan))],
    ids=["scores", "one class", "no numbers"],
)
def test_a_figure_is_drawn_or_says_why_it_cannot_be(name, data, tmp_path):
    for copy in ("one.svg", "two.svg"):
        figures.draw(name, data, tmp_path / copy)
    picture = (tmp_path / "one.svg").read_bytes()
    assert b"<svg" in picture and picture == (tmp_path / "two.svg").read_bytes()
    assert figures.FIGURES[name].title and len(figures.FIGURES[name].caption.split()) > 5
