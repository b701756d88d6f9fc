"""A regular expression of a user that would never end is given up, with the name of its setting."""

import re
import time

import pytest
from meerkat.data import patterns
from meerkat.data.origins import Origins
from meerkat.errors import UserError
from meerkat.video import taken
from meerkat.video.cameras import Cameras
from meerkat.video.video_files import Videos

ENDLESS = r"(?P<video>(\w+)+)!"


def test_a_pattern_of_exponential_time_is_given_up_with_its_setting():
    started, name = time.monotonic(), "a" * 40
    with pytest.raises(UserError, match=r"data: video_pattern: the pattern takes too long for 'a+'"):
        Origins(video_pattern=ENDLESS).video(f"clips/{name}.jpg")
    groups = "".join(f"(?P<{part}>)" for part in ("year", "month", "day", "hour", "minute"))
    with pytest.raises(UserError, match="videos: start_pattern: the pattern takes too long"):
        taken.Taken(Cameras(None), rf"^{groups}(\w+)+!", Videos("films", {"a": f"films/{name}"}))
    assert time.monotonic() - started < 20


def test_a_good_pattern_is_left_alone():
    assert patterns.match(re.compile("(a)b").fullmatch, "ab", "a setting")[1] == "a"
    time.sleep(1.2)  # No alarm comes later.
