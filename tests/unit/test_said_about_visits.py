"""What a person has said about passages and visits stands above the scores, and is never lost."""

from hypothesis import given
from hypothesis import strategies as st
from meerkat.video.boxes import Box
from meerkat.visits import reviews
from meerkat.visits.deciding import decide, number_visits
from meerkat.visits.passages import Passage
from meerkat.visits.reviews import Review, Reviews
from meerkat.visits.sorted_passages import Said

THRESHOLD, PAUSE = 0.5, 10.0


def _passage(track, begin, end, score):
    return Passage(track, begin, end, score, f"film_{track}.jpg", int(25 * begin) + 1, Box(track, 0, 10, 10))


FOUND = [_passage(1, 10, 20, 0.9), _passage(2, 22, 25, 0.2), _passage(3, 60, 70, 0.8)]


def _decide(sorted_as=None, of_film=(), passages=FOUND):
    tracks = {passage.place: passage.track for passage in passages}
    return decide(passages, sorted_as or {}, of_film, tracks.get, THRESHOLD, PAUSE)


def _told(decided):
    """Tracks, begin, end and state of each visit."""
    return [([passage.track for passage in visit.passages], visit.begin, visit.end, visit.state) for visit in decided.visits]


def _review(answer, *passages, id_="a", time="2026-05-02", begin=None, end=None, **more):
    begin = min(passage.begin for passage in passages) if begin is None else begin
    end = max(passage.end for passage in passages) if end is None else end
    return Review(id_, "0" * 16, "film", begin, end, answer, places=tuple(passage.place for passage in passages), time=time, **more)


def test_scores_decide_where_nobody_has_said_anything():
    assert _told(_decide()) == [([1], 10, 20, "machine"), ([3], 60, 70, "machine")]


def test_what_was_sorted_stands_above_the_score():
    sorted_as = {1: Said("negative", "ann", "2026"), 2: Said("positive", "ann", "2026"), 3: Said("unsure", "ann", "2026")}
    decided = _decide(sorted_as)
    assert _told(decided) == [([2], 22, 25, "confirmed"), ([3], 60, 70, "machine")]
    assert decided.visits[0].said.person == "ann"
    numbered = number_visits(FOUND, decided, _decide())
    # The figures about the model count what the scores alone say.
    assert [(one.visit, one.scored_visit, one.said) for one in numbered] == [(None, 1, "negative"), (1, None, "positive"), (2, 2, "unsure")]


def test_a_confirmed_visit_stays_whatever_a_later_model_or_search_finds():
    review = _review("yes", FOUND[0], FOUND[1], name="fox", count=2)
    for score in (0.0, 1.0):
        later = [passage._replace(score=score) for passage in FOUND[:2]]
        assert _told(_decide(of_film=[review], passages=later)) == [([1, 2], 10, 25, "confirmed")]
    assert _told(_decide(of_film=[review], passages=[])) == [([], 10, 25, "confirmed")]
    within, beyond = _passage(7, 12, 15, 0.9), _passage(8, 18, 40, 0.9)
    assert _told(_decide(of_film=[review], passages=[within, beyond])) == [([7], 10, 25, "confirmed"), ([8], 18, 40, "machine")]


def test_a_rejected_visit_is_none_but_another_passage_at_that_time_can_be():
    review = _review("no", FOUND[0])
    assert _told(_decide(of_film=[review])) == [([3], 60, 70, "machine")]
    another = _passage(9, 11, 19, 0.9)
    assert _told(_decide(of_film=[review], passages=[FOUND[0], another])) == [([9], 11, 19, "machine")]


def test_changed_times_and_added_visits_stay_as_the_person_left_them():
    cut = _review("yes", FOUND[0], begin=14, end=18, change=reviews.MOVED)
    added = _review("yes", id_="b", begin=40, end=45, change=reviews.ADDED)
    assert _told(_decide(of_film=[cut, added])) == [
        ([1], 14, 18, "corrected"),
        ([], 40, 45, "corrected"),
        ([3], 60, 70, "machine"),
    ]
    assert _told(_decide(of_film=[_review("unsure", FOUND[1])]))[1] == ([2], 22, 25, "unsure")


def test_in_the_hour_when_clocks_change_the_later_answer_counts():
    sorted_as = {1: Said("positive", "ann", "2026-10-25T02:50:00+02:00")}
    assert _told(_decide(sorted_as, [_review("no", FOUND[0], time="2026-10-25T02:10:00+01:00")])) == [([3], 60, 70, "machine")]
    for no_time in ("", "25.10.2026 02:10"):  # as a spreadsheet may have left it
        assert ([1], 10, 20, "confirmed") in _told(_decide(sorted_as, [_review("no", FOUND[0], time=no_time)]))


def test_of_two_answers_on_one_passage_the_later_counts():
    rejected = _review("no", FOUND[0], time="2026-05-02")
    for sorted_at, tracks in (("2026-05-01", [3]), ("2026-05-03", [1, 3])):
        decided = _decide({1: Said("positive", "ann", sorted_at)}, [rejected])
        assert [passage.track for visit in decided.visits for passage in visit.passages] == tracks
    confirmed = _review("yes", *FOUND[:2])
    decided = _decide({2: Said("negative", "bob", "2026-05-03")}, [confirmed])
    assert _told(decided)[0] == ([1], 10, 25, "confirmed")


_ANSWERS = st.sampled_from([reviews.YES, reviews.NO, reviews.UNSURE])


@given(
    st.lists(st.tuples(st.integers(0, 100), st.integers(0, 30), st.floats(0, 1)), max_size=8),
    st.lists(st.tuples(_ANSWERS, st.sets(st.integers(1, 8), max_size=4), st.integers(0, 100), st.integers(0, 30)), max_size=4),
    st.dictionaries(st.integers(1, 8), st.sampled_from(["positive", "negative", "unsure"])),
)
def test_each_passage_is_in_one_visit_and_each_kept_review_is_a_visit(spans, said, sorted_as):
    passages = [_passage(number, begin, begin + length, score) for number, (begin, length, score) in enumerate(spans, 1)]
    of_film = [
        _review(answer, *(one for one in passages if one.track in tracks), id_=str(number), begin=begin, end=begin + length)
        for number, (answer, tracks, begin, length) in enumerate(said)
    ]
    decided = _decide({track: Said(label, "ann", "2026-01-01") for track, label in sorted_as.items()}, of_film, passages)
    in_visits = [passage.track for visit in decided.visits for passage in visit.passages]
    assert len(in_visits) == len(set(in_visits))
    assert [visit.review.id for visit in decided.visits if visit.review] == [
        one.id for one in sorted(of_film, key=lambda one: (one.begin, one.end)) if one.answer != reviews.NO
    ]
    for passage in passages:
        label = decided.said.get(passage.track)
        is_animal = passage.score >= THRESHOLD if label in (None, "unsure") else label == "positive"
        assert not is_animal or passage.track in in_visits
        assert label != "negative" or passage.track not in in_visits
    assert decided.visits == sorted(decided.visits, key=lambda visit: (visit.begin, visit.end))


def _current(path):
    return {id_: one._replace(person="", time="") for id_, one in Reviews(path).current.items()}


def test_reviews_come_back_and_are_undone_also_after_a_restart(tmp_path):
    path = tmp_path / "reviews.csv"
    first, second = _review("yes", *FOUND[:2], name='"Fuchs", <b>rot</b>', count=2), _review("no", FOUND[2], id_="b")
    log = Reviews(path)
    log.add("ann", [first])
    log.add("ann", [first._replace(name="fox", end=18.25, change=reviews.SPLIT), second])
    assert _current(path)["a"].end == 18.25 and _current(path)["b"].answer == "no"
    assert [one.id for one in Reviews(path).of("0" * 16, "elsewhere")] == ["a", "b"]
    assert Reviews(path).undo("bob") == []  # another person did it
    told = {one.id: one.answer for one in Reviews(path).undo("ann")}
    assert told == {"a": "yes", "b": "undone"} and _current(path) == {"a": first._replace(time="")}
    assert [one.answer for one in Reviews(path).undo("ann")] == ["undone"] and _current(path) == {}
    assert Reviews(path).undo("ann") == []
    again = Reviews(path)
    again.add("ann", [second])
    again.undo("ann")
    again.add("ann", [first])
    assert list(_current(path)) == ["a"] and len(path.read_text().splitlines()) == 10


def test_a_table_of_reviews_saved_by_a_spreadsheet_or_torn_loses_no_answer(tmp_path):
    path = tmp_path / "reviews.csv"
    Reviews(path).add("ann", [_review("yes", FOUND[0], name="Größe"), _review("no", FOUND[2], id_="b")])
    whole = _current(path)
    path.write_bytes(path.read_bytes() + b"2026-05-03,ann,2,c,0000")
    assert _current(path) == whole
    Reviews(path).add("ann", [_review("unsure", FOUND[1], id_="d")])
    assert list(_current(path)) == ["a", "b", "d"]
    # German spreadsheets write semicolons and decimal commas, and turn an id of digits into a number.
    text = path.read_text().replace("0" * 16, "0").replace(",", ";").replace("10.000", "10,000")
    path.write_bytes(text.encode("utf-8-sig"))
    log = Reviews(path, for_writing=True)
    assert [one.id for one in log.of("0" * 16, "film")] == ["a", "d", "b"] and log.current["a"].begin == 10
    log.add("ann", [_review("no", FOUND[1], id_="d")])
    assert Reviews(path).current["d"].answer == "no" and len(list(tmp_path.glob("reviews-*.csv"))) == 1
