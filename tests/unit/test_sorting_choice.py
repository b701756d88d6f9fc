"""Which cards are asked for, which lie on one pile, and when the answers are enough."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from meerkat.data.labels import NEGATIVE, POSITIVE
from meerkat.sorting import enough, sides
from meerkat.sorting.agreement import agreement
from meerkat.sorting.choice import Choice, Chooser
from sorting_place import WIDTH, clouds


def _chooser(embeddings, videos=None, sites=None, boxes=None):
    number = len(embeddings)
    boxes = np.zeros((number, 4)) if boxes is None else np.array(boxes, float)
    return Chooser(embeddings, videos or [f"film{card}" for card in range(number)], sites or [""] * number, boxes, 1)


def _class(card, number):
    return POSITIVE if card < number / 2 else NEGATIVE


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 60), st.integers(1, 30), st.integers(0, 12))
def test_cards_that_are_asked_for_are_different_candidates(number, wanted, known):
    labels = {card: _class(card, 60) for card in np.random.default_rng(2).permutation(60)[:known].tolist()}
    candidates = [card for card in range(number) if card not in labels]
    found = [choice.card for choice in _chooser(clouds(60)).next(labels, candidates, wanted)]
    assert len(found) == len(set(found)) == min(wanted, len(candidates)) and set(found) <= set(candidates)


def test_the_least_certain_cards_are_asked_for_once_both_classes_are_known_and_some_by_chance():
    embeddings = clouds(400)
    labels = {card: _class(card, 400) for card in [*range(20), *range(380, 400)]}
    found = _chooser(embeddings).next(labels, range(20, 380), 24)
    certainty = np.abs(embeddings.astype(float).sum(axis=1))
    chosen = [choice.card for choice in found if not choice.by_chance]
    assert len(chosen) == 22 and certainty[chosen].mean() < 0.6 * certainty[20:380].mean()
    unsure = [abs(choice.p_positive - 0.5) for choice in found if not choice.by_chance]
    drawn = [abs(choice.p_positive - 0.5) for choice in found if choice.by_chance]
    assert len(drawn) == 2 and np.mean(drawn) > np.mean(unsure)  # most cards are surer than those that are chosen


def test_the_first_cards_differ_from_each_other():
    embeddings = np.zeros((60, WIDTH), np.float16)
    embeddings[:, 0] = 1
    embeddings[:WIDTH] = np.eye(WIDTH)  # all others look the same
    found = [choice.card for choice in _chooser(embeddings).next({}, range(60), WIDTH)]
    assert len(set(found) & set(range(WIDTH))) >= WIDTH - 1


def test_the_first_cards_are_of_all_sites_and_of_many_videos():
    number = 4000  # most of them of one film at one site
    videos = ["busy" if card < 3900 else f"film{card}" for card in range(number)]
    sites = ["river" if card < 3950 else f"site{card % 5}" for card in range(number)]
    found = [choice.card for choice in _chooser(clouds(number), videos, sites).next({}, range(number), 12)]
    assert sum(videos[card] == "busy" for card in found) <= 6 and len({sites[card] for card in found}) >= 4


def test_what_looks_alike_at_one_place_of_a_site_lies_on_one_pile_across_films():
    branch, deer = np.eye(WIDTH, dtype=np.float16)[:2]
    embeddings = np.array([branch, branch, branch, branch, branch, deer] * 4)
    there, beside = [100, 100, 50, 50], [135, 100, 50, 50]  # these overlap by a sixth
    boxes = [there, [105, 100, 50, 50], beside, there, there, there] * 4
    sites = ["creek", "creek", "creek", "hill", "", "creek"] * 4
    chooser = _chooser(embeddings, sites=sites, boxes=boxes)  # each card is of a film of its own
    is_open = np.ones(24, bool)
    is_open[6] = False  # for Testing, or sorted already
    piles = {card: pile for card in (0, 2, 3, 4, 5) for _, pile in chooser.piles([Choice(card, None, False)], is_open.copy())}
    assert sorted(piles[0]) == [0, 1, 7, 12, 13, 18, 19]
    assert sorted(piles[2]) == [2, 8, 14, 20] and sorted(piles[3]) == [3, 9, 15, 21] and sorted(piles[5]) == [5, 11, 17, 23]
    assert piles[4] == [4]  # its site is unknown
    assert chooser.distinct(range(24)) == [0, 2, 3, 4, 5, 10, 16, 22]


def test_look_alikes_of_a_video_lie_on_one_pile():
    rows = np.repeat(np.eye(WIDTH), 5, axis=0) + np.random.default_rng(1).normal(scale=0.01, size=(5 * WIDTH, WIDTH))
    videos = ["one" if card % 5 < 4 else "two" for card in range(len(rows))]
    chooser, is_open = _chooser(rows, videos), np.ones(len(rows), bool)
    is_open[7] = False
    by_card = {choice.card: sorted(pile) for choice, pile in chooser.piles([Choice(card, None, card == 10) for card in range(12)], is_open)}
    assert by_card[5] == [5, 6, 8] and by_card[4] == [4] and by_card[9] == [9]  # the others of its kind are of another film
    assert by_card[10] == [10] and by_card[11] == [11, 12, 13]  # what is drawn by chance lies alone
    assert sum(map(len, by_card.values())) == 4 + 1 + 3 + 1 + 1 + 3 and not is_open[:14].any()
    assert chooser.distinct([9, 6, 5, 0, 8]) == [9, 6, 0] and chooser.distinct([]) == []


def test_about_a_fifth_of_the_videos_is_for_testing_and_stays_so():
    videos = [f"film{number}" for number in range(1000)]
    drawn = {video for video in videos if sides.split_of(video, 1) == "eval"}
    assert 150 < len(drawn) < 250
    assert drawn != {video for video in videos if sides.split_of(video, 2) == "eval"}


def test_answers_are_enough_when_the_last_ones_change_nothing():
    embeddings = clouds(2000)
    order = np.random.default_rng(3).permutation(2000)[:200]
    positive = order < 1000
    found = enough.changes(embeddings[order].astype(np.float32), positive, embeddings.astype(np.float32), 1)
    assert [change.labels for change in found] == [80, 120, 160, 200] and enough.is_enough(found)
    noise = np.random.default_rng(4).normal(size=(2000, 500)).astype(np.float32)  # nothing in it tells the classes apart
    assert not enough.is_enough(enough.changes(noise[order], positive, noise, 1))
    assert enough.changes(embeddings[:40], np.ones(40, bool), embeddings, 1) == [] and not enough.is_enough([])


def test_kappa_is_that_of_a_known_table():
    # 20 both, 5 first only, 10 second only, 15 none: kappa is 0.4 (the example of Wikipedia's article on Cohen's kappa)
    first = ["yes"] * 25 + ["no"] * 25
    second = ["yes"] * 20 + ["no"] * 5 + ["yes"] * 10 + ["no"] * 15
    found = agreement(first, second, 1)
    assert (found.number, found.alike) == (50, 35) and found.kappa == pytest.approx(0.4)
    # The interval of Fleiss, Cohen and Everitt (1969) is 0.15 to 0.65.
    assert found.low == pytest.approx(0.15, abs=0.03) and found.high == pytest.approx(0.65, abs=0.03)
    assert agreement(["yes"] * 5, ["yes"] * 5, 1).kappa is None and agreement([], [], 1).number == 0
