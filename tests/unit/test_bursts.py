"""Stills: which belong together, what their headers say, and what is new in them."""

import json
import shutil
from datetime import datetime, timedelta
from itertools import pairwise

import cv2
import numpy as np
import pytest
import stills
from hypothesis import given
from hypothesis import strategies as st
from meerkat.data import images
from meerkat.errors import UserError
from meerkat.video import bursts, picture_header, sheets, video_files
from meerkat.video.burst_file import BurstFile, StillFrame
from meerkat.video.burst_search import BurstSearch
from meerkat.video.bursts import Still
from meerkat.video.known_films import KnownFilms
from meerkat.video.moments import Moment
from meerkat.video.recordings import Recording
from meerkat.video.regions import FilmMotion
from meerkat.video.search import Found, Sighting

MORNING = datetime(2024, 5, 17, 6)


def _still(below, created="", camera="Trail"):
    return Still(f"films/{below}", below, below, created, camera)


def _below(found):
    return [[still.below for still in burst.stills] for burst in found]


def test_stills_that_follow_each_other_are_a_burst_and_a_counter_that_wraps_does_not_divide_it():
    names = ["a/DCIM/100RECNX/RCNX9998.JPG", "a/DCIM/100RECNX/RCNX9999.JPG", "a/DCIM/101RECNX/RCNX0001.JPG", "a/DCIM/101RECNX/RCNX0002.JPG"]
    times = ["2024-05-17T06:00:00", "2024-05-17T06:00:01", "2024-05-17T06:00:02", "2024-05-17T06:00:20"]
    found = bursts.of([_still(*pair) for pair in zip(names, times, strict=True)], 10)
    assert _below(found) == [names[:3], names[3:]] and [list(burst.seconds) for burst in found] == [[0, 1, 2], [0]]
    assert found[0].lasts == 3
    (apart,) = bursts.of([_still(*pair) for pair in zip(names, times, strict=True)], 18)
    assert list(apart.seconds) == [0, 1, 2, 20]


def test_stills_of_other_cameras_or_without_a_time_are_no_burst():
    same = "2024-05-17T06:00:00"
    found = bursts.of(
        [_still("a/1.jpg", same), _still("b/2.jpg", same), _still("a/3.jpg", same, "Other"), _still("a/4.jpg"), _still("a/5.jpg")], 10
    )
    assert sorted(_below(found)) == [["a/1.jpg"], ["a/3.jpg"], ["a/4.jpg"], ["a/5.jpg"], ["b/2.jpg"]]


def test_stills_of_the_same_second_are_spread_over_it_and_fractions_and_zones_count():
    found = bursts.of([_still(f"a/{number}.jpg", "2024-05-17T06:00:00") for number in range(4)], 10)
    assert list(found[0].seconds) == [0, 0.25, 0.5, 0.75]
    times = ["2024-05-17T06:00:00.250+02:00", "2024-05-17T04:00:00.750+00:00", "2024-05-17T06:00:01+02:00"]
    (burst,) = bursts.of([_still(f"a/{number}.jpg", time) for number, time in enumerate(times)], 10)
    assert list(burst.seconds) == [0, 0.5, 0.75]


@given(st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 400), st.booleans()), max_size=150), st.floats(0, 20))
def test_each_still_is_in_one_burst_in_the_order_of_its_time(drawn, apart):
    taken = [(camera, second, timed) for camera, second, timed in drawn]
    given_ = [
        _still(f"{camera}/{number}.jpg", (MORNING + timedelta(seconds=second)).isoformat() if timed else "")
        for number, (camera, second, timed) in enumerate(taken)
    ]
    found = bursts.of(given_, apart)
    assert sorted(still for burst in found for still in burst.stills) == sorted(given_)
    for burst in found:
        assert burst.seconds[0] == 0 and all(earlier < later for earlier, later in pairwise(burst.seconds))
        assert len({still.below[0] for still in burst.stills}) == 1
        times = [datetime.fromisoformat(still.created) for still in burst.stills if still.created]
        assert all((later - earlier).total_seconds() <= apart for earlier, later in pairwise(times))
    assert bursts.of(given_[::-1], apart) == found


def test_what_headers_say(tmp_path):
    picture = np.full((40, 60, 3), 90, np.uint8)
    stills.write(tmp_path / "a.jpg", picture, MORNING, fraction="25", zone="+02:00", model="HC550")
    stills.write(tmp_path / "none.png", picture)
    stills.write(tmp_path / "no_zone.jpg", picture, MORNING, zone="   :  ", model="HC550")  # as cameras write that they know none
    assert picture_header.read_or_empty(tmp_path / "no_zone.jpg") == ("2024-05-17T06:00:00", "HC550")
    (tmp_path / "text.jpg").write_text("no picture")
    assert picture_header.read_or_empty(tmp_path / "a.jpg") == ("2024-05-17T06:00:00.25+02:00", "HC550")
    assert picture_header.read_or_empty(tmp_path / "none.png") == picture_header.read_or_empty(tmp_path / "text.jpg") == ("", "")
    with pytest.raises(OSError):
        picture_header.read_or_empty(tmp_path / "gone.jpg")


def test_a_still_is_shrunk_upright_without_decoding_all_of_it(tmp_path):
    picture = np.zeros((1600, 2400, 3), np.uint8)
    picture[:, :1200] = 200
    (tmp_path / "a.jpg").write_bytes(cv2.imencode(".jpg", picture)[1].tobytes())
    still = StillFrame(str(tmp_path / "a.jpg"), 1, 0.0)
    small = still.shrunk(200)
    assert still.size == (1600, 2400) and small.shape == (200, 300, 3)
    assert cv2.absdiff(small, cv2.resize(still.picture, (300, 200), interpolation=cv2.INTER_AREA)).mean() < 1
    from PIL import Image

    exif = Image.Exif()
    exif[0x0112] = 6  # a quarter to the right
    Image.fromarray(picture).save(tmp_path / "turned.jpg", exif=exif)
    turned = StillFrame(str(tmp_path / "turned.jpg"), 1, 0.0)
    assert turned.size == (2400, 1600) == turned.picture.shape[:2] and turned.shrunk(300).shape == (300, 200, 3)
    assert turned.shrunk(300)[10].mean() > 150 > turned.shrunk(300)[-10].mean()


def _scene(random, lines=360, columns=540):
    """A place with detail, uint8 [lines, columns, 3]."""
    field = sum(cv2.GaussianBlur(random.normal(0, 1, (lines, columns, 3)), (0, 0), size) * size * 22 for size in (2, 6, 20))
    return np.clip(110 + field, 20, 235).astype(np.uint8)


def _with(scene, box, random, gain=1.0):
    """The scene in other light, with noise, and with a thing of its own pattern in it."""
    picture = scene.copy()
    if box:
        x, y, w, h = box
        picture[y : y + h, x : x + w] = np.clip(picture[y : y + h, x : x + w].astype(int) + 45, 0, 255)
    shade = np.linspace(gain, 2 - gain, scene.shape[1])[None, :, None]
    return np.clip(picture * shade + random.normal(0, 1, scene.shape), 0, 255).astype(np.uint8)


def _season(folder, boxes, seed=1, gains=None):
    """A camera with a burst for each list of boxes, where None shows nothing."""
    random = np.random.default_rng(seed)
    scene = _scene(random)
    for number, of_burst in enumerate(boxes):
        gain = gains[number] if gains else 1 + 0.1 * np.sin(number)
        for place, box in enumerate(of_burst):
            path = folder / f"IMG_{number:02}{place:02}.jpg"
            stills.write(path, _with(scene, box, random, gain), MORNING + timedelta(hours=number, seconds=place))
    return video_files.list_videos(folder)


def _found(videos, name, settings=None):
    """The boxes of a burst by the number of the still, and its tracks."""
    film = videos.films[name]
    all_found = list(BurstSearch(videos).search(film.id, BurstFile(videos.paths[name], film.pictures), settings or FilmMotion()))
    seen = [(one.frame, one.box) for one in all_found if isinstance(one, Sighting)]
    return seen, [one for one in all_found if isinstance(one, Found)]


def _is_near(box, thing):
    x, y, w, h = thing
    middle = box.x + box.w / 2, box.y + box.h / 2
    return x <= middle[0] <= x + w and y <= middle[1] <= y + h and box.w * box.h < 6 * w * h


def test_what_moves_is_found_without_neighbours(tmp_path):
    things = [(60, 200, 50, 40), (200, 200, 50, 40), (340, 200, 50, 40)]
    videos = _season(tmp_path, [things])
    seen, tracks = _found(videos, "IMG_0000")
    assert [frame for frame, _ in seen] == [1, 2, 3] and all(_is_near(box, things[frame - 1]) for frame, box in seen)
    assert all(1 <= len(track.clips) <= 3 for track in tracks)


def test_what_stands_still_is_found_because_neighbouring_bursts_lack_it_in_other_light(tmp_path):
    thing = (300, 220, 70, 60)
    videos = _season(tmp_path, [[None] * 3, [None] * 3, [thing] * 3, [None] * 3, [None] * 3])
    seen, tracks = _found(videos, "IMG_0200")
    assert [frame for frame, _ in seen] == [1, 2, 3] and all(_is_near(box, thing) for _, box in seen) and len(tracks) == 1
    for empty in ("IMG_0000", "IMG_0100", "IMG_0300", "IMG_0400"):
        assert _found(videos, empty) == ([], [])


def test_what_is_ignored_is_not_found(tmp_path):
    thing = (300, 220, 70, 60)
    videos = _season(tmp_path, [[None] * 3, [thing] * 3, [None] * 3])
    assert _found(videos, "IMG_0100", FilmMotion(ignore=[[0.5, 0.5, 0.5, 0.5]])) == ([], [])
    assert len(_found(videos, "IMG_0100", FilmMotion(roi=[0.5, 0.5, 0.5, 0.5]))[1]) == 1


def test_a_still_that_nothing_can_be_compared_with_is_looked_at_whole(tmp_path):
    random = np.random.default_rng(3)
    colour = _scene(random)
    night = cv2.cvtColor(cv2.cvtColor(_scene(random), cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR)
    stills.write(tmp_path / "a.jpg", colour)
    stills.write(tmp_path / "b.jpg", night)
    videos = video_files.list_videos(tmp_path)
    for name in "ab":
        assert [box for _, box in _found(videos, name)[0]] == [(0, 0, 540, 360)]
    stills.write(tmp_path / "c.jpg", _with(colour, None, random))  # Now a has a neighbour, in which nothing is new.
    assert _found(video_files.list_videos(tmp_path), "a") == ([], [])
    stills.write(tmp_path / "d.jpg", _scene(random))
    assert _found(video_files.list_videos(tmp_path), "d")[0], "another view"


def test_odd_sizes_do_no_harm(tmp_path, monkeypatch):
    for number in range(2):  # Nothing can be seen in a point.
        stills.write(tmp_path / f"point{number}.jpg", np.full((1, 1, 3), 90, np.uint8), MORNING + timedelta(seconds=number))
    scene = _scene(np.random.default_rng(5))
    for number, size in enumerate([(540, 360), (270, 180), (300, 400)]):
        taken = MORNING + timedelta(hours=1, seconds=number)
        stills.write(tmp_path / f"size{number}.jpg", cv2.resize(scene, size), taken)
    videos = video_files.list_videos(tmp_path)
    assert _found(videos, "point0")[0] and [box for _, box in _found(videos, "size0")[0]] == [(0, 0, 540, 360)] * 3
    monkeypatch.setattr(images, "MAX_PIXELS", 100_000)
    large = BurstFile(videos.paths["size0"], videos.films["size0"].pictures)
    still = next(large.looks())
    assert still.size == still.picture.shape[:2] == (180, 270)


def test_stills_that_cannot_be_read_are_named_and_the_others_complete(tmp_path):
    things = [(60, 200, 50, 40), (200, 200, 50, 40), (340, 200, 50, 40)]
    _season(tmp_path, [things])
    torn = tmp_path / "IMG_0001.jpg"
    torn.write_bytes(torn.read_bytes()[:-2000])
    videos = video_files.list_videos(tmp_path)
    burst = BurstFile(videos.paths["IMG_0000"], videos.films["IMG_0000"].pictures)
    found = list(BurstSearch(videos).search(videos.films["IMG_0000"].id, burst, FilmMotion()))
    assert {one.frame for one in found if isinstance(one, Sighting)} == {1, 3}
    assert burst.what_is_missing() == "IMG_0001.jpg: truncated JPEG: its end is missing"
    assert (burst.completeness.frames, burst.seconds, burst.size) == (2, 3.0, (360, 540))
    assert [frame.number for frame in burst.between(0.5, 1.0)] == [1]


def test_bursts_keep_their_names_and_ids_when_they_move_and_new_ones_come(tmp_path):
    folder = tmp_path / "cards"
    known = KnownFilms()
    _season(folder / "a", [[None] * 3, [None] * 3])
    first = video_files.list_videos(folder, (), known)
    assert list(first.paths) == ["a__IMG_0000", "a__IMG_0100"] and len(first.ids) == 6
    for name, film in first.films.items():
        assert Recording(first.paths[name], film.pictures).is_of(film.id)
        assert first.name_of[str(folder / f"a/{name[3:-1]}2.jpg")] == name
        assert first.names_as_written()[f"a/{name[3:-1]}1.jpg"] == name
    (folder / "a/IMG_0101.jpg").unlink()
    (folder / "b").mkdir()
    for path in (folder / "a").glob("IMG_00*"):
        shutil.move(path, folder / "b" / path.name)
    second = video_files.list_videos(folder, (), known)
    assert second.films["b__IMG_0000"].id == first.films["a__IMG_0000"].id
    assert second.films["a__IMG_0100"].id != first.films["a__IMG_0100"].id
    assert len(known.gone(second.ids)) == 1
    assert json.loads(second.films["b__IMG_0000"].pictures) == [["IMG_0000.jpg", 0.0], ["IMG_0001.jpg", 1.0], ["IMG_0002.jpg", 2.0]]


def test_copies_of_stills_are_left_out_and_clips_of_people_are_no_stills(tmp_path):
    _season(tmp_path / "a", [[None] * 2])
    shutil.copytree(tmp_path / "a", tmp_path / "b")
    stills.write(tmp_path / "myclips/Training/Positive/x.jpg", np.full((50, 50, 3), 7, np.uint8))
    videos = video_files.list_videos(tmp_path, [tmp_path / "myclips"])
    assert list(videos.paths) == ["a__IMG_0000"] and len(videos.copies) == 2
    assert {videos.name_of[copy] for copy in videos.copies} == {"a__IMG_0000"}
    with pytest.raises(UserError, match="contains no video and no still"):
        video_files.list_videos(tmp_path / "myclips", [tmp_path / "myclips/Training"])
    (tmp_path / "phone").mkdir()
    (tmp_path / "phone/IMG_1.HEIC").touch()
    with pytest.raises(UserError, match="convert these pictures to JPEG"):
        video_files.list_videos(tmp_path / "phone")


@given(st.lists(st.integers(0, 2**32), min_size=1, max_size=400, unique=True), st.integers(0, 10**6))
def test_a_new_burst_changes_only_the_batch_that_it_is_in(numbers, where):
    made = [bursts.Burst([_still(f"a/{place:04}.jpg")._replace(id=str(number))], [0.0]) for place, number in enumerate(numbers)]
    batches = {path: film.batch for path, film in video_files._films_of(made).items()}
    new = bursts.Burst([_still(f"a/{where % len(numbers):04}a.jpg")._replace(id="new")], [0.0])
    after = {path: film.batch for path, film in video_files._films_of([*made, new]).items()}
    changed = {batches[path] for path in batches if batches[path] != after[path]}
    assert len(changed) <= 1


def test_stills_of_other_views_in_one_folder_are_no_neighbours(tmp_path):
    """As in a folder of pictures that somebody has collected: they differ in all places, and nothing would stand out."""
    for number in range(6):
        stills.write(tmp_path / f"{number}.jpg", _scene(np.random.default_rng(number)))
    videos = video_files.list_videos(tmp_path)
    assert all([box for _, box in _found(videos, str(number))[0]] == [(0, 0, 540, 360)] for number in range(6))


def test_the_audit_shows_each_still_of_a_burst_once(tmp_path):
    for number in range(3):
        cv2.imwrite(str(tmp_path / f"{number}.jpg"), np.full((540, 960, 3), 60 * number + 60, np.uint8))
    burst = Recording(str(tmp_path / "0.jpg"), json.dumps([["0.jpg", 0.0], ["1.jpg", 1.0], ["2.jpg", 9.0]]))
    moment = Moment("id", "burst", 0.0, 10.0)
    assert sheets.times_of(moment, [0.0, 1.0, 9.0]) == [0.0, 1.0, 9.0] and len(sheets.times_of(moment, [])) == sheets.PICTURES
    pictures, trail = sheets.sheet(burst, moment)
    assert pictures.shape == (2 * 405, 2 * 720, 3) and trail.shape[0] == sheets.TRAIL_LINES
    corners = [int(pictures[y, x, 0]) for y in (200, 600) for x in (300, 1000)]
    assert corners == [60, 120, 180, 0]
