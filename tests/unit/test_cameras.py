"""The table of cameras: which row a film belongs to, how its clock is corrected, and what looks wrong."""

import re
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some
from meerkat.errors import UserError
from meerkat.settings.videos import Motion
from meerkat.video import clocks, regions
from meerkat.video.cameras import Cameras, gives_places
from meerkat.video.chapters import Recorded
from meerkat.video.daylight import light_at
from meerkat.video.film_header import FilmHeader
from meerkat.video.motion_store import MotionStore, files_without
from meerkat.video.places import Place
from meerkat.video.stretches import Film, Stretch
from meerkat.video.taken import Taken, written
from meerkat.video.video_files import Videos
from meerkat.visits.outputs import effort

NOW = datetime(2026, 1, 1)


def _cameras(folder, text):
    (folder / "cameras.csv").write_text(text)
    return Cameras(str(folder / "cameras.csv"))


def _taken(cameras, starts, pattern=None, copies=None):
    """Films, and bursts by a still, by path below the folder, with the times in their files."""
    paths = {path.replace("/", "__"): f"films/{path}" for path in starts}
    films = {name: Film(name, 10.0, 1, pictures="1" if name.endswith(".jpg") else "") for name in paths}
    recorded = {path.replace("/", "__"): Recorded(time, 10) for path, time in starts.items()}
    return Taken(cameras, pattern, Videos("films", paths, copies or {}, films), recorded)


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
    unused, nowhere = found.misfits()
    assert (
        nowhere.startswith("2 films are in no row of")
        and "1 row fits no film or still here:\n  line 3: gone\nWrite paths below films" in unused
    )
    (doubts,) = found.doubts(NOW)
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
    assert first.startswith("2 films are in no period of") and "a/1.mp4: 2024-06-01 00:00:00" in first
    assert second.startswith("1 film begins in the future") and "b/1.mp4" in second
    assert third.startswith("1 film begins more than a day before the one before it, by name") and "a/2.mp4: 2000-01-01" in third
    assert fourth.endswith("1 row has no film or still of the period:\n  line 2: a") and found.misfits() == []
    assert [found.site(name) for name in ("a__1.mp4", "b__1.mp4", "b__2.mp4")] == ["ridge", "creek", "creek"]


def test_bursts_are_not_called_films(tmp_path):
    cameras, later = _cameras(tmp_path, "folder,end\na,2024-05-31\n"), "2024-06-01T00:00:00"
    for files, told in [(("1.jpg",), "1 burst is in no period of"), (("1.jpg", "2.mp4"), "2 films and bursts are in no period of")]:
        assert _taken(cameras, {f"a/{file}": later for file in files}).doubts(NOW)[0].startswith(told)


def test_the_longest_row_counts_and_patterns_come_last(tmp_path):
    table = "folder,site\n.,all\n*/100RECNX,card\nridge,north\nridge/0*.mp4,south\nridge/02.mp4,west\nleft\\deep,east\n"
    found = _taken(
        _cameras(tmp_path, table),
        dict.fromkeys(["a.mp4", "creek/100RECNX/a.mp4", "ridge/1.mp4", "ridge/01.mp4", "ridge/02.mp4", "left/deep/x/y.mp4"], ""),
    )
    assert [found.site(name) for name in found._below] == ["all", "card", "north", "south", "west", "east"]


def test_a_row_for_a_film_changes_only_what_it_says(tmp_path):
    table = """folder,site,begin,end,timezone,clock,start,ignore
a,creek,2024-05-01,2024-05-31,+02:00,+1:00,,0 0 0.3 0.08
a,creek,2024-06-01,2024-06-30,+02:00,,,0 0 0.3 0.08
a/2.mp4,,,,,,2024-06-05 12:00,
a/3.mp4,ridge,,,,+0:30,,
"""
    cameras = _cameras(tmp_path, table)
    found = _taken(cameras, dict.fromkeys(["a/1.mp4", "a/2.mp4", "a/3.mp4"], "2024-05-17T06:00:00"))
    told = [(found.deployment(f"a__{n}.mp4").name, found.site(f"a__{n}.mp4"), written(found.start(f"a__{n}.mp4").time)) for n in (1, 2, 3)]
    assert told == [
        ("creek 2024-05-01", "creek", "2024-05-17 07:00:00.000+02:00"),
        ("creek 2024-06-01", "creek", "2024-06-05 12:00:00.000+02:00"),
        ("ridge", "ridge", "2024-05-17 06:30:00.000+02:00"),
    ]
    assert found.misfits() == found.doubts(NOW) == []
    assert len({row.region for number in "123" for row in cameras.of(["a", f"{number}.mp4"])}) == 1


def test_a_clock_that_was_reset_makes_no_nights(tmp_path):
    rows = _cameras(tmp_path, "folder,site\na,creek\n").rows
    videos = [_video(str(day), "creek", f"2024-05-{day:02} 06:00:00") for day in (1, 5, 9)] + [_video("0", "creek", "2000-01-01 00:00:10")]
    assert [one.nights for one in effort.effort(videos, [], rows, {})] == [8]


def test_a_row_may_name_the_copy_that_is_left_out_and_accents_have_two_forms(tmp_path):
    cameras = _cameras(tmp_path, "folder,site\ncopy.mp4,creek\nb\u00e4ch,upper\u00a0cre\u00adek \n")
    found = _taken(cameras, {"b.mp4": "", "ba\u0308ch/a.mp4": ""}, copies={"films/copy.mp4": "films/b.mp4"})
    assert found.site("b.mp4") == "creek" and found.site("ba\u0308ch__a.mp4") == "upper creek" and found.doubts(NOW) == []


def test_rows_of_one_site_give_the_site_of_a_film_without_a_time(tmp_path):
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
        ("creek,a,,,1,,,", "latitude and longitude belong together"),
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


CLOCK = [0, 0, 0.3, 0.08]


@pytest.mark.parametrize(
    "roi, ignore, region",
    [
        ("", "", {}),
        ("", "0 0 0.3 0.08", {"ignore": [CLOCK]}),
        ("0 0 1 0.9", "0,0,0.3,0.08; [0, 0.9, 1, 0.1]", {"roi": [0, 0, 1, 0.9], "ignore": [CLOCK, [0, 0.9, 1, 0.1]]}),
        ("", "0 0 0,3 0,08", {"ignore": [CLOCK]}),
    ],
)
def test_a_region_is_added_to_what_the_settings_say(roi, ignore, region):
    settings = Motion(lines=180)
    found = regions.of_film(settings, regions.read(roi, ignore))
    assert found.model_dump() == settings.model_dump() | {"roi": None, "ignore": []} | region


@pytest.mark.parametrize(
    "roi, ignore, message",
    [
        ("0 0 1 1; 0 0 1 1", "", "is more than one rectangle"),
        ("", "left", "'left' is not a rectangle. Write left, top, width and height"),
        ("", "0 0 1", "'0 0 1' is not a rectangle"),
        ("", "0 0 2 1", "is not allowed"),
        ("0.5 0 0.6 1", "", "reaches beyond the frame"),
        ("0.5 0 0 1", "", "is empty. Write a width and a height above 0"),
        ("0 0 nan 1", "", "is not allowed"),
        ("0 0 0.5 1", "0 0 0.5 1", "roi and ignore leave nothing of the frame"),
        ("", "0 0 1 0.5; 0 0.4 1 0.6", "roi and ignore leave nothing of the frame"),
        ("0.5 0.5 0.01 0.01", "", "leave nothing of the frame to look at, or less than size"),
    ],
)
def test_a_region_that_cannot_be_used_is_refused(roi, ignore, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        regions.read(roi, ignore)


def test_films_have_the_region_of_their_camera_and_a_search_of_their_own(tmp_path):
    cameras = _cameras(tmp_path, "folder,ignore\na,0 0 0.3 0.08\nb,\n")
    films = {name: Film(name * 16, 10.0, 1) for name in "abc"}
    found = Taken(cameras, None, Videos("films", {name: f"films/{name}/1.mp4" for name in "abc"}, {}, films)).searched.films
    assert found == films | {"a": films["a"]._replace(region='{"ignore": [[0.0, 0.0, 0.3, 0.08]]}')}
    store = MotionStore(tmp_path)
    before, after = (store.path(Stretch(of["a"], 0)) for of in (films, found))
    assert before != after and files_without(tmp_path, set()) == []
    after.touch()
    assert files_without(tmp_path, {"b" * 16}) == [after] and files_without(tmp_path, {"a" * 16}) == []


def test_the_region_of_a_film_is_that_of_its_period(tmp_path):
    cameras = _cameras(tmp_path, "folder,end,begin,ignore\na,2024-05-01,,0 0 0.3 0.08\na,,2024-05-02,0 0.9 1 0.1\n")
    times = {"early": "2024-04-01T10:00:00Z", "late": "2024-06-01T10:00:00Z", "unknown": ""}
    films = {name: Film(name, 10.0, 1) for name in times}
    headers = {name: FilmHeader(time, "") for name, time in times.items()}
    videos = Videos("films", {name: f"films/a/{name}.mp4" for name in times}, {}, films, headers)
    found = Taken(cameras, None, videos)
    regions_of = {name: film.region for name, film in found.searched.films.items()}
    early, late = (regions.read("", text) for text in ("0 0 0.3 0.08", "0 0.9 1 0.1"))
    assert regions_of == {"early": early, "late": late, "unknown": late}
    assert "1 film is in no period of" in "\n".join(found.doubts(NOW)) and "unknown.mp4" in "\n".join(found.doubts(NOW))


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


def _video(name, deployment, start, site="creek", seconds=60):
    return {"video": name, "deployment": deployment, "start": start, "site": site, "seconds": str(seconds)}


def _visit(video, event, name=""):
    return {"video": video, "event": str(event), "name": name}


def test_nights_are_those_of_the_rows_else_of_the_films_and_visits_count_once(tmp_path):
    table = """folder,site,begin,end,timezone
a,creek,2024-05-01,2024-05-31,Europe/Berlin
a,creek,2024-06-03 12:00,2024-06-10 09:00,Europe/Berlin
b,creek,2024-05-01,,
c,ridge,,,
d,dune,,,
quiet/DCIM,,2024-05-01,2024-05-10,
gone,gone,2024-05-01,,
"""
    rows = _cameras(tmp_path, table).rows
    one, two, three, four, five, *_ = (row.name for row in rows)
    videos = [
        _video("1", one, "2024-05-04 23:59:30+02:00"),
        _video("2", one, "2024-05-05 00:00:31+02:00"),
        _video("3", two, "2024-06-04 06:00:00+02:00"),
        _video("4", three, "2024-05-11 06:00:00", seconds=86_400),
        _video("5", four, "", "ridge"),
        _video("6", five, "2024-05-11 06:00:00", "dune"),
        _video("7", "", "2024-05-11 06:00:00", "nowhere"),
    ]
    visits = [_visit("1", 1), _visit("2", 1), _visit("2", 2), _visit("3", 3, "person"), _visit("4", 4, "fox"), _visit("7", 5)]
    worked = effort.effort(videos, visits, rows, {"person": {"is_private": True}, "fox": {"is_private": False}})
    assert [(found.nights, found.films, found.visits, found.row.has_period) for found in worked] == [
        (30, 2, 2, True),
        (7, 1, 0, True),
        (11, 1, 1, False),
        (None, 1, 0, False),
        (0, 1, 0, False),
        (9, 0, 0, True),
    ]
    creek, dune, quiet, ridge = effort.by_site(worked)
    assert quiet == ("quiet", 1, 9, 0, "0.00", "0.00", "40.99")
    # Garwood's interval for 3 is 0.6187 to 8.7673 (Ulm, 1990, table 1).
    assert creek == ("creek", 3, 48, 3, "6.25", f"{61.87 / 48:.2f}", f"{876.73 / 48:.2f}")
    alike = [one._replace(site="Creek") if one.films == 0 else one for one in worked if one.site in ("creek", "quiet")]
    assert [row[:3] for row in effort.by_site(alike)] == [("creek", 4, 57)]  # names that differ only in capitals are one site
    assert dune == ("dune", 1, 0, 0, "", "", "") and ridge == ("ridge", 1, "", 0, "", "", "")


@pytest.mark.parametrize(
    "time, latitude, longitude, light",
    [
        # Berlin at midsummer: the sun rises at about 4:43, fifty minutes after civil twilight has begun.
        ("2024-06-21 04:45+02:00", 52.52, 13.40, "day"),
        ("2024-06-21 04:40+02:00", 52.52, 13.40, "twilight"),
        ("2024-06-21 03:50+02:00", 52.52, 13.40, "night"),
        ("2024-06-21 00:00+02:00", 69.65, 18.96, "day"),  # Tromso: the sun does not set
        ("2024-12-21 00:00+01:00", 69.65, 18.96, "night"),
        ("2024-12-21 11:40+01:00", 69.65, 18.96, "twilight"),  # nor does it rise
        ("2024-05-17 12:00+02:00", -26.98, 21.83, "day"),
    ],
)
def test_day_and_night_are_those_of_the_place(time, latitude, longitude, light):
    assert light_at(datetime.fromisoformat(time), Place(latitude, longitude)) == light


def test_the_clock_of_a_film_outside_all_periods_is_corrected_if_there_is_one_way_to(tmp_path):
    cameras = _cameras(
        tmp_path,
        "folder,begin,end,clock,timezone\na,,2024-05-01,+1:00,+02:00\na,2024-05-03,2024-05-05,+1:00,+02:00\n"
        "b,,2024-05-01,+1:00,\nb,2024-05-03,2024-05-05,+2:00,\n",
    )
    found = _taken(cameras, {f"{camera}/1.mp4": "2024-06-01T10:00:00Z" for camera in "ab"})
    assert [written(found.start(f"{camera}__1.mp4").time) for camera in "ab"] == [
        "2024-06-01 11:00:00.000+02:00",
        "2024-06-01 10:00:00.000+00:00",
    ]
    assert found.deployment("a__1.mp4") is None


def test_a_clock_that_was_reset_is_told_also_if_the_first_film_has_it(tmp_path):
    times = ["2000-01-01T00:00:10", "2000-01-01T05:00:10", "2024-05-17T06:00:00", "2024-05-18T06:00:00", "2024-05-19T06:00:00"]
    (told,) = _taken(_cameras(tmp_path, "folder\na\n"), {f"a/{number}.mp4": time for number, time in enumerate(times)}).doubts(NOW)
    assert told.startswith("2 films begin more than a year from the others of the folder") and "a/1.mp4: 2000-01-01 05:00:10" in told
