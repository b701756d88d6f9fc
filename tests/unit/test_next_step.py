"""What the page for sorting and the report say to do next: the step whose lack costs most comes first, and the two agree."""

from itertools import product

import pytest
from meerkat.advice.next_step import SORT, animals_needed, next_step
from meerkat.advice.situation import Sorting, Trained, read_sorting

GOOD = {"value": 0.95, "low": 0.9, "high": 0.98}
WIDE = {"value": 0.95, "low": 0.7, "high": 0.99}
UNKNOWN = {"value": None, "low": None, "high": None}
DONE = Sorting(is_settled=True, training_left=400, testing=200, testing_left=90, animals=80, videos=30, needed=73)
ALL_SORTED = DONE._replace(training_left=0, testing_left=0)
RUN = "python3 start.py run mine.yaml"


def _trained(recall=GOOD, threshold=0.4, doubtful=0, check=None, is_outdated=False, clips=(500, 1500), **changed):
    point = {"wanted_recall": 0.95, "recall": recall, "threshold": threshold}
    metrics = {
        "clips": {},
        "estimate": {"clips": dict(zip(("positive", "negative"), clips, strict=True))},
        "free_of_leaks": {"clips": {}},
        "operating_points": [point],
        "sites": {"known": True, "new": {"videos": 9}},
        "operating_point": {"wanted_recall": 0.95, "reason": "too few"},
        "videos_with_positives": 30,
    }
    return Trained(metrics | changed, doubtful, check, is_outdated)


@pytest.mark.parametrize(
    "given, title",
    [
        ({}, "Use it"),
        ({"threshold": None, "recall": UNKNOWN}, "Sort more animals"),
        ({"free_of_leaks": None}, "Sort more videos for Testing"),
        ({"recall": UNKNOWN}, "Sort more videos for Testing"),
        ({"doubtful": 11}, "Look at some labels again"),
        ({"doubtful": 10}, "Use it"),
        ({"clips": (50, 1500)}, "Sort more animals"),
        ({"clips": (500, 50), "doubtful": 100}, "Sort more background"),
        ({"check": {"visits": 20, "no motion": 4, "scored below the threshold": 1}}, "Search for fainter motion"),
        ({"check": {"visits": 20, "no motion": 1, "scored below the threshold": 4}}, "Use it"),
        ({"recall": {"value": 0.85, "low": 0.8, "high": 0.9}}, "Lower the threshold"),
        # That fewer are kept than was wanted can be chance here, and a lower threshold costs hours of watching.
        ({"recall": {"value": 0.86, "low": 0.47, "high": 0.994}}, "Sort more videos for Testing"),
        ({"recall": WIDE}, "Sort more videos for Testing"),
        ({"videos_with_positives": 5}, "Sort more videos for Testing"),
        ({"sites": {"known": True, "new": None}}, "Sort more videos of other sites"),
        ({"sites": {"known": False, "new": None}}, "Use it"),
    ],
)
def test_the_next_step_is_what_helps_most_if_clips_were_sorted_by_hand(given, title):
    assert next_step(None, _trained(**given)).title == title


@pytest.mark.parametrize(
    "sorting, trained, title",
    [
        (DONE._replace(is_settled=None), None, "Sort Training"),
        (DONE._replace(is_settled=False), None, "Sort Training"),
        (DONE._replace(is_settled=False), {}, "Sort Training"),
        (DONE._replace(is_settled=None, training_left=0), None, "Train"),
        (DONE._replace(animals=3), None, "Sort Testing"),
        (DONE._replace(videos=3), None, "Sort Testing"),
        (DONE._replace(animals=3, testing_left=9), None, "Sort Testing"),
        (DONE._replace(animals=3, testing_left=0), None, "Train"),  # a model first, even if its test is weak
        (ALL_SORTED._replace(testing=0, animals=0), None, "Add films or stills"),
        (DONE, None, "Train"),
        (DONE, {"is_outdated": True, "doubtful": 100, "threshold": None}, "Train"),
        (DONE, {}, "Use it"),
        # The page has seen that more answers change little, so 154 clips of background are enough.
        (DONE, {"clips": (500, 154)}, "Use it"),
        (ALL_SORTED._replace(is_settled=None), {"clips": (500, 154)}, "Add films or stills of background"),
        (ALL_SORTED._replace(is_settled=False), {"clips": (50, 154)}, "Add films or stills with animals"),
        (ALL_SORTED, {"recall": UNKNOWN}, "Add films or stills with animals"),
        (DONE, {"recall": WIDE}, "Sort more videos for Testing"),
        (ALL_SORTED, {"recall": WIDE}, "Add films or stills with animals"),
        # Until enough videos are sorted, the first answer after a training does not send back to training.
        (DONE, {"recall": WIDE, "is_outdated": True}, "Sort Testing"),
        (DONE._replace(videos=64), {"recall": WIDE, "is_outdated": True}, "Train"),
        (DONE._replace(animals=60), {"is_outdated": True}, "Train"),  # the last test was good enough
        (ALL_SORTED, {"sites": {"known": True, "new": None}}, "Add films or stills of other sites"),
        (DONE, {"doubtful": 11}, "Look at some labels again"),
    ],
)
def test_the_page_and_the_report_say_the_same(sorting, trained, title, tmp_path):
    trained = None if trained is None else _trained(**trained)
    assert next_step(sorting, trained).title == title
    sorting.write(tmp_path / "state.json")  # so the page leaves it for the report
    assert next_step(read_sorting(tmp_path / "state.json"), trained) == next_step(sorting, trained)


def test_nobody_is_sent_to_sort_what_is_not_there_and_every_step_says_how():
    results = [{}, {"recall": WIDE}, {"recall": UNKNOWN}, {"threshold": None}, {"clips": (5, 5)}, {"videos_with_positives": 1}]
    for settled, first, second, outdated, found in product((None, False, True), (0, 9), (0, 9), (False, True), [None, *results]):
        sorting = DONE._replace(is_settled=settled, training_left=first, testing_left=second, animals=20)
        step = next_step(sorting, None if found is None else _trained(is_outdated=outdated, **found))
        assert first or second or not step.title.startswith("Sort"), (sorting, found, step)
        assert step.command or step.link or step.title.startswith("Add films or stills"), step


def test_the_reasons_are_true_of_the_season():
    first = next_step(DONE._replace(animals=3), None).reason
    assert first == "73 passages with an animal, from 10 videos or more, show how good the model is. So far there are 3, from 30 videos."
    assert "The 9 passages that are left" in next_step(DONE._replace(animals=3, testing_left=9), None).reason
    only_training_left = DONE._replace(testing_left=0)
    assert next_step(only_training_left, _trained(recall=WIDE)).reason.endswith("All passages of Testing are sorted.")


def test_commands_are_those_of_the_readme():
    assert next_step(None, _trained(free_of_leaks=None, doubtful=500)).command == SORT == "python3 start.py sort mine.yaml"
    assert next_step(None, _trained()).command == f"{RUN} annotate" and next_step(DONE, None).command == RUN


def test_as_many_animals_are_needed_as_the_interval_asks():
    assert animals_needed(0.95) == animals_needed(0.999) == 73 and animals_needed(0.5) == 385


def test_a_damaged_state_is_as_none(tmp_path):
    for text in ("{torn", "[]", '{"old": 1}'):
        (tmp_path / "state.json").write_text(text)
        assert read_sorting(tmp_path / "state.json") is None
