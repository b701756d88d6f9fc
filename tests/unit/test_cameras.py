"""The table of cameras: which row a film belongs to, how its clock is corrected, and what looks wrong."""

import re
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some
from meerkat.errors import UserError
from meerkat.video import clocks
from meerkat.video.cameras import Cameras, gives_places
from meerkat.video.chapters import Recorded
from meerkat.video.taken import Taken, written
from meerkat.video.video_files import Videos

NOW = datetime(2026, 1, 1)


def _cameras(folder, text):
    (folder / "cameras.csv").write_text(text)
    return Cameras(str(folder / "cameras.csv"))


def _taken(cameras, starts, pattern=None, copies=None):
    """Films by path below the folder, with the times in their files."""
    films = {path.replace("/", "__"): f"films/{path}" for path in starts}
    recorded = {path.replace("/", "__"): Recorded(time, 10) for path, time in starts.items()}
    return Taken(cameras, pattern, Videos("films", films, copies or {}), recorded)


def test_start_and_site_come_from_the_row_the_name_or_the_file(tmp_path):
    pattern = r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)_(?P<hour>\d\d)(?P<minute>\d\d)(?P<second>\d\d)"
    cameras = _cameras(tmp_path, "folder,site,start,timezone\nb.mp4,ridge,2024-05-17 23:59:59,+02:00\ngone,x,,\n")
    films = ["creek/a_20240517_062944.mp4", "b.mp4", "c_20249917_000000.mp4"]
    found = _taken(cameras, dict.fromkeys(films, "2020-01-01T00:00:00.000000Z"), pattern)
    names = [film.replace("/", "__") for film in films]
    assert [found.site(name) for name in names] == ["creek", "ridge", ""]
    starts = [found.start(name) for name in names]
    assert [start and start.source for start in starts] == ["name", "table", None]
    assert written(starts[0].after(1.25)) == "2024-05-17 06:29:45.250"
    assert written(starts[1].after(2)) == "2024-05-18 00:00:01.000+02:00"
    doubts = "\n".join(found.doubts(NOW))
    assert "2 films are in no row of" in doubts and "1 row has no film here:\n  line 3: gone" in doubts
    assert "videos: start_pattern: 1 name contains no date for it:\n  c_20249917_000000.mp4" in doubts
    plain = _taken(Cameras(None), {"b.mp4": "2020-01-01T00:00:00.000000Z", "c.mp4": ""})
    assert written(plain.start("b.mp4").time) == "2020-01-01 00:00:00.000+00:00" and plain.start("c.mp4") is None and not plain.doubts(NOW)


def test_a_wrong_clock_of_some_weeks_is_one_row(tmp_path):
    table = """site,folder,begin,end,clock
creek,cam7,,2024-05-03 12:00,
creek,cam7,2024-05-03 12:00,2024-06-10,+1:00:00
creek,cam7,2024-06-11,,
"""
    found = _taken(
        _cameras(tmp_path, table),
        {"cam7/1.mp4": "2024-05-03T10:30:00", "cam7/2.mp4": "2024-06-10T22:59:00Z", "cam7/3.mp4": "2024-06-11T00:01:00"},
    )
    assert [written(found.start(f"cam7__{number}.mp4").time) for number in (1, 2, 3)] == [
        "2024-05-03 10:30:00.000",
        "2024-06-10 23:59:00.000",
        "2024-06-11 00:01:00.000",
    ]
    assert written(found.start("cam7__2.mp4").by_camera) == "2024-06-10 22:59:00.000+00:00"
    assert [found.deployment(f"cam7__{number}.mp4").line for number in (1, 2, 3)] == [2, 3, 4] and found.doubts(NOW) == []


def test_films_that_are_in_no_period_or_in_the_future_or_jump_back_are_named(tmp_path):
    table = "site,folder,begin,end\nridge,a,2024-05-01,2024-05-31\ncreek,b,,\n"
    times = {"a/1.mp4": "2024-06-01T00:00:00", "a/2.mp4": "2000-01-01T00:00:10", "b/1.mp4": "2035-01-01T00:00:00", "b/2.mp4": ""}
    found = _taken(_cameras(tmp_path, table), times)
    first, second, third, fourth = found.doubts(NOW)
    assert first.startswith("2 films are of no period in") and "a/1.mp4: 2024-06-01 00:00:00" in first
    assert second.startswith("1 film begins in the future") and "b/1.mp4" in second
    assert third.startswith("1 film begins more than a day before the film before, by name") and "a/2.mp4: 2000-01-01" in third
    assert fourth.endswith("1 row has no film here:\n  line 2: a")
    assert [found.site(name) for name in ("a__1.mp4", "b__1.mp4", "b__2.mp4")] == ["a", "creek", "creek"]


def test_the_longest_row_counts_and_patterns_come_last(tmp_path):
    table = "folder,site\n.,all\n*/100RECNX,card\nridge,north\nridge/0*.mp4,south\nridge/02.mp4,west\nleft\\deep,east\n"
    found = _taken(
        _cameras(tmp_path, table),
        dict.fromkeys(["a.mp4", "creek/100RECNX/a.mp4", "ridge/1.mp4", "ridge/01.mp4", "ridge/02.mp4", "left/deep/x/y.mp4"], ""),
    )
    assert [found.site(name) for name in found._below] == ["all", "card", "north", "south", "west", "east"]


def test_a_row_may_name_the_copy_that_is_left_out_and_accents_have_two_forms(tmp_path):
    cameras = _cameras(tmp_path, "folder,site\ncopy.mp4,creek\nb\u00e4ch,upper\u00a0cre\u00adek \n")
    found = _taken(cameras, {"b.mp4": "", "ba\u0308ch/a.mp4": ""}, copies={"films/copy.mp4": "films/b.mp4"})
    assert found.site("b.mp4") == "creek" and found.site("ba\u0308ch__a.mp4") == "upper creek" and found.doubts(NOW) == []


def test_before_films_are_read_rows_of_one_site_give_the_site(tmp_path):
    cameras = _cameras(
        tmp_path, "folder,site,begin,end\na,creek,,2024-05-01\na,creek,2024-05-01,\nb,ridge,,2024-05-01\nb,dune,2024-05-02,\n"
    )
    found = Taken(cameras, None, Videos("films", {"a": "films/a/1.mp4", "b": "films/b/1.mp4"}))
    assert (found.site("a"), found.site("b")) == ("creek", "b")


def test_a_table_of_a_spreadsheet_is_read_and_deployments_keep_their_names(tmp_path):
    rows = "\ufeffFodler;site\r\n"
    with pytest.raises(UserError, match=re.escape("Did you mean folder by 'fodler'?")):
        _cameras(tmp_path, rows)
    rows = "Site;folder;latitude;longitude;timezone;clock;begin\r\n"
    rows += 'Creek;"a";-26,97;21,83;Africa/Johannesburg;"1:00:00";2024-05-03\r\n;;;;;;\r\n'
    rows += "Creek;b;;;;;2024-05-03\r\n;c/d;;;;;\r\n"
    found = _cameras(tmp_path, "\ufeff" + rows).rows
    assert (found[0].place.latitude, found[0].zone) == (-26.97, ZoneInfo("Africa/Johannesburg"))
    assert [row.name for row in found] == ["Creek 2024-05-03", "Creek 2024-05-03 (2)", "c/d"] and [row.line for row in found] == [2, 4, 5]
    assert gives_places(str(tmp_path / "cameras.csv")) and not gives_places(None) and not gives_places("gone.csv")


@pytest.mark.parametrize(
    "row, message",
    [
        ("creek,,,,,,,", "line 2: it names no folder"),
        ("creek,../a,,,,,,", "'../a' is not below the folder of videos"),
        ("creek,/a,,,,,,", "'/a' is not below the folder of videos"),
        ("creek,a,17.5.2024,,,,,", "line 2: '17.5.2024' is not a date. Write it as 2024-05-17"),
        ("creek,a,2024-05-17 06:00+02:00,,,,,", "is not a date"),
        ("creek,a,2024-05-17,2024-05-16,,,,", "it ends at 2024-05-16, before it begins at 2024-05-17"),
        ("creek,a,,,91,0,,", "91 is not a number of degrees from -90 to 90"),
        ("creek,a,,,1,,,", "'' is not a number of degrees"),
        ("creek,a,,,,,noon,", "'noon' is not a time zone"),
        ("creek,a,,,,,,fast", "line 2: 'fast' is not what a clock needs. Write what is added"),
        ("creek,a,,,,,,1:75", "'1:75' is not what a clock needs"),
        ("creek,a,,,,,,2024-05-17 = 2024-05-18", "'2024-05-17' is not a date and time"),
        ("creek,a,,,,,,2024-05-17 06:00 = 2024-05-17 07:00; 2024-05-17 06:00 = 2024-05-17 08:00", "no clock gains or loses an hour a day"),
        ("creek,a,,,,,,\ncreek,a,,,,,,", "lines 2 and 3 overlap in time, for 2 films. Write when one camera was taken down"),
        ("creek,a,,2024-05-17,,,,\ncreek,a,2024-05-16,,,,,", "lines 2 and 3 overlap in time"),
    ],
)
def test_a_row_that_cannot_be_used_is_refused_with_its_line(tmp_path, row, message):
    with pytest.raises(UserError, match=re.escape(message)):
        _taken(_cameras(tmp_path, f"site,folder,begin,end,latitude,longitude,timezone,clock\n{row}\n"), {"a/1.mp4": "", "a/2.mp4": ""})


@pytest.mark.parametrize("text", ["", "site\nx\n", "site,folder,folder\n", "site|folder\n", "folder\n", "folder,sites\na,b\n"])
def test_a_table_without_folders_or_rows_is_refused(tmp_path, text):
    with pytest.raises(UserError, match="cameras"):
        _cameras(tmp_path, text)


def test_a_start_is_that_of_one_film(tmp_path):
    with pytest.raises(UserError, match="line 2 gives one start to 2 films"):
        _taken(_cameras(tmp_path, "folder,start\na,2024-05-17 06:00\n"), {"a/1.mp4": "", "a/2.mp4": ""})
    with pytest.raises(UserError, match="it has a clock and a start"):
        _cameras(tmp_path, "folder,start,clock\na,2024-05-17 06:00,+1:00\n")


@pytest.mark.parametrize(
    "text, added",
    [
        ("+1:00:00", timedelta(hours=1)),
        ("1:00", timedelta(hours=1)),
        ("-2 d 0:13", -timedelta(days=2, minutes=13)),
        ("\u2212 12 days", -timedelta(days=12)),
        ("+8766:00:01", timedelta(hours=8766, seconds=1)),
        ("2024-05-17 06:29:44 = 2024-05-17 07:31:10", timedelta(hours=1, minutes=1, seconds=26)),
        ("2000-01-01 00:00 = 2024-05-17 07:31", datetime(2024, 5, 17, 7, 31) - datetime(2000, 1, 1)),
    ],
)
def test_a_clock_says_what_is_added(text, added):
    shown = datetime(2024, 5, 20, 12)
    assert clocks.read(text).correct(shown) == shown + added
    assert clocks.read(text).correct(shown.replace(tzinfo=timezone.utc)) == shown + added  # noqa: UP017


@given(
    some.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)),
    some.integers(1, 400),
    some.integers(-3000, 3000),
    some.integers(-3000, 3000),
)
def test_a_clock_that_drifts_is_right_where_it_was_compared_and_between(shown, days, early, late):
    shown = shown.replace(microsecond=0)
    later = shown + timedelta(days=days)
    pairs = [(shown, timedelta(seconds=early)), (later, timedelta(seconds=late))]
    text = "; ".join(f"{time} = {time + added}" for time, added in pairs)
    if abs(late - early) > days * 3600:
        with pytest.raises(ValueError, match="an hour a day"):
            clocks.read(text)
        return
    clock = clocks.read(text)
    assert [clock.correct(time) - time for time, _ in pairs] == [added for _, added in pairs]
    middle = shown + (later - shown) / 2
    assert abs((clock.correct(middle) - middle).total_seconds() - (early + late) / 2) < 0.001
