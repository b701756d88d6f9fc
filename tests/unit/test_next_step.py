"""What the report says to do next: the step whose lack costs most comes first."""

import pytest
from meerkat.report.next_step import next_step

GOOD = {"value": 0.95, "low": 0.9, "high": 0.98}
METRICS = {
    "estimate": {"clips": {"positive": 500, "negative": 1500}},
    "free_of_leaks": {},
    "sites": {"known": True, "new": {"videos": 9}},
    "operating_point": {"wanted_recall": 0.95, "reason": "too few"},
    "videos_with_positives": 30,
}


def _step(recall=GOOD, threshold=0.4, doubtful=0, check=None, **metrics):
    return next_step(METRICS | metrics, {"recall": recall, "threshold": threshold}, doubtful, check)


@pytest.mark.parametrize(
    "given, title",
    [
        ({}, "Use it"),
        ({"threshold": None, "recall": {"value": None, "low": None, "high": None}}, "Sort more animal clips"),
        ({"free_of_leaks": None}, "Sort clips for Testing"),
        ({"recall": {"value": None, "low": None, "high": None}}, "Sort clips for Testing"),
        ({"doubtful": 11}, "Look at some labels again"),
        ({"doubtful": 10}, "Use it"),
        ({"estimate": {"clips": {"positive": 50, "negative": 1500}}}, "Sort more animal clips"),
        ({"estimate": {"clips": {"positive": 500, "negative": 50}}, "doubtful": 100}, "Sort more clips of background"),
        ({"check": {"visits": 20, "no motion": 4, "scored below the threshold": 1}}, "Search for fainter motion"),
        ({"check": {"visits": 20, "no motion": 1, "scored below the threshold": 4}}, "Use it"),
        ({"recall": {"value": 0.85, "low": 0.8, "high": 0.9}}, "Lower the threshold"),
        # That fewer are kept than was wanted can be chance here, and a lower threshold costs hours of watching.
        ({"recall": {"value": 0.86, "low": 0.47, "high": 0.994}}, "Sort more videos for Testing"),
        ({"recall": {"value": 0.95, "low": 0.7, "high": 0.99}}, "Sort more videos for Testing"),
        ({"videos_with_positives": 5}, "Sort more videos for Testing"),
        ({"sites": {"known": True, "new": None}}, "Add videos of more sites"),
        ({"sites": {"known": False, "new": None}}, "Use it"),
    ],
)
def test_the_next_step_is_what_helps_most(given, title):
    assert _step(**given).title == title


def test_the_first_reason_counts_and_has_its_command():
    step = _step(free_of_leaks=None, doubtful=500)
    assert step.title == "Sort clips for Testing" and step.command == "python3 start.py sort mine.yaml"
    assert _step().command == "python3 start.py run mine.yaml annotate"
