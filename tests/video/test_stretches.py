"""Films are searched in stretches, and the result does not depend on how the work is divided."""

import errno
import math
from itertools import pairwise
from pathlib import Path

import cv2
import films
import numpy as np
import pytest
from conftest import SAMPLES
from hypothesis import given
from hypothesis import strategies as st
from meerkat.video import borders, division, stretches, videos
from meerkat.video.motion_files import MotionFiles, read_boxes
from meerkat.video.motion_store import DamagedStretch, MotionStore
from meerkat.video.regions import FilmMotion
from meerkat.video.search import search
from meerkat.video.stretches import Film, Stretch
from meerkat.video.videos import Video

MEADOW = SAMPLES / "videos/meadow.mp4"
SETTINGS = FilmMotion(ignore=[[0, 0, 0.3, 0.08]])


def _search(path: Path, store: MotionStore, film: Film) -> list:
    """Search the stretches of a film that the store lacks; returns what was found in all."""
    found = []
    for number in range(film.stretches):
        stretch = Stretch(film, number)
        if not store.has(stretch):
            with store.writing(stretch) as out:
                video = Video(path)
                for one in search(video, SETTINGS, stretch.begin, stretch.end):
                    out.write(one)
                out.finish(video, "", 0.0)
        with store.open(stretch) as opened:
            found.append(opened.found)
    return found


@pytest.fixture(scope="module")
def walk(tmp_path_factory):
    """A film of 24 s in which one spotted box walks from left to right and back, without a pause; at first it is not there."""
    path = tmp_path_factory.mktemp("walk") / "walk.mp4"
    spots = cv2.resize(np.random.default_rng(0).integers(90, 255, (8, 10, 3), dtype=np.uint8), (60, 48), interpolation=cv2.INTER_CUBIC)
    noise = np.random.default_rng(1).integers(50, 70, (8, 180, 320, 3), dtype=np.uint8)

    def frames():
        for number in range(600):
            frame = noise[number % 8].copy()
            x = 250 - abs(5 * number % 1000 // 2 - 250)
            if number > 20:
                frame[60:108, x : x + 60] = spots
            yield films.av.VideoFrame.from_ndarray(frame, format="bgr24")

    films.encode(path, frames(), "libx264", options={"preset": "veryfast", "g": "50"})
    return path


@pytest.fixture(scope="module")
def found_in_whole(walk, tmp_path_factory):
    """What is found if the film is searched as a whole."""
    return _search(walk, MotionStore(tmp_path_factory.mktemp("whole")), Film("w", 24.0, 1))


@pytest.mark.parametrize("number", [2, 3, 7])
def test_a_passage_that_crosses_borders_is_one_track(walk, found_in_whole, tmp_path, number):
    whole = borders.join(found_in_whole, 3)
    divided = borders.join(_search(walk, MotionStore(tmp_path), Film("d", 24.0, number)), 3)
    assert [len(track.parts) for track in divided] == [number] and len(whole) == 1
    one, other = whole[0], divided[0]
    assert (one.track.began, one.track.last) == pytest.approx((other.track.began, other.track.last), abs=0.2)
    assert one.track.boxes == pytest.approx(other.track.boxes, abs=2 * number)
    kept = [clip for part in other.parts for clip in part.clips]
    assert len(kept) == 3 and kept == sorted(kept, key=lambda clip: clip.seconds)
    assert kept[-1].seconds - kept[0].seconds > 24 / 3  # They are spread over all of the track.
    assert other.best.quality == pytest.approx(one.best.quality, rel=0.2)


def test_a_border_makes_no_track_where_nothing_moves(tmp_path):
    still = np.random.default_rng(1).integers(50, 70, (8, 180, 320, 3), dtype=np.uint8)
    pictures = (films.av.VideoFrame.from_ndarray(still[number % 8], format="bgr24") for number in range(250))
    films.encode(tmp_path / "still.mp4", pictures, "libx264", options={"preset": "veryfast"})
    assert borders.join(_search(tmp_path / "still.mp4", MotionStore(tmp_path), Film("s", 10.0, 3)), 3) == []


def test_the_facts_of_a_film_are_those_of_all_its_stretches(walk, found_in_whole, tmp_path):
    facts = borders.facts(_search(walk, MotionStore(tmp_path), Film("f", 24.0, 5)))
    whole = borders.facts(found_in_whole)
    assert facts.problem == whole.problem == "" and facts.completeness.frames == whole.completeness.frames == 600
    assert facts.looks == pytest.approx(whole.looks, abs=5) and facts.seconds == whole.seconds == pytest.approx(24)
    longer = borders.facts(_search(walk, MotionStore(tmp_path), Film("l", 30.0, 5)))  # as a header that lies would have it
    assert longer.completeness.frames == 600 and longer.problem == ""


def test_a_search_that_was_interrupted_or_done_elsewhere_gives_the_same_files(walk, tmp_path):
    film = Film("x", 24.0, 4)
    here, there = MotionStore(tmp_path / "here"), MotionStore(tmp_path / "there")
    _search(walk, here, film)
    for number in (3, 1, 0, 2):  # another order, and the files of each look alike to the byte but for the time that the search took
        with there.writing(Stretch(film, number)) as out:
            video = Video(walk, threads=2)
            for one in search(video, SETTINGS, Stretch(film, number).begin, Stretch(film, number).end):
                out.write(one)
            out.finish(video, "", 0.0)
    for number in range(4):
        assert here.path(Stretch(film, number)).read_bytes() == there.path(Stretch(film, number)).read_bytes()
    for store, name in ((here, "one"), (there, "two")):
        MotionFiles(tmp_path / name, tmp_path / name / "clips").make("film", film, store, 3, {})
    files = {path.relative_to(tmp_path / "one") for path in (tmp_path / "one").rglob("*.*")}
    assert len(files) >= 2 * 3 + 4
    assert all((tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes() for file in files if file.suffix == ".jpg")
    assert read_boxes(tmp_path / "one/film").equals(read_boxes(tmp_path / "two/film"))


def test_damage_to_a_stored_stretch_is_noticed(tmp_path):
    film, store = Film("m", 8.12, 1), MotionStore(tmp_path)
    _search(MEADOW, store, film)
    path = store.path(Stretch(film, 0))
    whole = path.read_bytes()
    for member in ("facts.json", "boxes.csv", "clips/0-0.jpg"):
        damaged = bytearray(whole)
        damaged[whole.index(member.encode()) + len(member) + 50] ^= 1
        for content in (damaged, damaged[: len(damaged) // 2]):
            path.write_bytes(content)
            with pytest.raises(DamagedStretch):
                MotionFiles(tmp_path / "motion", tmp_path / "clips").make("film", film, store, 3, {})


def test_a_full_disk_is_no_damage_to_the_store(tmp_path, monkeypatch):
    film, store = Film("m", 8.12, 1), MotionStore(tmp_path)
    _search(MEADOW, store, film)

    def full(path, content):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError, match="No space left"):
        MotionFiles(tmp_path / "motion", tmp_path / "clips").make("film", film, store, 3, {})


def test_only_films_whose_index_leads_to_the_borders_are_divided(walk, tmp_path, monkeypatch):
    monkeypatch.setattr(stretches, "LONGEST", 5.0)
    monkeypatch.setattr(videos, "_NEAR", 8.0)
    assert division.divide(str(walk))[:2] == (24.0, 5)
    films.copy(tmp_path / "walk.ts", walk)
    films.copy(tmp_path / "walk.mkv", walk)
    films.cut_off(tmp_path / "cut.mkv", tmp_path / "walk.mkv", 0.7)
    assert division.divide(str(tmp_path / "walk.ts"))[1] == 1
    assert division.divide(str(tmp_path / "walk.mkv"))[1] == 5
    assert division.divide(str(tmp_path / "cut.mkv"))[1] == 1
    (tmp_path / "text.mp4").write_text("no film")
    assert division.divide(str(tmp_path / "text.mp4"))[:2] == (0.0, 1)


_films = st.lists(
    st.builds(Film, st.text("0123456789abcdef", min_size=16, max_size=16), st.floats(0, 50_000), st.integers(1, 90)),
    max_size=30,
    unique_by=lambda film: film.id,
)


@given(_films)
def test_each_stretch_is_in_one_shard_and_those_of_a_film_in_different_ones(some):
    shards = stretches.by_shard(stretches.of(some))
    assert sorted(stretch for of_shard in shards.values() for stretch in of_shard) == sorted(stretches.of(some))
    number = {int(name.rpartition("-")[2]) for name in shards}
    assert not number or (len(number) == 1 and 8 <= number.pop() <= 256)
    for film in some:
        of_film = [sum(stretch.film == film for stretch in of_shard) for of_shard in shards.values()]
        assert max(of_film) - min(of_film) <= math.ceil(film.stretches / 8)
    assert shards == stretches.by_shard(stretches.of(some[::-1])) or sorted(shards) == sorted(stretches.by_shard(stretches.of(some[::-1])))


@given(_films, st.integers(1, 90))
def test_the_stretches_of_a_film_follow_each_other(some, number):
    for film in some:
        of_film = stretches.of([film])
        assert of_film[0].begin == 0 and math.isinf(of_film[-1].end)
        assert all(one.end == later.begin for one, later in pairwise(of_film))


def test_another_film_changes_no_shard_of_those_before():
    some = [Film(f"{number:016x}", 60.0, 1) for number in range(20)]
    before, after = stretches.by_shard(stretches.of(some)), stretches.by_shard(stretches.of([*some, Film("f" * 16, 60.0, 1)]))
    changed = [name for name in after if before.get(name) != after[name]]
    assert len(changed) == 1
