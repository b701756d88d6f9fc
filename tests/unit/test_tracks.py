"""Boxes are linked to tracks, and a few clips of each track are chosen."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from meerkat.video.boxes import Box
from meerkat.video.track_clips import CutClip, TrackClips, quality
from meerkat.video.tracks import Tracker


def _follow(paths, rate=12.5, height=270):
    """The number of the track of each thing at each look; `paths` give the places of its box by the number of the look, or None."""
    tracker, found = Tracker(height, 1 / rate), {name: [] for name in paths}
    for look in range(max(map(len, paths.values()))):
        here = {name: places[look] for name, places in paths.items() if look < len(places) and places[look]}
        tracks = tracker.link(look / rate, [Box(*map(round, place)) for place in here.values()], 1)
        for name, track in zip(here, tracks, strict=True):
            found[name].append(track.number)
    return found


def test_a_thing_is_one_track_also_where_it_is_fast_or_out_of_sight_for_a_moment():
    slow = [(10 + look, 100, 20, 15) for look in range(30)]
    fast = [(400 - 23 * look, 40, 14, 10) for look in range(15)]
    hidden = [(100 + 4 * look, 200, 20, 15) if look not in range(8, 16) else None for look in range(30)]
    found = _follow({"slow": slow, "fast": fast, "hidden": hidden})
    assert [len(set(numbers)) for numbers in found.values()] == [1, 1, 1]
    assert len({numbers[0] for numbers in found.values()}) == 3


def test_things_that_cross_keep_their_tracks():
    right = [(50 + 8 * look, 100, 20, 20) for look in range(30)]
    left = [(290 - 8 * look, 106, 20, 20) for look in range(30)]
    found = _follow({"right": right, "left": left})
    assert set(found["right"]) == {found["right"][0]} and set(found["left"]) == {found["left"][0]}


def test_what_comes_back_later_or_elsewhere_is_another_track():
    pause = [None] * 15
    again = [(50, 50, 20, 20)] * 5
    elsewhere = [(50, 50, 20, 20)] * 5 + [(300, 200, 20, 20)] * 5
    tracker = Tracker(270, 0.08)
    numbers = []
    for look, place in enumerate(again + pause + again):
        tracker.ended(look / 12.5)
        numbers += [track.number for track in tracker.link(look / 12.5, [Box(*place)] if place else [], 1)]
    assert numbers == [0] * 5 + [1] * 5
    assert _follow({"one": elsewhere})["one"] == [0] * 5 + [1] * 5


def _clip(seconds, worth):
    return CutClip(round(25 * seconds), seconds, Box(0, 0, 1, 1), worth, None)


@given(st.lists(st.tuples(st.floats(0.04, 3), st.floats(0.1, 100)), min_size=1, max_size=200), st.integers(1, 5))
def test_a_track_keeps_few_clips_and_the_best_of_all_is_among_them(steps, wanted):
    clips, seconds, most = TrackClips(wanted, 0.0), 0.0, 0
    for step, worth in steps:
        if clips.wants(seconds, worth):
            clips.hold(_clip(seconds, worth), worth)
        most, seconds = max(most, len(clips.held)), seconds + step
    kept = clips.kept()
    assert 1 <= len(kept) <= wanted and most <= 4 * wanted
    assert [clip.seconds for clip in kept] == sorted(clip.seconds for clip in kept)
    best = max(kept, key=lambda clip: clip.quality)
    assert clips.best_frame == best.quality  # Its frame, for which the number stands here.
    assert 1.25 * best.quality >= max(worth for _, worth in steps)


def test_clips_are_spread_over_a_long_track():
    clips = TrackClips(3, 0.0)
    for look in range(12_500):
        if clips.wants(look / 12.5, 1.0):
            clips.hold(_clip(look / 12.5, 1.0), None)
    times = [clip.seconds for clip in clips.kept()]
    assert len(times) == 3 and min(np.diff(times)) > 200 and times[-1] > 600


def test_a_black_picture_is_kept_as_well():
    clips = TrackClips(3, 0.0)
    clips.hold(_clip(0.0, 0.0), "the frame")
    assert clips.best_frame == "the frame" and len(clips.kept()) == 1


def test_a_large_and_sharp_clip_is_better_and_one_that_is_cut_off_worse():
    picture = np.random.default_rng(0).integers(0, 255, (100, 200, 3), np.uint8)
    picture[:, 100:] = 120
    sharp = quality(picture, Box(20, 20, 30, 30))
    assert sharp > quality(picture, Box(20, 20, 15, 15)) and sharp > quality(picture, Box(120, 20, 30, 30))
    assert sharp > 1.5 * quality(picture, Box(0, 20, 30, 30))


@pytest.mark.parametrize("interval, boxes, contours, is_flicker", [
    (0.08, 3, 1, True), (0.08, 5, 1, False), (0.08, 5, 20, True), (0.08, 12, 20, False), (5, 1, 3, False), (1 / 60, 5, 1, True),
])  # fmt: skip
def test_a_short_track_is_a_flicker_the_more_so_the_more_moves(interval, boxes, contours, is_flicker):
    tracker = Tracker(270, interval)
    for look in range(boxes):
        (track,) = tracker.link(look * interval, [Box(50 + look, 50, 20, 20)], contours)
    assert track.boxes == boxes and tracker.is_flicker(track) == is_flicker
