"""What the page of cameras finds out and writes: silences, odd views, clocks in pictures, single cells of the table."""

import csv
import io
from datetime import datetime, timedelta

import numpy as np
import pytest
import season
from hypothesis import assume, given
from hypothesis import strategies as st
from meerkat.camera_page import burned_in_clock
from meerkat.camera_page.odd_views import DARK, TURNED, USUAL, views
from meerkat.camera_page.table_file import TableFile
from meerkat.errors import UserError
from meerkat.video import clocks, regions
from meerkat.video.cameras import COLUMNS, Cameras
from meerkat.video.silences import gaps
from meerkat.video.videos import Video

DAY = datetime(2024, 4, 12, 9)
MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2030, 1, 1)).map(lambda time: time.replace(microsecond=0))


def _check(path):
    Cameras(str(path))


# Silences


def _every(days, number, first=DAY):
    return [first + timedelta(days=days * place) for place in range(number)]


def test_a_regular_camera_has_no_gap_however_rarely_it_sees_something():
    assert gaps(_every(5, 12)) == gaps(_every(0.01, 300)) == gaps([]) == gaps([DAY]) == gaps(_every(40, 2)) == []


def test_a_silence_far_longer_than_usual_is_a_gap_and_two_do_not_hide_each_other():
    times = _every(0.5, 20)
    times += _every(0.5, 20, times[-1] + timedelta(days=12))
    times += _every(0.5, 20, times[-1] + timedelta(days=9))
    assert gaps(times) == [19, 39]


@given(st.lists(st.floats(0, 1.9), min_size=1, max_size=60))
def test_what_lasts_less_than_two_days_is_never_a_gap(days):
    times = [DAY + timedelta(days=sum(days[:place])) for place in range(len(days) + 1)]
    assert gaps(times) == []


@pytest.mark.parametrize("seed", range(5))
def test_chance_makes_few_gaps_and_a_failure_of_ten_days_is_found(seed):
    chance = np.random.default_rng(seed)
    steps = chance.exponential(0.4, 200)
    times = [DAY + timedelta(days=float(days)) for days in np.cumsum(steps)]
    assert len(gaps(times)) <= 2
    failed = times[:100] + [time + timedelta(days=10) for time in times[100:]]
    assert 99 in gaps(failed)


# Views


def _scenes(number):
    chance = np.random.default_rng(number)
    scene = season._scene(chance)
    return [np.clip(scene * light + chance.normal(0, 4, scene.shape), 0, 255).astype(np.uint8) for light in (0.7, 0.8, 1, 1.1, 1.2, 0.9)]


def test_dark_and_turned_pictures_are_told_by_day_and_with_infrared_light():
    usual, other = _scenes(1), _scenes(2)
    grey = [np.repeat(picture.mean(axis=2, keepdims=True), 3, axis=2).astype(np.uint8) for picture in usual]
    grey_other = np.repeat(other[0].mean(axis=2, keepdims=True), 3, axis=2).astype(np.uint8)
    dark = (usual[0] * 0.05).astype(np.uint8)
    pictures = [*usual, other[0], other[1], *grey, grey_other, dark]
    assert views(pictures) == [USUAL] * 6 + [TURNED] * 2 + [USUAL] * 6 + [TURNED, DARK]


def test_without_a_view_that_most_films_show_nothing_is_turned():
    assert views(_scenes(1)[:3] + _scenes(2)[:3]) == [USUAL] * 6
    assert views(_scenes(1)[:1] + _scenes(2)[:1]) == [USUAL] * 2
    assert views([]) == []


# Clocks in pictures


@pytest.mark.parametrize("corner", [(8, 20), (392, 350), (200, 180)])
def test_a_burned_in_clock_is_found_where_it_stands(tmp_path, corner):
    film = season.Placed("cam", corner, timedelta(), [season.Shot(DAY.replace(second=7))])
    season.make(tmp_path, [film])
    left, top, width, height = burned_in_clock.find(Video(tmp_path / "cam/EK000001.mp4"))
    text = corner[0] / 640, (corner[1] - season.CLOCK[1]) / 360, (corner[0] + season.CLOCK[0]) / 640, corner[1] / 360
    assert left <= text[0] + 0.01 and top <= text[1] + 0.01 and left + width >= text[2] - 0.01 and top + height >= text[3] - 0.01
    assert width < 0.45 and height < 0.15


def test_moving_things_alone_are_no_clock():
    chance = np.random.default_rng(1)
    scene = chance.integers(0, 255, (270, 480), np.uint8)
    rolling = [np.roll(scene, 3 * place, axis=1) for place in range(40)]
    still = [scene for _ in range(40)]
    blinking = [scene if place % 2 else 255 - scene for place in range(40)]
    seconds = [place / 6 for place in range(40)]
    assert [burned_in_clock.find_in(seconds, pictures) for pictures in (rolling, still, blinking, [])] == [None] * 4


# Texts of clocks and regions


@given(MOMENTS, MOMENTS)
def test_what_was_seen_once_is_written_and_read_again(shown, true):
    assume(abs(true - shown) < timedelta(days=90000))
    assert clocks.read(clocks.written([(shown, true)])).correct(shown) == true


@given(MOMENTS, st.integers(-90000, 90000), st.integers(20, 400), st.integers(-1800, 1800))
def test_what_was_seen_twice_is_right_at_both_times(first, shift, days, drift):
    second = first + timedelta(days=days)
    seen = [(first, first + timedelta(seconds=shift)), (second, second + timedelta(seconds=shift + drift))]
    clock = clocks.read(clocks.written(seen))
    assert all(abs(clock.correct(shown) - true) <= timedelta(seconds=2) for shown, true in seen)


def test_clocks_are_written_as_people_write_them():
    shown = datetime(2024, 5, 17, 6, 29, 44)
    wanted = {0: "+0:00", 3600: "+1:00", -780: "-0:13", -172_800 - 785: "-2 d 0:13:05", 31: "+0:00:31"}
    assert {seconds: clocks.written([(shown, shown + timedelta(seconds=seconds))]) for seconds in wanted} == wanted
    with pytest.raises(ValueError, match="no clock gains or loses an hour a day"):
        clocks.written([(shown, shown), (shown + timedelta(days=1), shown + timedelta(days=3))])


def _rectangles(least, most):
    """Rectangles with sides of so many thousandths."""
    sides = st.tuples(*[st.integers(0, 1000 - most)] * 2, *[st.integers(least, most)] * 2)
    return sides.map(lambda values: [value / 1000 for value in values])


@given(st.lists(_rectangles(300, 500), max_size=1), st.lists(_rectangles(1, 100), max_size=4))
def test_rectangles_are_written_and_read_again(roi, ignore):
    region = regions.read(regions.written(roi), regions.written(ignore))
    assert regions.rectangles(region, "roi") == roi and regions.rectangles(region, "ignore") == ignore


# The table

CELLS = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z"), exclude_characters="\u00ad"), max_size=8)


@given(
    st.lists(CELLS, min_size=1, max_size=5),
    CELLS,
    st.sampled_from([",", ";", "\t"]),
    st.sampled_from(["\n", "\r\n"]),
    st.booleans(),
    st.data(),
)
def test_a_cell_changes_and_all_other_lines_stay_to_the_byte(tmp_path_factory, notes, said, separator, end, has_end, data):
    path = tmp_path_factory.mktemp("table") / "cameras.csv"
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=separator, lineterminator=end)
    writer.writerow(["Note", "Folder"])
    writer.writerows([note, f"cam{place}"] for place, note in enumerate(notes))
    before = buffer.getvalue() if has_end else buffer.getvalue().removesuffix(end)
    path.write_text(before, newline="")
    table = TableFile(path, _check)
    chosen = data.draw(st.integers(0, len(notes) - 1))
    table.change({chosen + 2: {"note": said}})
    after = path.read_bytes().decode()
    kept = [line for place, line in enumerate(before.split("\n")) if place != chosen + 1]
    assert [line for place, line in enumerate(after.split("\n")) if place != chosen + 1] == kept
    rows = [row for row in csv.reader(io.StringIO(after, newline=""), delimiter=separator) if row]
    assert rows[chosen + 1] == [said, f"cam{chosen}"]
    table.change({}, [{"folder": "new", "site": "far"}])
    rows = [row for row in csv.reader(io.StringIO(path.read_bytes().decode(), newline=""), delimiter=separator) if row]
    assert rows[0] == ["Note", "Folder", "site"] and rows[-1] == ["", "new", "far"] and rows[chosen + 1] == [said, f"cam{chosen}", ""]
    assert table.undo() and table.undo() and path.read_bytes().decode() == before and not table.undo()


def test_a_column_is_added_beside_columns_that_a_spreadsheet_left_empty(tmp_path):
    path = tmp_path / "cameras.csv"
    path.write_bytes(b"sep=;\r\nFolder;Note;;\r\na;x;;\r\n\r\nb;y;;\r\n")
    TableFile(path, _check).change({4: {"timezone": "+02:00"}})
    assert path.read_bytes() == b"sep=;\r\nFolder;Note;timezone\r\na;x;\r\n\r\nb;y;+02:00\r\n"


def test_a_change_that_would_spoil_the_table_is_refused_and_changes_nothing(tmp_path):
    path = tmp_path / "cameras.csv"
    path.write_text(f"{','.join(COLUMNS)}\n,cam,,,,,,,,,,,\n")
    before = path.read_bytes()
    table = TableFile(path, _check)
    with pytest.raises(UserError, match=r"cameras.csv cannot be used:\n  line 2: 'Mars' is not a time zone"):
        table.change({2: {"timezone": "Mars"}})
    assert path.read_bytes() == before and [one.name for one in tmp_path.iterdir()] == ["cameras.csv"] and not table.undo()


def test_what_another_program_wrote_is_seen_and_not_undone(tmp_path):
    path = tmp_path / "cameras.csv"
    path.write_text("folder,note\ncam,\n")
    table = TableFile(path, _check)
    table.change({2: {"note": "mine"}})
    path.write_text("folder,note\ncam,theirs\n")
    assert table.has_changed() and not table.has_changed() and not table.undo()
    assert path.read_text() == "folder,note\ncam,theirs\n"


def test_a_link_stays_a_link_lines_may_end_as_on_old_computers_and_a_protected_table_is_left_alone(tmp_path):
    (tmp_path / "shared.csv").write_bytes(b"folder,note\rcam,\rcam2,x\r")
    path = tmp_path / "cameras.csv"
    path.symlink_to("shared.csv")
    table = TableFile(path, _check)
    table.change({2: {"note": "mine"}}, [{"folder": "new"}])
    assert path.is_symlink() and (tmp_path / "shared.csv").read_bytes() == b"folder,note\rcam,mine\rcam2,x\rnew,\r"
    (tmp_path / "shared.csv").chmod(0o444)
    with pytest.raises(UserError, match="is write-protected, so nothing was changed"):
        table.change({2: {"note": "other"}})
    assert (tmp_path / "shared.csv").read_bytes() == b"folder,note\rcam,mine\rcam2,x\rnew,\r"
