"""Films as cameras, recorders and editors write them are read right, and what they lack is told."""

import math

import av
import cv2
import films
import numpy as np
import pytest
from conftest import SAMPLES
from hypothesis import given, settings
from hypothesis import strategies as st
from meerkat import clock
from meerkat.video import film_cut, motion, videos
from meerkat.video.film_file import FilmFile
from meerkat.video.recordings import Recording
from meerkat.video.regions import FilmMotion

MEADOW = SAMPLES / "videos/meadow.mp4"
FRAMES = 60


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder of films, all of the same pictures."""
    folder = tmp_path_factory.mktemp("films")

    def encode(name, codec, **settings):
        films.encode(folder / name, films.pictures(MEADOW, FRAMES), codec, **settings)

    encode("progressive.mpg", "mpeg2video", options={"b": "6000000"})
    encode("interlaced.mpg", "mpeg2video", options={"b": "6000000", "flags": "+ildct+ilme"})
    encode("interlaced.mts", "mpeg2video", options={"b": "6000000", "flags": "+ildct+ilme"})
    encode("interlaced.dv", "dvvideo", size=(720, 576))
    encode("ten_bits.mp4", "libx265", pixels="yuv420p10le", options={"preset": "ultrafast", "x265-params": "log-level=none"})
    encode("plain.avi", "mpeg4", options={"b": "6000000"})
    encode("plain.mp4", "libx264", options={"preset": "ultrafast", "g": "10"})
    ticks = [40 * number + (900 if number > 20 else 0) + (7 if number % 2 else 0) for number in range(FRAMES)]
    encode("variable.mkv", "libx264", ticks=ticks, options={"preset": "ultrafast", "bf": "0"})
    films.encode(folder / "short.mp4", films.pictures(MEADOW, 10), "libx264", size=(320, 180), options={"preset": "ultrafast"})
    films.copy(folder / "faststart.mp4", folder / "plain.mp4", options={"movflags": "+faststart"})
    films.copy(folder / "fragmented.mp4", folder / "plain.mp4", options={"movflags": "+frag_keyframe+empty_moov"})
    films.copy(folder / "plain.h264", folder / "plain.mp4")
    films.copy(folder / "plain.ts", folder / "plain.mp4")
    encode("b_frames.mp4", "libx264", options={"preset": "ultrafast", "bf": "2"})
    encode("long_gop.mkv", "libx264", options={"preset": "ultrafast", "bf": "2", "g": "250"})
    films.copy(folder / "cut.mp4", folder / "plain.mp4", first=20)
    films.copy(folder / "turned.mp4", folder / "plain.mp4", rotate=90)
    films.copy(folder / "two.mkv", folder / "short.mp4", folder / "plain.mp4")
    (folder / "unknown.mp4").write_bytes((folder / "plain.mp4").read_bytes().replace(b"avc1", b"xyz1"))
    return folder


def _read(path, rate=math.inf):
    video = videos.Video(path)
    return video, list(video.looks(rate))


@pytest.mark.parametrize(
    "name", ["progressive.mpg", "interlaced.mpg", "interlaced.mts", "ten_bits.mp4", "plain.avi", "plain.mp4", "variable.mkv", "two.mkv"]
)
def test_pictures_are_those_that_were_filmed(folder, name):
    video, frames = _read(folder / name)
    truth = [frame.to_ndarray(format="bgr24") for frame in films.pictures(MEADOW, FRAMES)]
    assert video.completeness.frames == len(frames) == FRAMES and [frame.number for frame in frames] == list(range(1, FRAMES + 1))
    assert video.what_is_missing() == ""
    assert max(np.abs(frame.picture.astype(int) - picture).mean() for frame, picture in zip(frames, truth, strict=True)) < 6


def test_interlaced_film_moves_as_its_progressive_copy_does(folder):
    moved = {}
    for name in ("progressive.mpg", "interlaced.mpg", "interlaced.dv"):
        detector = motion.MotionDetector(FilmMotion(size=0.001), 0.04)
        moved[name] = [bool(detector.changed(frame).boxes) for frame in videos.Video(folder / name).looks(math.inf)]
    assert sum(moved["progressive.mpg"]) > FRAMES / 2
    for name in ("interlaced.mpg", "interlaced.dv"):
        assert np.mean(np.array(moved[name]) == moved["progressive.mpg"]) > 0.9


def test_pictures_are_upright(folder):
    _, (frame, *_) = _read(folder / "turned.mp4")
    _, (plain, *_) = _read(folder / "plain.mp4")
    assert np.array_equal(frame.picture, cv2.rotate(plain.picture, cv2.ROTATE_90_COUNTERCLOCKWISE))
    assert frame.picture.flags.c_contiguous
    assert frame.size == frame.picture.shape[:2] == (640, 360)
    small = frame.shrunk(160)
    assert small.shape == (160, 90, 3) and cv2.absdiff(small, cv2.resize(frame.picture, (90, 160), interpolation=cv2.INTER_AREA)).mean() < 6


def test_times_are_those_of_the_frames(folder):
    _, frames = _read(folder / "variable.mkv")
    seconds = [frame.seconds for frame in frames]
    assert seconds[20] == pytest.approx(0.8, abs=0.002) and seconds[21] == pytest.approx(21 * 0.04 + 0.907, abs=0.002)
    for name in ("plain.mp4", "plain.avi", "interlaced.mpg", "interlaced.dv"):
        video, frames = _read(folder / name, rate=25 / 3)
        assert [frame.number for frame in frames] == list(range(1, FRAMES + 1, 3))
        assert video.fps == 25 and [frame.seconds for frame in frames] == pytest.approx([0.12 * index for index in range(20)], abs=0.002)
        assert video.seconds == pytest.approx(FRAMES / 25, abs=0.002)


@pytest.mark.parametrize("border", [0.4, 1.26, 10.0])
@pytest.mark.parametrize(
    "name",
    [
        "progressive.mpg",
        "interlaced.mts",
        "interlaced.dv",
        "ten_bits.mp4",
        "plain.avi",
        "plain.mp4",
        "plain.h264",
        "variable.mkv",
        "cut.mp4",
    ],
)
def test_the_parts_of_a_film_are_together_the_film(folder, name, border):
    whole, frames = _read(folder / name)
    first, second = videos.Video(folder / name), videos.Video(folder / name)
    earlier, later = list(first.looks(math.inf, 0, border)), list(second.looks(math.inf, border, early=0.2))
    assert all(frame.seconds >= border - 0.2 - 0.01 for frame in later) or not later
    own = [frame for frame in later if frame.seconds >= border]
    assert [frame.seconds for frame in earlier + own] == pytest.approx([frame.seconds for frame in frames], abs=1e-6)
    if name != "variable.mkv":  # Without the frames before, the number is that of a film whose rate does not vary.
        assert [frame.number for frame in earlier + own] == [frame.number for frame in frames]
    assert all(np.array_equal(one.picture, other.picture) for one, other in zip(earlier + own, frames, strict=True))
    joined = first.completeness.joined(second.completeness)
    assert joined.problem() == whole.what_is_missing() and joined.frames == whole.completeness.frames
    assert (joined.frame_begin, joined.frame_end) == pytest.approx((whole.completeness.frame_begin, whole.completeness.frame_end), abs=1e-6)
    assert max(first.seconds, second.seconds) == pytest.approx(whole.seconds, abs=1e-6)


SEARCHED = [
    "plain.avi",
    "plain.mp4",
    "plain.h264",
    "plain.ts",
    "long_gop.mkv",
    "variable.mkv",
    "two.mkv",
    "interlaced.mts",
    "progressive.mpg",
]


@pytest.mark.parametrize("name", SEARCHED)
def test_frames_are_found_by_their_time(folder, name):
    _, frames = _read(folder / name)
    for begin, end in [(0, 0.2), (0.9, 2.2), (1.0, math.inf)]:
        wanted = [frame for frame in frames if begin - 0.02 <= frame.seconds <= end]
        found = list(videos.Video(folder / name).between(begin, end))
        assert [frame.seconds for frame in found] == pytest.approx([frame.seconds for frame in wanted], abs=0.002)
        assert all(np.array_equal(one.picture, other.picture) for one, other in zip(found, wanted, strict=True))
    assert list(videos.Video(folder / name).between(1000, 1001)) == []


@pytest.mark.parametrize("name", [*SEARCHED, "turned.mp4", "interlaced.dv"])
def test_a_piece_shows_what_the_film_does(folder, tmp_path, name):
    film_cut.cut(Recording(str(folder / name)), 0.91, 2.2, tmp_path / "piece.mp4", threads=1)
    _, frames = _read(folder / name)
    video, shown = _read(tmp_path / "piece.mp4")
    wanted = [frame for frame in frames if 0.89 <= frame.seconds <= 2.2]
    assert len(shown) == len(wanted) and video.what_is_missing() == ""
    for one, other in zip(shown, wanted, strict=True):
        assert np.abs(one.picture.astype(int) - other.picture).mean() < 6
        assert one.seconds - shown[0].seconds == pytest.approx(other.seconds - wanted[0].seconds, abs=0.002)
    with pytest.raises(videos.UnreadableVideo, match="it has no frame at that time"):
        film_cut.cut(Recording(str(folder / name)), 1000, 1001, tmp_path / "none.mp4", threads=1)
    assert [path.name for path in tmp_path.iterdir()] == ["piece.mp4"]


def test_a_piece_has_the_sound_of_the_film(folder, tmp_path):
    films.add_sound(tmp_path / "loud.avi", folder / "plain.avi", from_second=1.5)
    film_cut.cut(Recording(str(tmp_path / "loud.avi")), 1.0, 2.2, tmp_path / "piece.mp4", threads=1)
    with av.open(str(tmp_path / "piece.mp4")) as piece:
        heard = [(frame.time, np.abs(frame.to_ndarray()).max()) for frame in piece.decode(audio=0)]
    loud = [time for time, level in heard if level > 0.1]
    assert 0.4 < loud[0] < 0.6 and loud[-1] > 1.0


def test_a_piece_has_the_sound_of_its_own_moment_where_the_picture_begins_later(folder, tmp_path):
    films.add_sound(tmp_path / "late.mov", folder / "plain.mp4", from_second=2.0, late=1.0)
    film_cut.cut(Recording(str(tmp_path / "late.mov")), 1.5, 2.9, tmp_path / "piece.mp4", threads=1)
    _, (first, *_) = _read(tmp_path / "late.mov")
    assert first.seconds == pytest.approx(1.0, abs=0.002)
    with av.open(str(tmp_path / "piece.mp4")) as piece:
        loud = [frame.time for frame in piece.decode(audio=0) if np.abs(frame.to_ndarray()).max() > 0.1]
    _, shown = _read(tmp_path / "piece.mp4")
    truth = list(films.pictures(folder / "plain.mp4"))[13].to_ndarray(format="bgr24")  # the first frame from 0.5 s on
    assert 0.4 < loud[0] < 0.6 and np.abs(shown[0].picture.astype(int) - truth).mean() < 6


@given(st.data())
@settings(max_examples=25, deadline=None)
def test_what_else_a_file_holds_takes_no_frame_away(folder, tmp_path_factory, data):
    ending, kinds = data.draw(st.sampled_from([(".mkv", ["sound", "font"]), (".mov", ["sound", "timecode"]), (".ts", ["sound", "data"])]))
    before, after = (data.draw(st.lists(st.sampled_from(kinds), max_size=2)) for _ in range(2))
    path = tmp_path_factory.mktemp("tracks") / f"film{ending}"
    films.with_tracks(path, folder / data.draw(st.sampled_from(["plain.mp4", "b_frames.mp4"])), before, after)
    for threads in (1, 2, 4):
        video = videos.Video(path, threads)
        assert len(list(video.looks(math.inf))) == FRAMES and video.what_is_missing() == ""


@pytest.mark.parametrize("name", ["begins_late.ts", "begins_late.mkv", "begins_late.mp4"])
def test_times_count_from_the_beginning_of_the_file_where_a_film_begins_between_key_frames(folder, tmp_path, name):
    films.copy(tmp_path / name, folder / "plain.ts" if name.endswith(".ts") else folder / "plain.mp4", first=13)  # a key frame each 10
    for threads in (1, 2):
        video = videos.Video(tmp_path / name, threads)
        frames = list(video.looks(math.inf))
        assert len(frames) == FRAMES - 20 and frames[0].seconds == pytest.approx(7 / 25, abs=0.05)
        assert video.begins == pytest.approx(frames[0].seconds, abs=1e-9) and video.what_is_missing() == ""
    films.encode(tmp_path / "long.mkv", films.pictures(MEADOW, FRAMES), "libx264", options={"preset": "ultrafast", "g": "40"})
    films.copy(tmp_path / name, tmp_path / "long.mkv", first=10)
    video, frames = _read(tmp_path / name)
    assert frames[0].seconds == pytest.approx(30 / 25, abs=0.1) and "its first 1.2 s cannot be decoded" in video.what_is_missing()
    assert next(videos.Video(tmp_path / name).between(1.5, 2)).seconds == pytest.approx(1.5, abs=0.05)


def test_a_fault_of_the_disk_is_no_fault_of_the_film(folder, monkeypatch):
    """As a share that goes away for a moment: at the beginning, in the middle, at the end."""
    real, reads, fails_at = FilmFile.read, [], []

    def read(file, size):
        reads.append(size)
        if fails_at == [len(reads)]:
            file.failure = OSError(5, "Input/output error", file.name)
        return real(file, size)

    monkeypatch.setattr(FilmFile, "read", read)
    for name in ("plain.mp4", "plain.ts", "plain.avi", "interlaced.mpg", "plain.h264", "variable.mkv"):
        fails_at.clear()
        reads.clear()
        whole = len(_read(folder / name)[1])
        for number in (1, 2, len(reads) // 2, len(reads)):
            fails_at[:] = [number]
            reads.clear()
            with pytest.raises(OSError, match=f"Input/output error.*{name}"):
                _read(folder / name)
        fails_at.clear()
        assert len(_read(folder / name)[1]) == whole == FRAMES


def test_the_longest_film_of_a_file_is_read(folder):
    video, frames = _read(folder / "two.mkv")
    assert video.films == 2 and len(frames) == FRAMES and frames[0].picture.shape == (360, 640, 3)


@pytest.mark.parametrize(
    "name", ["plain.mp4", "faststart.mp4", "fragmented.mp4", "cut.mp4", "variable.mkv", "interlaced.dv", "interlaced.mts"]
)
def test_whole_films_are_called_whole(folder, name):
    video, frames = _read(folder / name)
    assert frames and video.what_is_missing() == ""


@pytest.mark.parametrize(
    "name, share",
    [("faststart.mp4", 0.04), ("fragmented.mp4", 0.1), ("plain.avi", 0.1), ("interlaced.mpg", 0.04), ("interlaced.mts", 0.04)],
)
def test_films_that_are_cut_off_are_told_and_read_as_far_as_they_go(folder, tmp_path, name, share):
    films.cut_off(tmp_path / name, folder / name, share)
    video, frames = _read(tmp_path / name)
    assert FRAMES * (1 - 3 * share) - 4 < len(frames) <= FRAMES
    assert "truncated" in video.what_is_missing()


def test_a_film_whose_rate_varies_is_told_when_it_is_cut_off(folder, tmp_path):
    films.cut_off(tmp_path / "variable.mkv", folder / "variable.mkv", 0.7)
    video, _ = _read(tmp_path / "variable.mkv")
    assert "s are missing: truncated" in video.what_is_missing()


def test_damage_is_passed_over_and_counted(folder, tmp_path):
    data = bytearray((folder / "plain.mp4").read_bytes())
    middle = len(data) // 2
    data[middle : middle + 3000] = bytes(3000)
    (tmp_path / "damaged.mp4").write_bytes(data)
    video, frames = _read(tmp_path / "damaged.mp4")
    assert len(frames) > FRAMES / 2 and "damaged in" in video.what_is_missing()


@pytest.mark.parametrize(
    "content, reason",
    [
        (b"", "empty file"),
        (b"no film", "not a video"),
        (bytes(5000), "not a video"),
        (next((SAMPLES / "Training/Positive").glob("*.jpg")).read_bytes(), "not a video"),
    ],
)
def test_what_is_no_film_is_said(tmp_path, content, reason):
    for ending in (".mp4", ".avi", ".txt"):
        (tmp_path / f"x{ending}").write_bytes(content)
        with pytest.raises(videos.UnreadableVideo, match=reason):
            videos.Video(tmp_path / f"x{ending}")


def test_a_codec_that_cannot_be_decoded_comes_with_the_command_that_converts_it(folder):
    with pytest.raises(videos.UnreadableVideo, match=r"ffmpeg -i unknown\.mp4 -c:v libx264"):
        videos.Video(folder / "unknown.mp4")


@pytest.mark.parametrize("codec", ["av1", "h264", "hevc", "mjpeg", "mpeg2video", "mpeg4", "prores", "vc1", "vp8", "vp9", "wmv3", "dvvideo"])
def test_codecs_of_cameras_can_be_decoded(codec):
    assert av.codec.Codec(codec, "r")


def test_files_that_are_not_there_or_closed(tmp_path):
    with pytest.raises(FileNotFoundError):
        videos.Video(tmp_path / "gone.mp4")
    with pytest.raises(videos.UnreadableVideo, match="Is a directory"):
        videos.Video(tmp_path)
    (tmp_path / "not-utf8-\udcff.mp4").write_bytes(b"x")
    with pytest.raises(videos.UnreadableVideo, match="rename it"):
        videos.Video(tmp_path / "not-utf8-\udcff.mp4")


def test_clock():
    texts = ["0:00:00.000", "0:00:59.990", "0:01:00.000", "0:01:01.000", "10:00:00.000"]
    assert [clock.clock(seconds) for seconds in (0.0, 59.99, 59.9996, 61, 36_000)] == texts
    assert [clock.seconds(text) for text in texts] == [0, 59.99, 60, 61, 36_000]
