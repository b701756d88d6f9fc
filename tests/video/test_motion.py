"""Motion detection on pictures made here: what moves is found, and the defects of DeepMeerkat 2 are not there."""

import math
from dataclasses import dataclass

import av
import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from meerkat.video import crops, motion
from meerkat.video.boxes import Box, gap, merge
from meerkat.video.regions import FilmMotion
from meerkat.video.videos import Frame

SCENE = cv2.resize(np.random.default_rng(0).integers(60, 120, (45, 80, 3), dtype=np.uint8), (640, 360), interpolation=cv2.INTER_CUBIC)
ANIMAL = cv2.resize(np.random.default_rng(1).integers(130, 255, (10, 15, 3), dtype=np.uint8), (90, 60), interpolation=cv2.INTER_CUBIC)


def _frame(number, x=None, y=150, clock=False):
    """A frame of a still scene with noise, an animal at x, and a clock that changes in the upper left corner."""
    frame = SCENE.astype(int) + np.random.default_rng(number).integers(-2, 3, SCENE.shape)
    frame = np.clip(frame, 0, 255).astype(np.uint8)
    if clock:
        frame[10:60, 10:200] = np.random.default_rng(number).integers(0, 256, (50, 190, 3))
    if x is not None:
        frame[y : y + 60, x : x + 90] = ANIMAL
    return frame


@dataclass
class Seen:
    """A frame as the detector takes it, of a picture made here."""

    picture: np.ndarray
    seconds: float

    @property
    def size(self):
        return self.picture.shape[:2]

    def shrunk(self, lines):
        height, width = self.size
        return cv2.resize(self.picture, (round(width * lines / height), lines), interpolation=cv2.INTER_AREA)


def _walk(settings, rate=25.0, height=360, **frames):
    """The boxes of 1.6 seconds, in pixels of the frame; after 0.4 seconds an animal comes and walks 200 pixels of 640 a second."""
    detector = motion.MotionDetector(settings, 1 / rate)
    times = [number / rate for number in range(round(1.6 * rate))]
    places = [None if time < 0.4 else round(100 + 200 * (time - 0.4)) for time in times]
    boxes = []
    for number, (time, x) in enumerate(zip(times, places, strict=True)):
        picture = _frame(number, x, **frames)
        if height != 360:
            picture = cv2.resize(picture, (round(640 * height / 360), height), interpolation=cv2.INTER_AREA)
        boxes.append([detector.in_frame(box) for box in detector.changed(Seen(picture, time)).boxes])
    return places, boxes


def _overlap(one, other):
    """Intersection over union."""
    w = min(one.x + one.w, other.x + other.w) - max(one.x, other.x)
    h = min(one.y + one.h, other.y + other.h) - max(one.y, other.y)
    both = max(0, w) * max(0, h)
    return both / (one.w * one.h + other.w * other.h - both)


def _found(places, boxes, scale=1.0):
    """The share of the frames with the animal, but for the first, in which it is found."""
    true = [x and Box(*(round(value * scale) for value in (x, 150, 90, 60))) for x in places]
    come = next(number for number, x in enumerate(places) if x)
    pairs = list(zip(true, boxes, strict=True))[come + 1 :]
    return np.mean([max((_overlap(box, other) for other in seen), default=0) > 0.5 for box, seen in pairs])


@pytest.mark.parametrize("constants", ["scene", "deepmeerkat2"])
def test_a_walking_animal_is_found_and_a_still_scene_gives_nothing(constants):
    places, boxes = _walk(FilmMotion(constants=constants))
    assert not any(boxes[:10]) and _found(places, boxes) > 0.9


@pytest.mark.parametrize("rate, height", [(10, 360), (60, 360), (25, 180), (25, 1080)])
def test_another_rate_and_another_size_of_the_picture_give_the_same(rate, height):
    places, boxes = _walk(FilmMotion(), rate, height)
    assert _found(places, boxes, height / 360) > 0.9 and not any(boxes[: round(0.39 * rate)])


def test_a_clock_moves_unless_it_is_passed_over():
    clock = Box(10, 10, 190, 50)
    _, boxes = _walk(FilmMotion(), clock=True)
    assert any(_overlap(clock, box) > 0.5 for seen in boxes[1:10] for box in seen)
    places, boxes = _walk(FilmMotion(ignore=[[0, 0, 0.35, 0.2]]), clock=True)
    assert not any(boxes[:10]) and _found(places, boxes) > 0.9


def test_only_the_wanted_part_is_looked_at_and_boxes_stay_in_the_frame():
    places, boxes = _walk(FilmMotion(roi=[0.1, 0.25, 0.9, 0.7]), clock=True)
    assert not any(boxes[:10]) and _found(places, boxes) > 0.9
    assert all(box.x >= 62 and box.y >= 88 and box.x + box.w <= 640 for seen in boxes for box in seen)


def _stands(settings, seconds):
    """For how many seconds an animal that comes and stands still is seen."""
    detector = motion.MotionDetector(settings, 0.1)
    boxes = [
        detector.changed(Seen(_frame(number, 300 if number >= 10 else None), number / 10)).boxes for number in range(round(10 * seconds))
    ]
    return sum(bool(seen) for seen in boxes) / 10


def test_an_animal_that_stands_still_is_seen_for_as_long_as_the_background_remembers():
    for memory in (2, 6):
        assert _stands(FilmMotion(memory=memory), 12) == pytest.approx(memory, rel=0.35)


@pytest.mark.parametrize("change", ["lights", "size", "gap"])
def test_what_changes_the_whole_picture_begins_a_new_background(change):
    detector = motion.MotionDetector(FilmMotion(), 0.04)
    for number in range(10):
        detector.changed(Seen(_frame(number), number / 25))
    after = []
    for number in range(10, 40):
        picture = _frame(number, 100 if change == "gap" else None)
        if change == "lights":
            picture = cv2.convertScaleAbs(picture, alpha=1.6)
        if change == "size":
            picture = cv2.resize(picture, (320, 180))
        after.append(detector.changed(Seen(picture, number / 25 + (60 if change == "gap" else 0))).boxes)
    assert not any(after)


def test_a_clip_has_a_margin_of_the_boxes_own_size_within_the_frame():
    margin = (math.sqrt(2) - 1) / 2
    frame = Frame(1, 0.0, av.VideoFrame.from_ndarray(np.zeros((360, 640, 3), np.uint8), format="bgr24"))
    assert crops.crop(frame, Box(300, 200, 100, 50), margin).shape == (50 + 2 * 10, 100 + 2 * 21, 3)
    assert crops.crop(frame, Box(0, 0, 640, 360), margin).shape == (360, 640, 3)
    assert cv2.imdecode(np.frombuffer(crops.jpeg(crops.crop(frame, Box(0, 0, 10, 10), 0)), np.uint8), 1).shape == (10, 10, 3)


boxes = st.builds(Box, st.integers(0, 400), st.integers(0, 300), st.integers(1, 80), st.integers(1, 80))


@given(st.lists(boxes, max_size=12), st.floats(0, 120))
def test_merged_boxes_are_apart_and_hold_all_there_were(found, distance):
    merged = merge(found, distance)
    for index, one in enumerate(merged):
        assert all(gap(one, other) >= distance for other in merged[index + 1 :])
    for box in found:
        assert any(m.x <= box.x and m.y <= box.y and m.x + m.w >= box.x + box.w and m.y + m.h >= box.y + box.h for m in merged)


@given(st.lists(boxes, max_size=12), st.floats(0, 120), st.randoms())
def test_merging_does_not_depend_on_the_order(found, distance, random):
    assert set(merge(found, distance)) == set(merge(random.sample(found, len(found)), distance))


def test_the_gap_is_between_edges():
    assert gap(Box(0, 0, 10, 10), Box(13, 14, 5, 5)) == 5
    assert gap(Box(0, 0, 10, 10), Box(5, 5, 50, 50)) == 0
