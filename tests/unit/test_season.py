"""What a person says on the page of cameras, as the table then says it, and what films it gives them."""

from datetime import datetime, timedelta

import pytest
from meerkat.camera_page.corrections import Corrections
from meerkat.camera_page.season import Season
from meerkat.errors import UserError
from meerkat.serving.guarded import Refused
from meerkat.video.film_header import FilmHeader
from meerkat.video.stretches import Film
from meerkat.video.video_files import Videos

FIRST = datetime(2024, 4, 1, 9, 10, 44)


@pytest.fixture
def season(tmp_path):
    """A season with this table; films of camera `a` begin on these days after the first, others have no time."""

    def make(table, days=(), others=()):
        (tmp_path / "cameras.csv").write_text(table)
        times = [f"{FIRST + timedelta(days=day):%Y-%m-%dT%H:%M:%SZ}" for day in days] + [""] * len(others)
        paths = [f"a/{number:02}.mp4" for number in range(len(days))] + list(others)
        names = [path.replace("/", "__") for path in paths]
        films = {name: Film(name, 10.0, 1) for name in names}
        headers = dict(zip(names, (FilmHeader(time, "") for time in times), strict=True))
        videos = Videos("films", {name: f"films/{path}" for name, path in zip(names, paths, strict=True)}, {}, films, headers)
        shown = Season(videos, None)
        return shown, Corrections(shown, tmp_path / "cameras.csv")

    return make


def _row(season, place=0, camera=0):
    return season.described()["cameras"][camera]["rows"][place]


def _times(season):
    return [film.time and f"{film.time:%m-%d %H:%M}" for film in season.films["a",]]


@pytest.mark.parametrize("zone_comes_first", [True, False])
def test_a_time_that_agrees_with_the_picture_is_right_also_if_the_zone_was_written_first(season, zone_comes_first):
    of, say = season("folder,timezone\na,\n", (0, 5))
    for is_zone in (True, False) if zone_comes_first else (False, True):
        if is_zone:
            say.change(2, {"timezone": "Africa/Johannesburg"}, {"timezone": ""})
        else:
            film = _row(of)["checked"][0]
            assert film["believed"] == film["byCamera"] == "2024-04-01 09:10:44"  # as the picture shows it
            say.correct(2, [(film["number"], film["believed"])])
    assert _row(of)["cells"]["clock"] == "+0:00" and _times(of) == ["04-01 09:10", "04-06 09:10"]


def test_two_times_give_a_drift_and_a_time_without_seconds_the_minutes(season):
    of, say = season("folder,clock\na,\n", (0, 100))
    first, last = (film["number"] for film in _row(of)["checked"])
    say.correct(2, [(first, "2024-04-01 10:10")])
    assert _row(of)["cells"]["clock"] == "+1:00"
    say.correct(2, [(first, "10:10:44"), (last, "2024-07-10 10:20:44")])
    assert _row(of)["cells"]["clock"] == "2024-04-01 09:10:44 = 2024-04-01 10:10:44; 2024-07-10 09:10:44 = 2024-07-10 10:20:44"
    assert _times(of) == ["04-01 10:10", "07-10 10:20"]
    with pytest.raises(Refused, match="no clock gains or loses an hour a day"):
        say.correct(2, [(first, "10:10:44"), (last, "2024-10-10 10:20:44")])
    say.undo()
    assert _row(of)["cells"]["clock"] == "+1:00"


def test_a_time_without_a_date_is_of_the_day_that_is_believed_now_also_across_midnight(season):
    of, say = season("folder,clock\na,\n", (0, 100))
    first = _row(of)["checked"][0]["number"]
    say.correct(2, [(first, "2026-04-01 23:58")])  # the clock was two years behind
    say.correct(2, [(first, "0:03")])
    assert _times(of) == ["04-02 00:03", "07-11 00:03"]
    assert _row(of)["checked"][0]["believed"].startswith("2026-04-02 00:03")
    say.correct(2, [(first, "23:58")])
    assert _row(of)["checked"][0]["believed"].startswith("2026-04-01 23:58")
    say.correct(2, [(first, "12:10")])
    assert _row(of)["checked"][0]["believed"].startswith("2026-04-01 12:10")


def test_a_period_ends_with_the_last_good_film_and_another_begins(season):
    of, say = season("folder,site,begin,end,note\na,Creek,2024-03-30,2024-05-30,mine\n", (0, 1, 2, 20, 21))
    (mark,) = of.film_list("a")["marks"]
    assert mark == {"kind": "silent", "line": 2, "before": 2, "after": 3}
    say.end(2, 2, 3)
    first, second = _row(of), _row(of, 1)
    assert [first["cells"][name] for name in ("begin", "end")] == ["2024-03-30", "2024-04-03"] and first["nights"] == 4
    assert [second["cells"][name] for name in ("begin", "end", "note")] == ["2024-04-21", "2024-05-30", "mine"]
    assert (first["films"], second["films"]) == (3, 2) and not of.film_list("a")["marks"]
    say.end(second["line"], 3, None)
    assert _row(of, 1)["cells"]["end"] == "2024-04-21" and of.described()["cameras"][0]["outside"] == 1
    say.end(2, None, 1)
    assert _row(of)["cells"]["begin"] == "2024-04-02"
    with pytest.raises(Refused, match="belong to another period now"):
        say.end(2, 4, None)


def test_films_of_one_day_are_divided_by_the_minute(season):
    of, say = season("folder\na\n", (0, 0.1, 0.2))
    say.end(2, 0, 2)
    assert (_row(of)["cells"]["end"], _row(of, 1)["cells"]["begin"]) == ("2024-04-01 09:11", "2024-04-01 13:58")
    assert [film.line for film in of.films["a",]] == [2, 0, 3]


def test_a_clock_that_was_reset_gets_a_period_of_its_own(season):
    reset = -8850  # days
    of, say = season("folder,clock\na,+1:00\n", (0, 1, 2, reset, reset + 1))
    (camera,) = of.described()["cameras"]
    assert (camera["resets"], _row(of)["nights"]) == (2, 2)
    (mark,) = (mark for mark in of.film_list("a")["marks"] if mark["kind"] == "reset")
    with pytest.raises(Refused, match=r"a/01.mp4 began at 2024-04-02 10:10, in the middle of these films"):
        say.reset(2, mark["first"], "2024-04-02 10:00:00")
    say.reset(2, mark["first"], "2024-04-05 10:00:00")
    assert _times(of) == ["04-01 10:10", "04-02 10:10", "04-03 10:10", "04-05 10:00", "04-06 10:00"]
    assert [film.line for film in of.films["a",]] == [2, 2, 2, 3, 3] and of.described()["cameras"][0]["resets"] == 0


@pytest.mark.parametrize(
    "days, true, times, lines",
    [
        # In the middle: it was set right again.
        ((0, 1, -8850, -8849, 7, 8), "2024-04-05 10:00:00", ["04-01", "04-02", "04-05", "04-06", "04-08", "04-09"], [2, 2, 3, 3, 4, 4]),
        # At first, and before others of the same day.
        ((-8850, -8849, 7, 8), "2024-04-05 10:00:00", ["04-05", "04-06", "04-08", "04-09"], [3, 3, 2, 2]),
        ((-8850, -8849, 7, 8), "2024-04-07 08:00:00", ["04-07", "04-08", "04-08", "04-09"], [3, 3, 2, 2]),
        # Most of the films.
        ((0, -8850, -8849, -8848), "2024-04-05 10:00:00", ["04-01", "04-05", "04-06", "04-07"], [2, 3, 3, 3]),
    ],
)
def test_films_of_a_reset_clock_may_lie_anywhere(season, days, true, times, lines):
    of, say = season("folder,site\na,Creek\n", days)
    (mark,) = (mark for mark in of.film_list("a")["marks"] if mark["kind"] == "reset")
    say.reset(2, mark["first"], true)
    assert [f"{film.time:%m-%d}" for film in of.films["a",]] == times and [film.line for film in of.films["a",]] == lines
    assert {row["cells"]["site"] for row in of.described()["cameras"][0]["rows"]} == {"Creek"}
    assert not [mark for mark in of.film_list("a")["marks"] if mark["kind"] == "reset"] and of.described()["cameras"][0]["outside"] == 0


def test_a_film_without_a_time_gets_a_row_of_its_own(season, tmp_path):
    of, say = season("folder,ignore\na,0 0 0.3 0.1\n", (0,), ("a/[x].mp4",))
    film = next(film for film in of.films["a",] if not film.time)
    with pytest.raises(Refused, match="Write when"):
        say.begin(film.number, "")
    say.begin(film.number, "2024-04-09 10:00:00")
    assert _times(of) == ["04-01 09:10", "04-09 10:00"] and of.cameras.keys() == {("a",)}
    assert (tmp_path / "cameras.csv").read_text().endswith("a/[[]x].mp4,,2024-04-09 10:00:00\n")
    say.begin(film.number, "")  # cleared
    say.begin(film.number, "2024-04-10 10:00:00")  # mended
    assert _times(of) == ["04-01 09:10", "04-10 10:00"] and (tmp_path / "cameras.csv").read_text().count("[[]x].mp4") == 1
    with pytest.raises(Refused, match="already says when"):
        say.begin(of.films["a",][0].number, "2024-04-10 10:00:00")


def test_rectangles_are_those_of_a_period_and_of_others_that_had_the_same(season):
    of, say = season("folder,begin,end,ignore\na,,2024-04-02,\na,2024-04-03,2024-04-05,\na,2024-04-06,,0 0.9 1 0.1\n", (0, 3, 6))
    say.draw(2, [], [[0, 0, 0.3, 0.08]])
    assert [_row(of, place)["ignore"] for place in range(3)] == [[[0, 0, 0.3, 0.08]]] * 2 + [[[0, 0.9, 1, 0.1]]]
    with pytest.raises(Refused, match="leave nothing of the frame"):
        say.draw(4, [], [[0, 0, 1, 1]])


def test_a_cell_that_was_changed_in_another_window_is_not_overwritten(season):
    of, say = season("folder,note\na,old\n", (0,))
    say.change(2, {"note": "theirs"}, {"note": "old"})
    with pytest.raises(Refused, match="Another window has written 'theirs' here"):
        say.change(2, {"note": "mine"}, {"note": "old"})
    assert _row(of)["cells"]["note"] == "theirs"


@pytest.mark.parametrize(
    "content, message",
    [
        (b"", "the first line must name the columns"),
        (b"folder,note\n", "has no row"),
        (b'folder,note\na,"x\n', "a quote is not closed"),
        (b"folder,note\na,x\ny\n", "has 1 fields"),
        ("folder,note\na,x\n".encode("utf-16"), "is not in UTF-8"),
        (None, "is gone. Put it back"),
    ],
)
def test_a_table_that_another_program_has_spoiled_is_told_each_time_and_nothing_is_written(season, tmp_path, content, message):
    of, say = season("folder,note\na,old\n", (0,))
    table = tmp_path / "cameras.csv"
    table.unlink() if content is None else table.write_bytes(content)
    for _ in range(2):
        with pytest.raises(UserError, match=message):
            say.refresh()
    table.write_text("folder,note\na,new\n")
    assert say.refresh() and not say.refresh() and _row(of)["cells"]["note"] == "new"


def test_a_time_zone_is_given_to_all_rows_without_one(season):
    of, say = season("folder,timezone\na,+02:00\nb,\nc,+01:00\n", (0,), ("b/1.mp4", "c/1.mp4"))
    assert say.share(2, ["timezone"]) == 1
    assert [_row(of, 0, camera)["cells"]["timezone"] for camera in range(3)] == ["+02:00", "+02:00", "+01:00"]
