"""Tables of answers survive what spreadsheets and crashes do to them: the order of rows, decimal commas, zeroed files."""

from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as some
from meerkat.audit.looks import Looks
from meerkat.errors import UserError
from meerkat.row_log import RowLog, instant
from meerkat.visits.truth import Span

COLUMNS = ("time", "clip", "answer")
ALLOWED = "the answer is yes or no"


def _table(path, rows):
    path.write_text("\n".join([",".join(COLUMNS), *map(",".join, rows)]) + "\n")
    return RowLog(path, COLUMNS, lambda row: True, ALLOWED)


def _time(second):
    return f"2026-11-29T10:{second // 60:02}:{second % 60:02}+00:00"


@given(some.lists(some.integers(0, 3), min_size=1, max_size=30), some.randoms())
def test_the_order_of_the_rows_in_a_spreadsheet_does_not_matter(tmp_path_factory, steps, random: Random):
    seconds = [1 + sum(steps[: place + 1]) + place for place in range(len(steps))]  # each in a second of its own
    rows = [[_time(second), f"clip{second % 3}", str(place)] for place, second in enumerate(seconds)]
    path = tmp_path_factory.mktemp("log") / "labels.csv"
    for order in (rows, rows[::-1], sorted(rows, key=lambda row: row[1]), random.sample(rows, len(rows))):
        assert _table(path, order).rows() == rows


def test_rows_of_one_second_keep_their_order_also_if_the_newest_come_first(tmp_path):
    rows = [[_time(1), "a", "yes"], [_time(1), "a", "no"], [_time(5), "b", "yes"], [_time(5), "b", "no"]]
    for order in (rows, rows[::-1]):
        assert _table(tmp_path / "labels.csv", order).rows() == rows


def test_a_time_that_is_not_understood_is_told_and_the_row_comes_first(tmp_path, capsys):
    rows = [[_time(9), "a", "yes"], ["30.11.2026 22:56", "a", "no"], ["", "b", "no"]]
    assert _table(tmp_path / "labels.csv", rows).rows()[-1] == rows[0]
    assert "1 answer has a time that is not understood, such as '30.11.2026 22:56'. All" in "".join(capsys.readouterr())


def test_the_first_line_may_have_capitals(tmp_path, capsys):
    (tmp_path / "labels.csv").write_text(f"Time,CLIP,Answer\n{_time(1)},a,yes\n")
    assert RowLog(tmp_path / "labels.csv", COLUMNS, lambda row: ("yes", "no").index(row[-1]), ALLOWED).rows() == [[_time(1), "a", "yes"]]
    assert not "".join(capsys.readouterr())


def test_a_table_that_is_gone_is_told_and_the_answers_of_this_session_stay(tmp_path, capsys):
    log = _table(tmp_path / "labels.csv", [[_time(1), "a", "yes"]])
    log.rows(for_writing=True)
    log.add([[_time(2), "b", "yes"]])
    log.path.unlink()
    log.add([[_time(3), "c", "no"]])
    assert "labels.csv is gone" in "".join(capsys.readouterr())
    assert [row[1] for row in RowLog(log.path, COLUMNS, lambda row: True, ALLOWED).rows()] == ["b", "c"]


@pytest.mark.parametrize("content", [b"\0" * 3000, b"junk", b"\xff" * 20])
def test_a_table_of_which_nothing_can_be_read_is_not_taken_for_no_answers(tmp_path, content):
    (tmp_path / "labels.csv").write_bytes(content)
    with pytest.raises(UserError, match="no answers can be read"):
        RowLog(tmp_path / "labels.csv", COLUMNS, lambda row: True, ALLOWED).rows()


@pytest.mark.parametrize("content", ["", "time,cl", "time,clip,answer", "time,clip,answer\n", "time,clip,answer\n2026-11"])
def test_a_table_that_a_killed_program_has_begun_has_no_answers_yet_and_this_is_said(tmp_path, content, capsys):
    (tmp_path / "labels.csv").write_text(content)
    assert RowLog(tmp_path / "labels.csv", COLUMNS, lambda row: True, ALLOWED).rows() == []
    assert "labels.csv contains no answers" in "".join(capsys.readouterr())


def test_looks_may_have_decimal_commas(tmp_path):
    rows = [
        "time;person;draw;film;video;begin;end;stratum;rank;of;answer;seen",
        "2026-11-29T10:00:00+00:00;ann;x;id;film;0,5;30,25;rest;1;9;yes;1,5 20,25",
    ]
    (tmp_path / "looks.csv").write_text("\n".join(rows))
    [look] = Looks(tmp_path / "looks.csv").current.values()
    assert (look.moment.begin, look.moment.end, look.seen) == (0.5, 30.25, (Span(1.5, 20.25),))


def test_a_word_that_is_no_answer_is_named_with_those_that_are(tmp_path, capsys):
    path = tmp_path / "labels.csv"
    path.write_text(f"time,clip,answer\n{_time(1)},a,YES\n{_time(2)},b,yes\n")
    log = RowLog(path, COLUMNS, lambda row: ("yes", "no").index(row[-1]), ALLOWED)
    assert log.rows() == [[_time(2), "b", "yes"]]
    assert "1 line cannot be read and is ignored: 2. Allowed: the answer is yes or no." in "".join(capsys.readouterr())
    path.write_text(f"time,clip,answer\n{_time(1)},a,YES\n{_time(2)},b,YES\n")
    with pytest.raises(UserError, match=r"line 2: no answers can be read.*; the answer is yes or no\."):
        log.rows()


@pytest.mark.parametrize("separator, encoding", [(";", "utf-8"), ("\t", "utf-16"), (",", "utf-8")])
def test_a_spreadsheet_may_save_the_table_while_the_page_is_open(tmp_path, separator, encoding):
    path = tmp_path / "labels.csv"
    first, second, third = ([_time(number), clip, "yes"] for number, clip in enumerate("abc"))
    log = _table(path, [first])
    log.rows(for_writing=True)
    log.add([second])
    path.write_text("\n".join(separator.join(row) for row in (COLUMNS, first)), encoding=encoding)  # as it was when it was opened
    log.add([third])
    assert RowLog(path, COLUMNS, lambda row: True, ALLOWED).rows() == [first, second, third]


def test_a_table_that_was_damaged_while_the_page_is_open_is_left_alone(tmp_path):
    log = _table(tmp_path / "labels.csv", [[_time(1), "a", "yes"]])
    log.rows(for_writing=True)
    log.path.write_bytes(b"junk" * 100)
    with pytest.raises(OSError, match="no answers can be read"):
        log.add([[_time(2), "b", "no"]])
    assert log.path.read_bytes() == b"junk" * 100


def test_rows_with_a_time_that_was_there_before_are_not_lost_either(tmp_path):
    log = _table(tmp_path / "labels.csv", [[_time(1), "old", "yes"]])
    log.rows(for_writing=True)
    before = log.path.read_text()
    log.add([[_time(1), "carried", "yes"], [_time(2), "a", "yes"]])
    log.add([[_time(1), "carried later", "yes"]])
    log.path.write_text(before)  # as a spreadsheet saves what it had read
    monkey = pytest.MonkeyPatch()
    monkey.setattr(RowLog, "_append", lambda *_: (_ for _ in ()).throw(PermissionError(13, "Permission denied")))
    with pytest.raises(PermissionError):
        log.add([[_time(3), "refused", "yes"]])
    monkey.undo()
    log.add([[_time(4), "b", "yes"]])
    assert [row[1] for row in RowLog(log.path, COLUMNS, lambda row: True, ALLOWED).rows()] == ["old", "carried", "carried later", "a", "b"]


@pytest.mark.parametrize("there", ["labels.csv", "reviews.csv"])
def test_of_answers_in_two_tables_the_later_one_has_the_later_time_although_a_clock_was_wrong(tmp_path, there):
    (tmp_path / there).write_text("time;clip\n2099-01-01T00:00:00+00:00;a\n")
    times = [_time(1)]
    for name in ("labels.csv", "reviews.csv", "labels.csv"):
        log = RowLog(tmp_path / name, ("time", "clip"), lambda row: True, ALLOWED)
        log.rows(for_writing=True)
        times.append(log.now())
        log.add([[times[-1], "a"]])
    assert all(instant(earlier) < instant(later) for earlier, later in pairwise(times)) and times[1] > "2099"


def test_a_clock_that_is_set_back_does_not_make_the_new_answer_the_older_one(tmp_path):
    log = _table(tmp_path / "labels.csv", [["2099-01-01T00:00:00+00:00", "a", "yes"]])
    log.rows(for_writing=True)
    log.add([[log.now(), "a", "no"]])
    log.add([[log.now(), "b", "yes"]])
    assert [row[1:] for row in RowLog(log.path, COLUMNS, lambda row: True, ALLOWED).rows()] == [["a", "yes"], ["a", "no"], ["b", "yes"]]
