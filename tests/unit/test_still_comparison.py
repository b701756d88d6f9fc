"""What is new in a still, and when that cannot be said."""

import cv2
import numpy as np
from meerkat.settings.videos import Motion
from meerkat.video.regions import FilmMotion
from meerkat.video.still_comparison import Comparison, Plane

GROUND = cv2.resize(np.random.default_rng(1).integers(60, 190, (27, 36, 3), np.uint8), (540, 405), interpolation=cv2.INTER_CUBIC)
SETTINGS = FilmMotion(**Motion().model_dump())


def _plane(animal_at=None):
    picture = GROUND.copy()
    if animal_at:
        cv2.ellipse(picture, animal_at, (40, 20), 0, 0, 360, (10, 10, 10), -1)
    return Plane(picture)


def test_an_animal_that_stands_still_through_the_only_burst_is_not_taken_for_the_ground():
    burst = [_plane((300, 200)) for _ in range(3)]
    assert Comparison(burst, [], SETTINGS).changed(burst[0]) is None
    beside = [(_plane(), _plane())] * 3
    [box] = Comparison(burst, beside, SETTINGS).changed(burst[0]).boxes
    assert box.x < 300 < box.x + box.w and box.y < 200 < box.y + box.h


def test_what_moves_in_a_burst_is_found_without_others_and_an_empty_burst_is_empty_beside_others():
    burst = [_plane((200, 200)), _plane((350, 200)), _plane((480, 200))]
    assert Comparison(burst, [], SETTINGS).changed(burst[0]).boxes
    empty = [_plane(), _plane()]
    assert Comparison(empty, [(_plane(), _plane())] * 3, SETTINGS).changed(empty[0]).boxes == []
