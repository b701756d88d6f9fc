"""What `clips` says about the work to come."""

import pytest
from conftest import SAMPLES
from meerkat.settings.videos import Motion
from meerkat.video.cost import of_search

MEADOW = str(SAMPLES / "videos/meadow.mp4")


def test_the_estimate_is_timed_on_the_films_at_hand(tmp_path):
    (tmp_path / "text.mp4").write_text("no film")
    found = of_search({MEADOW: 8.12}, [], 0, Motion())
    assert found.core > 0
    longer = of_search({MEADOW: 812.0, str(tmp_path / "text.mp4"): 0.0, str(tmp_path / "gone.mp4"): 0.0}, [], 0, Motion())
    assert longer.core == pytest.approx(100 * found.core, rel=0.9)
    slower = of_search({MEADOW: 812.0}, [], 0, Motion(lines=1080, looks=25))
    assert slower.core > longer.core
    assert of_search({str(tmp_path / "text.mp4"): 0.0}, [], 0, Motion()).core < 1
