"""Metrics and their intervals."""

import math

import numpy as np
import pytest
from meerkat.evaluate import intervals, metrics


def test_metrics_by_hand():
    truth, p = np.array([1, 1, 1, 0, 0]), np.array([0.9, 0.8, 0.2, 0.7, 0.1])
    result = intervals.with_intervals(truth, p, (p >= 0.5).astype(int), list("abcde"), 20, seed=1)
    value = {name: entry["value"] for name, entry in result.items()}
    assert value["accuracy"] == pytest.approx(3 / 5)
    assert value["recall"] == pytest.approx(2 / 3)
    assert value["specificity"] == pytest.approx(1 / 2)
    assert value["precision"] == pytest.approx(2 / 3)
    assert value["roc_auc"] == pytest.approx(5 / 6)
    assert value["brier"] == pytest.approx(np.mean((p - truth) ** 2))
    assert value["log_loss"] == pytest.approx(-np.mean(np.log(np.where(truth == 1, p, 1 - p))))
    assert metrics.confusion(truth, (p >= 0.5).astype(int)) == [[2, 1], [1, 1]]


def test_intervals_widen_when_clips_of_a_video_are_alike():
    truth, p = np.tile([1, 0], 100), np.tile([0.9, 0.1], 100)
    p = np.where(np.arange(200) // 20 % 4 == 0, 1 - p, p)  # whole videos go wrong
    videos = [str(index // 20) for index in range(200)]
    called = (p >= 0.5).astype(int)
    by_video = intervals.with_intervals(truth, p, called, videos, 200, 1)["accuracy"]
    by_clip = intervals.with_intervals(truth, p, called, list(map(str, range(200))), 200, 1)["accuracy"]
    assert by_video["high"] - by_video["low"] > 2 * (by_clip["high"] - by_clip["low"])


def test_a_metric_that_cannot_be_had_is_none_and_the_rest_is_there():
    truth, p = np.ones(4, int), np.array([0.9, 0.8, 0.7, 0.2])
    result = intervals.with_intervals(truth, p, (p >= 0.5).astype(int), list("aabb"), 20, seed=1)
    assert result["roc_auc"]["value"] is None and result["specificity"]["value"] is None
    assert math.isclose(result["recall"]["value"], 0.75)
