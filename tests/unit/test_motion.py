"""Motion detection on pictures made here: what moves is found, and the defects of DeepMeerkat 2 are not there."""

import math

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from meerkat.settings.videos import Motion
from meerkat.video import motion
from meerkat.video.contours import regions
from meerkat.video.motion import Box
from meerkat.video.temporal_sampling import EvenDraw

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


def _walk(settings, clock=False):
    """The boxes of 40 frames; from frame 11 on an animal walks 8 pixels a frame."""
    detector = motion.MotionDetector(settings)
    places = [None] * 10 + [100 + 8 * step for step in range(30)]
    return places, [detector.boxes(_frame(number, x, clock=clock)) for number, x in enumerate(places)]


def _overlap(one, other):
    """Intersection over union."""
    w = min(one.x + one.w, other.x + other.w) - max(one.x, other.x)
    h = min(one.y + one.h, other.y + other.h) - max(one.y, other.y)
    both = max(0, w) * max(0, h)
    return both / (one.w * one.h + other.w * other.h - both)


def _found(places, boxes):
    moving = [(Box(x, 150, 90, 60), seen) for x, seen in zip(places[11:], boxes[11:], strict=True)]
    return np.mean([max((_overlap(true, box) for box in seen), default=0) > 0.5 for true, seen in moving])


@pytest.mark.parametrize("scale", [1.0, 0.5])
def test_a_walking_animal_is_found_and_a_still_scene_gives_nothing(scale):
    places, boxes = _walk(Motion(scale=scale))
    assert boxes[:10] == [[]] * 10
    assert _found(places, boxes) > 0.9


def test_a_clock_moves_unless_it_is_passed_over():
    clock = Box(10, 10, 190, 50)
    _, boxes = _walk(Motion(), clock=True)
    assert any(_overlap(clock, box) > 0.5 for seen in boxes[1:10] for box in seen)
    places, boxes = _walk(Motion(ignore=[(0, 0, 0.35, 0.2)]), clock=True)
    assert boxes[:10] == [[]] * 10 and _found(places, boxes) > 0.9


def test_only_the_wanted_part_is_looked_at_and_boxes_stay_in_the_frame():
    places, boxes = _walk(Motion(roi=(0.1, 0.25, 0.9, 0.7), scale=0.7), clock=True)
    assert boxes[:10] == [[]] * 10 and _found(places, boxes) > 0.9
    assert all(box.x >= 64 and box.y >= 90 for seen in boxes for box in seen)


def test_another_size_midway_begins_anew():
    detector = motion.MotionDetector(Motion())
    for number in range(3):
        detector.boxes(_frame(number))
    assert detector.boxes(cv2.resize(_frame(3, 100), (320, 180))) == []


def test_a_clip_has_a_margin_of_the_boxes_own_size_within_the_frame():
    frame, margin = np.zeros((360, 640, 3), np.uint8), (math.sqrt(2) - 1) / 2
    assert motion.crop(frame, Box(300, 200, 100, 50), margin).shape == (50 + 2 * 10, 100 + 2 * 21, 3)
    assert motion.crop(frame, Box(0, 0, 640, 360), margin).shape == frame.shape
    assert cv2.imdecode(np.frombuffer(motion.clip(frame, Box(0, 0, 10, 10), 0), np.uint8), 1).shape == (10, 10, 3)


@given(st.integers(0, 2**32 - 1), st.integers(1, 40), st.integers(1, 60), st.sampled_from([1, 3, 5, 9]), st.floats(0, 1))
def test_regions_are_those_of_an_opening_of_the_whole_mask(seed, height, width, diameter, share):
    random = np.random.default_rng(seed)
    mask = np.where(random.random((height, width)) < share, 255, 0).astype(np.uint8)
    mask[: random.integers(height + 1)] = random.choice([0, 255])
    mask[:, : random.integers(width + 1)] = 0
    ellipse = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (diameter, diameter))
    opened = cv2.morphologyEx(mask, cv2.MORPH_OPEN, ellipse)
    whole = cv2.findContours(opened, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)[0]
    found = regions(mask, ellipse)
    assert [contour.tolist() for contour in found] == [contour.tolist() for contour in whole]


boxes = st.builds(Box, st.integers(0, 400), st.integers(0, 300), st.integers(1, 80), st.integers(1, 80))


@given(st.lists(boxes, max_size=12), st.floats(0, 120))
def test_merged_boxes_are_apart_and_hold_all_there_were(found, distance):
    merged = motion.merge(found, distance)
    for index, one in enumerate(merged):
        assert all(motion.gap(one, other) >= distance for other in merged[index + 1 :])
    for box in found:
        assert any(m.x <= box.x and m.y <= box.y and m.x + m.w >= box.x + box.w and m.y + m.h >= box.y + box.h for m in merged)


@given(st.lists(boxes, max_size=12), st.floats(0, 120), st.randoms())
def test_merging_does_not_depend_on_the_order(found, distance, random):
    assert set(motion.merge(found, distance)) == set(motion.merge(random.sample(found, len(found)), distance))


def test_the_gap_is_between_edges():
    assert motion.gap(Box(0, 0, 10, 10), Box(13, 14, 5, 5)) == 5
    assert motion.gap(Box(0, 0, 10, 10), Box(5, 5, 50, 50)) == 0


@given(st.lists(st.integers(0, 1000), max_size=200), st.one_of(st.none(), st.integers(1, 40)))
def test_a_draw_keeps_as_many_as_are_wanted_and_lets_go_the_rest(times, size):
    dropped = []
    draw = EvenDraw(size, dropped.append)
    for index, time in enumerate(sorted(times)):
        draw.add(index, time)
    kept = draw.finish()
    assert len(kept) == (len(times) if size is None else min(len(times), size))
    assert sorted(kept + dropped) == list(range(len(times))) and kept == sorted(kept)


def test_a_draw_is_even_in_time_where_most_items_are_of_one_gust():
    """A clip a minute for 100 minutes, and 5,000 clips in the 40th."""
    times = sorted([*range(100), *np.linspace(40, 41, 5000)])
    draw = EvenDraw(20, lambda item: None)
    for time in times:
        draw.add(time, time)
    steps = np.diff(draw.finish())
    assert len(steps) == 19 and steps.max() <= 12 and np.sum(steps < 2) <= 3
