"""The audit: moments drawn by chance, what people see in them, and the estimate of how many visits are missed."""

from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some
from meerkat.audit import looks
from meerkat.audit.auditor import Auditor, Marks, draw_new_films
from meerkat.audit.draws import Drawn, Draws
from meerkat.audit.estimate import Looked, Stratum, estimate
from meerkat.audit.looks import NO, UNSURE, YES, Looks
from meerkat.audit.sample import Sample
from meerkat.audit.seen import Counts, finder
from meerkat.audit.strata import NEAR, REST, STRATA, VISIT, highest_score, spread, stratum_of
from meerkat.audit.threshold import keeping
from meerkat.video.boxes import Box
from meerkat.video.moments import LONGEST, Moment, moments_of
from meerkat.visits import truth
from meerkat.visits.passages import Passage
from meerkat.visits.truth import Span

PAUSE, THRESHOLD = 30.0, 0.5


class AuditedFilm(NamedTuple):
    film: str
    video: str
    site: str
    start: str
    decoded: tuple
    passages: list
    stills: tuple = ()


def _passage(track, begin, end, score, visit=None):
    return Passage(track, begin, end, score, f"{track}.jpg", 1, Box(0, 0, 9, 9), visit, visit)


@given(some.floats(0, 1e5), some.floats(0.1, 1e5))
def test_moments_cover_a_film_without_gaps_and_none_is_too_long(first, length):
    found = moments_of("film", "video", first, first + length)
    assert [one.begin for one in found[1:]] == [one.end for one in found[:-1]]
    assert found[0].begin == pytest.approx(first, abs=0.001) and found[-1].end == pytest.approx(first + length, abs=0.001)
    assert all(0 < one.end - one.begin <= LONGEST + 0.002 for one in found if length > 0.01)


@given(some.lists(some.integers(0, 5), max_size=60), some.integers(0, 1000))
def test_an_order_contains_each_thing_once(keys, seed):
    assert sorted(spread([(key,) for key in keys], seed)) == list(range(len(keys)))


def test_each_beginning_of_an_order_is_spread_and_each_thing_has_the_same_chance():
    sites = [(place // 100,) for place in range(1000)]
    for seed in range(20):
        counts = np.bincount([sites[place][0] for place in spread(sites, seed)[:50]], minlength=10)
        assert counts.min() >= 3 and counts.max() <= 7
    first = np.bincount([place // 10 for seed in range(400) for place in spread(sites, seed)[:20]], minlength=100)
    assert first.mean() == 80 and abs(first - 80).max() < 45


def test_a_visit_counts_where_it_begins_and_pauses_do_not_divide_it():
    passages = [_passage(1, 20, 30, 0.9, 1), _passage(2, 70, 80, 0.1)]
    found_in = finder({"film": passages}, PAUSE)
    found = found_in(Moment("film", "video", 0, 120))
    assert found.has_visit and found.has_room
    assert found.compare([Span(25, 28)]) == Counts(1, 0, 0, 0)
    assert found.compare([Span(58, 60)]) == Counts(1, 0, 0, 0)  # within the pause: the same visit
    assert found.compare([Span(65, 75)]) == Counts(0, 1, 0, 1)
    assert found.compare([Span(100, 110)]) == Counts(0, 0, 1, 1)
    assert found.compare([]) == Counts(0, 0, 0, 1)
    later = found_in(Moment("film", "video", 120, 240))
    assert not later.has_visit and later.compare([Span(118, 125)]) == Counts(0, 0, 0, 0)
    film = found_in(Moment("film", "video", 0, 58))
    assert film.has_visit and not film.has_room


def test_strata_follow_the_highest_score_in_the_moment():
    moment = Moment("film", "video", 0, 30)
    assert stratum_of(True, highest_score([], moment), THRESHOLD) == VISIT
    assert stratum_of(False, highest_score([_passage(1, 5, 6, 0.2)], moment), THRESHOLD) == NEAR
    assert stratum_of(False, highest_score([_passage(1, 5, 6, 0.1), _passage(2, 40, 50, 0.4)], moment), THRESHOLD) == REST


def _stratum(moments, found, missed, with_visit=True, unsure=0):
    looked = [Looked(Counts(one, other, 0, 0), with_visit, True) for one, other in zip(found, missed, strict=True)]
    looked += [Looked(None, with_visit, True)] * unsure
    return Stratum(moments if with_visit else 0, moments, looked)


def test_when_everything_was_looked_at_nothing_is_uncertain():
    known = estimate([_stratum(4, [1, 1, 2, 0], [0, 0, 0, 1])], 1)
    assert tuple(known.share) == (0.8, 0.8, 0.8) and tuple(known.below) == (1, 1, 1)


def test_nothing_is_known_without_looks_and_unsure_ones_widen_the_interval_in_both_directions():
    none = estimate([_stratum(100, [], [])], 1)
    assert none.share.value is None and none.share.low < 0.05 and none.share.high > 0.95
    sure, unsure = (estimate([_stratum(60, [1] * 30, [0] * 27 + [1] * 3, unsure=number)], 1).share for number in (0, 6))
    assert unsure.low < sure.low - 0.05 and unsure.value == pytest.approx(sure.value, abs=0.02)


@given(some.lists(some.tuples(some.integers(0, 9), some.integers(0, 9), some.integers(0, 4), some.booleans()), min_size=1, max_size=4))
def test_the_share_lies_in_its_interval_whatever_was_unsure(strata):
    made = [
        _stratum(found + missed + unsure, [1] * found + [0] * missed, [0] * found + [1] * missed, with_visit, unsure)
        for found, missed, unsure, with_visit in strata
    ]
    share = estimate(made, 1).share
    assert share.value is None or share.low <= share.value <= share.high


def test_all_was_looked_at_and_the_unsure_ones_may_all_have_been_found():
    share = estimate([_stratum(17, [1] * 14, [0] * 14, unsure=3), _stratum(5, [0] * 5, [1] + [0] * 4, with_visit=False)], 1).share
    assert share.high == pytest.approx(17 / 18) and share.low == pytest.approx(14 / 18) and share.low < share.value <= share.high


def test_where_a_person_was_unsure_a_visit_may_be_found_or_false():
    looked = [Looked(Counts(1, 0, 0, 0), True, True)] * 3 + [Looked(Counts(0, 0, 0, 1), True, True)] * 2 + [Looked(None, True, True)] * 2
    known = estimate([Stratum(7, 7, looked)], 1)
    assert (known.false.low, known.false.high) == (2, 4) and known.false.value == pytest.approx(2.8)
    assert (known.found.low, known.found.high) == (3, 5) and known.found.value == pytest.approx(4.2)


def test_with_no_hit_as_many_may_be_missed_as_the_rule_of_three_allows():
    strata = [_stratum(100, [1] * 50, [0] * 50), _stratum(1000, [0] * 100, [0] * 100, with_visit=False)]
    found = estimate(strata, 1)
    assert found.below.value == 0 and found.below.low == 0 and 20 < found.below.high < 60
    assert found.share.value == 1 and found.share.high == 1 and 0.7 < found.share.low < 0.88


def test_intervals_hold_the_truth():
    random, held = np.random.default_rng(1), 0
    for _ in range(150):
        visit, missed = random.random(200) < 0.9, random.random(800) < 0.02
        strata = [_stratum(200, visit[:40], visit[:40] * 0), _stratum(800, missed[:120] * 0, missed[:120], with_visit=False)]
        strata[0] = Stratum(200, 0, [Looked(look.compared, True, False) for look in strata[0].looks])
        share = estimate(strata, 1).share
        held += share.low <= visit.sum() / (visit.sum() + missed.sum()) <= share.high
    assert 138 <= held <= 150


def _season(random):
    """400 films of 30 s: the passages and visits of each. Visits are found, score too low, or do not move; some films without one have a
    false visit."""
    passages, seen = {}, {}
    for number in range(400):
        film, begin = f"film{number}", random.uniform(0, 20)
        passages[film], seen[film] = [], []
        if random.random() < 0.5:
            seen[film].append(Span(begin, begin + 8))
            if (what := random.choice(3, p=[0.85, 0.1, 0.05])) < 2:
                passages[film].append(_passage(1, begin + 2, begin + 6, (0.9, 0.3)[what], (1, None)[what]))
        elif random.random() < 0.2:
            passages[film].append(_passage(1, begin, begin + 3, 0.6, 1))
    return passages, seen


def test_the_audit_agrees_with_a_check_of_films_that_were_watched_as_a_whole():
    agree = 0
    for seed in range(20):
        random = np.random.default_rng(seed)
        passages, seen = _season(random)
        outcomes = [truth.outcome(span, Span(0, 30), passages[film]) for film, spans in seen.items() for span in spans]
        checked = outcomes.count(truth.FOUND) / len(outcomes)
        found_in = finder(passages, PAUSE)
        strata = {name: [] for name in STRATA}
        for film, of_film in passages.items():
            moment = Moment(film, "", 0, 30)
            strata[stratum_of(found_in(moment).has_visit, highest_score(of_film, moment), THRESHOLD)].append(moment)
        orders = {name: spread([(0,)] * len(members), seed) for name, members in strata.items() if members}
        drawn = [
            Drawn("", seed, THRESHOLD, strata[name][place], name, rank, len(order))
            for name, order in orders.items()
            for rank, place in enumerate(order, 1)
        ]
        sample = Sample(drawn, found_in)

        def look(one, sample=sample, seen=seen):
            spans = seen[one.moment.film]
            sample.note(looks.key_of(one), looks.Look("", one.moment, YES if spans else NO, tuple(spans)))

        for _ in range(150):
            look(sample.upcoming(1)[0])
        agree += sample.estimate().share.low <= checked <= sample.estimate().share.high
        for one in drawn:
            look(one)
        everything = sample.estimate()
        assert everything.share == pytest.approx((checked,) * 3)
        assert everything.below.value == pytest.approx(outcomes.count(truth.BELOW))
        assert everything.unmoved.value == pytest.approx(outcomes.count(truth.NO_MOTION))
    assert agree >= 18


def _films(number, score=0.9):
    passages = [[_passage(1, 5, 9, score, 1)] if place % 3 == 0 else [] for place in range(number)]
    return [AuditedFilm(f"id{place}", f"film{place}", "creek", "2024-05-17 06:29", (0.0, 30.0), own) for place, own in enumerate(passages)]


def _auditor(folder, films, person="ann"):
    drawn = Draws(folder / "draws.csv")
    new = draw_new_films(drawn, films, THRESHOLD, PAUSE, 1)
    return Auditor(films, drawn, Looks(folder / "looks.csv"), person, PAUSE, 0.05), new


def test_answers_are_kept_and_films_are_drawn_once(tmp_path):
    auditor, new = _auditor(tmp_path, _films(30))
    table = (tmp_path / "draws.csv").read_bytes()
    assert new == 30 and auditor.state()["share"]["value"] is None
    asked = []
    for _ in range(12):
        drawn = auditor.upcoming(1)[0]
        asked.append(drawn.moment.film)
        is_visit = drawn.stratum == VISIT
        auditor.answer(drawn, YES if is_visit else NO, Marks([2, 3], [], []))
    state = auditor.state()
    assert len(set(asked)) == 12 and state["looks"] == 12 and state["share"]["value"] == 1
    again, new = _auditor(tmp_path, _films(30))
    assert new == 0 and again.state() == state and (tmp_path / "draws.csv").read_bytes() == table
    assert again.undo()[0].moment.film == asked[-1] and again.state()["looks"] == 11
    assert _auditor(tmp_path, _films(30), "ben")[0].undo() is None
    more, new = _auditor(tmp_path, _films(40))
    assert new == 10 and more.state()["moments"] == 40 and (tmp_path / "draws.csv").read_bytes().startswith(table)
    fewer, new = _auditor(tmp_path, _films(12))
    assert new == 0 and fewer.state()["moments"] == 12


def test_a_draw_saved_by_a_spreadsheet_is_not_drawn_again(tmp_path):
    _auditor(tmp_path, _films(6))
    table = tmp_path / "draws.csv"
    table.write_bytes(b"\xef\xbb\xbf" + table.read_text().replace(",", ";").replace("\n", "\r\n").encode())
    for films, new in ((9, 3), (9, 0)):
        drawn = Draws(table, for_writing=True)
        assert draw_new_films(drawn, _films(films), THRESHOLD, PAUSE, 1) == new and len(Draws(table).moments) == 9


def test_the_page_does_not_promise_what_unsure_looks_forbid(tmp_path):
    auditor, _ = _auditor(tmp_path, _films(9))
    while coming := auditor.upcoming(1):
        auditor.answer(coming[0], YES if coming[0].stratum == VISIT else UNSURE, Marks([], [1], []))
    state = auditor.state()
    assert state["share"]["low"] < 0.6 and state["needed"] is None


def test_another_model_changes_the_figure_from_the_same_looks(tmp_path):
    auditor, _ = _auditor(tmp_path, _films(12))
    while coming := auditor.upcoming(1):
        auditor.answer(coming[0], YES if coming[0].stratum == VISIT else NO, Marks([], [1], []))
    assert auditor.state()["share"] == {"value": 1, "low": 1, "high": 1} and auditor.state()["needed"] == 0
    worse = [film._replace(passages=[_passage(1, 5, 9, 0.1)] if film.film == "id0" else film.passages) for film in _films(12)]
    assert _auditor(tmp_path, worse)[0].state()["share"]["value"] == 0.75


def test_marks_become_the_times_when_an_animal_is_there(tmp_path):
    auditor, _ = _auditor(tmp_path, [film._replace(decoded=(0.0, 100.0)) for film in _films(4)])
    drawn = next(one for one in auditor.upcoming(9) if one.moment.film == "id1")
    with pytest.raises(ValueError, match="no time"):
        auditor.answer(drawn, YES, Marks([], [7], [500]))
    auditor.answer(drawn, YES, Marks([0, 1], [], [60.0, 99.9]))
    [look] = Looks(tmp_path / "looks.csv").current.values()
    assert [(round(span.begin, 2), round(span.end, 2)) for span in look.seen] == [(0, 12.5), (59.5, 60.5), (99.4, 100)]
    auditor.answer(drawn, UNSURE, Marks([], [], []))
    assert [look.answer for look in Looks(tmp_path / "looks.csv").current.values()] == [UNSURE]


@pytest.mark.parametrize(
    "row",
    [
        "2026-11-29T01:25:07+00:00,ann,x,id1,film1,0,30,rest,1,9,perhaps,",
        "2026-11-29T01:25:07+00:00,ann,x,id1,film1,0,30,rest,1,9,yes,",
        "2026-11-29T01:25:07+00:00,ann,x,id1,film1,0,30,rest,1,9,yes,20 10",
        "2026-11-29T01:25:07+00:00,ann,x,id1,film1,zero,30,rest,1,9,no,",
    ],
)
def test_a_damaged_row_is_told_and_left_out(tmp_path, capfd, row):
    good = "2026-11-29T01:25:07+00:00,ann,x,id1,film1,0,30,rest,1,9,yes,10.5 20"
    (tmp_path / "looks.csv").write_text("\n".join([",".join(looks.COLUMNS), good, row, ""]))
    [look] = Looks(tmp_path / "looks.csv").current.values()
    assert look.seen == (Span(10.5, 20),) and "1 line cannot be read and is ignored: 3" in capfd.readouterr().err


def test_the_threshold_keeps_the_wanted_share_of_the_visits_that_move(tmp_path):
    scores = [0.1 + 0.03 * place for place in range(30)]
    films = [film._replace(passages=[_passage(1, 5, 9, score)]) for film, score in zip(_films(30), scores, strict=True)]
    films.append(AuditedFilm("id30", "film30", "creek", "2024-05-17 06:29", (0.0, 30.0), []))  # here, nothing was seen to move
    drawn, passages = Draws(tmp_path / "draws.csv"), {film.film: film.passages for film in films}
    draw_new_films(drawn, films, THRESHOLD, PAUSE, 1)
    looked = Looks(tmp_path / "looks.csv")
    for one in drawn.moments[:15]:
        looked.add("ann", one, YES, [Span(5, 9)])
    assert keeping(0.9, drawn.moments, looked, passages, PAUSE) is None
    for one in drawn.moments[15:]:
        looked.add("ann", one, YES, [Span(5, 9)])
    assert keeping(0.9, drawn.moments, looked, passages, PAUSE) == pytest.approx(scores[3])
    assert keeping(1.0, drawn.moments, looked, passages, PAUSE) == pytest.approx(scores[0])
