"""Frames that are not looked at are not decoded, and clips are cut without converting the whole picture: the result is the same."""

import math

import av
import films
import numpy as np
import pytest
from conftest import SAMPLES
from hypothesis import given
from hypothesis import strategies as st
from meerkat.video.look_times import LookTimes, Skips
from meerkat.video.plane_crops import in_bgr
from meerkat.video.videos import Frame, Video

MEADOW = SAMPLES / "videos/meadow.mp4"
_KINDS = {
    "high.mp4": ("libx264", {"preset": "veryfast"}, None),
    "medium.mkv": ("libx264", {"preset": "medium", "bf": "8"}, None),
    "two.mp4": ("libx264", {"preset": "veryfast", "bf": "2", "b-pyramid": "none"}, None),
    "baseline.mp4": ("libx264", {"profile": "baseline"}, None),
    "hevc.mp4": ("libx265", {"preset": "fast", "x265-params": "log-level=error"}, None),
    "mjpeg.avi": ("mjpeg", {"qscale": "3"}, None),
    "bframes.avi": ("mpeg4", {"bf": "2"}, None),
    "varying.mkv": ("libx264", {"preset": "veryfast"}, [round(1000 * n / 30 + 400 * (n // 17) + 7 * (n % 3)) for n in range(100)]),
    "lapse.mkv": ("libx264", {"preset": "veryfast"}, [5000 * n for n in range(100)]),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("kinds")
    for name, (codec, options, ticks) in _KINDS.items():
        pixels = "yuvj420p" if codec == "mjpeg" else "yuv420p"
        films.encode(folder / name, films.pictures(MEADOW, 100), codec, ticks=ticks, size=(320, 180), options=options, pixels=pixels)
    return folder


def _read(path, rate, begin=0.0, end=math.inf):
    video = Video(path)
    looks = [(frame.number, frame.seconds, frame.picture) for frame in video.looks(rate, begin, end, 0.4)]
    return looks, video


@pytest.mark.parametrize("rate", [12.5, 5.0, 0.7])
@pytest.mark.parametrize("name", _KINDS)
def test_what_is_looked_at_is_the_same_as_if_all_were_decoded(folder, monkeypatch, name, rate):
    for begin, end in ((0.0, math.inf), (2.1, math.inf), (0.0, 2.1)):
        less, video = _read(folder / name, rate, begin, end)
        with monkeypatch.context() as all_decoded:
            all_decoded.setattr(Skips, "skip", lambda self, stamp: False)
            more, whole = _read(folder / name, rate, begin, end)
        assert [one[:2] for one in less] == [one[:2] for one in more]
        assert all(np.array_equal(one[2], other[2]) for one, other in zip(less, more, strict=True))
        assert video.completeness.frames == whole.completeness.frames
        if not begin and math.isinf(end):
            assert video.what_is_missing() == whole.what_is_missing() == ""
        assert video.seconds == pytest.approx(whole.seconds, abs=0.05) and video.size == whole.size


@pytest.mark.parametrize("name, share", [("high.mp4", 0.75), ("hevc.mp4", 0.75), ("mjpeg.avi", 0.55), ("baseline.mp4", 1.0)])
def test_fewer_frames_are_decoded_where_no_other_needs_them(folder, monkeypatch, name, share):
    decoded = []
    take = LookTimes.take
    monkeypatch.setattr(LookTimes, "take", lambda self, seconds: decoded.append(seconds) or take(self, seconds))
    _read(folder / name, 12.5)
    assert len(decoded) <= share * 100 + 5


@given(st.lists(st.floats(0.001, 0.5), min_size=1, max_size=60), st.floats(0.5, 30), st.data())
def test_no_frame_that_is_looked_at_is_ever_left_out(steps, rate, data):
    """Whatever the times of the frames, and whatever later frame is decoded before an earlier one."""
    times = np.cumsum(steps).tolist()
    order, waiting = [], list(range(len(times)))
    while waiting:
        order.append(waiting.pop(data.draw(st.integers(0, min(3, len(waiting) - 1)))))
    looks = LookTimes(rate, 25, 0.0)
    skips = Skips(looks, lambda stamp: times[stamp])
    left_out, shown, fed, taken = set(), 0, set(), set()
    for stamp in order:
        fed.add(stamp)
        left_out |= {stamp} if skips.skip(stamp) else set()
        while shown in fed and len(fed) - shown > 3:  # The decoder shows them late, and in their order.
            if shown not in left_out:
                skips.shown(shown)
                taken |= {shown} if looks.take(times[shown]) else set()
            shown += 1
    for stamp in range(shown, len(times)):
        if stamp not in left_out and looks.take(times[stamp]):
            taken.add(stamp)
    everything = LookTimes(rate, 25, 0.0)
    assert taken == {stamp for stamp, time in enumerate(times) if everything.take(time)}


@pytest.mark.parametrize("pixels", ["yuv420p", "yuvj420p", "yuv422p", "yuvj422p", "yuv444p", "yuv420p10le", "nv12", "gray"])
@pytest.mark.parametrize("size", [(640, 360), (638, 358), (321, 181)])
def test_a_part_of_the_picture_is_that_of_the_whole(pixels, size):
    random = np.random.default_rng(1)
    shown = av.VideoFrame.from_ndarray(random.integers(0, 255, (size[1], size[0], 3), dtype=np.uint8), format="bgr24")
    frame = Frame(1, 0.0, shown.reformat(format=pixels))
    frame.decoded.colorspace = 1  # BT.709
    for _ in range(20):
        left, top = (int(random.integers(0, length - 2)) for length in size)
        right, bottom = int(random.integers(left + 1, size[0])), int(random.integers(top + 1, size[1]))
        assert np.array_equal(frame.part(left, top, right, bottom), frame.picture[top:bottom, left:right])
    is_quick = size[0] % 2 == 0 and pixels not in ("yuv420p10le", "nv12", "gray")
    assert (in_bgr(frame.decoded, 0, 0, 10, 10) is not None) == is_quick
