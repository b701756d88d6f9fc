"""Rules that must hold for every input: property tests."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from meerkat.data import sampling, shards
from meerkat.data.clips import Clip
from meerkat.errors import UserError

digests = st.text("0123456789abcdef", min_size=64, max_size=64)
seeds = st.integers(0, 2**31 - 1)
clip_lists = st.lists(
    st.builds(lambda d, label, video: Clip(f"{video}_1_0.jpg", label, d), digests, st.sampled_from([0, 1]), st.sampled_from("abcde")),
    unique_by=lambda clip: clip.digest,
    max_size=60,
)


def _balance(clips, seed):
    return sampling.balance(clips, seed, lambda c: c.path[0])


@given(clip_lists, seeds)
def test_balance_takes_as_many_of_both_classes_and_all_of_the_smaller(clips, seed):
    drawn = Counter(clip.label for clip in _balance(clips, seed))
    there = Counter(clip.label for clip in clips)
    smaller = min(there.values(), default=0)
    assert all(drawn[label] == smaller for label in there)


@given(clip_lists, seeds, st.randoms())
def test_balance_does_not_depend_on_the_order(clips, seed, random):
    shuffled = random.sample(clips, len(clips))
    assert set(_balance(clips, seed)) == set(_balance(shuffled, seed))


@given(clip_lists, seeds)
def test_a_clip_more_in_the_smaller_class_draws_one_partner(clips, seed):
    positives = [clip for clip in clips if clip.label == 0]
    negatives = [clip for clip in clips if clip.label == 1]
    if 0 < len(positives) < len(negatives):
        before = set(_balance(clips, seed))
        new = Clip("new_1_0.jpg", 0, "f" * 64)
        after = set(_balance([*clips, new], seed))
        assert before < after
        assert len(after - before) == 2


@given(clip_lists, seeds, st.integers(0, 60))
def test_a_draw_is_spread_over_the_videos_as_evenly_as_they_allow(clips, seed, size):
    drawn = sampling.draw(clips, size, seed, lambda c: c.path[0])
    assert len(drawn) == min(size, len(clips))
    there, taken = Counter(c.path[0] for c in clips), Counter(c.path[0] for c in drawn)
    # A video with clips left over has given at least as many as any other, less one.
    assert all(taken[video] >= max(taken.values(), default=0) - 1 for video in there if taken[video] < there[video])


video_counts = st.dictionaries(st.text("abcdefgh", min_size=1, max_size=4), st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=30)


@given(video_counts, seeds)
def test_both_sides_have_every_class_that_two_videos_have(counts, seed):
    held = sampling.hold_out_videos(counts, 0.2, seed)
    assert held <= set(counts)
    for label in (0, 1):
        having = {video for video, count in counts.items() if count[label]}
        if len(having) > 1:
            assert having & held and having - held
        else:
            assert not having & held


@given(video_counts, seeds, st.data())
def test_a_video_never_changes_sides(counts, seed, data):
    before = sampling.hold_out_videos(counts, 0.2, seed)
    sides = {video: video in before for video in counts}
    more = {video: (a + data.draw(st.integers(0, 5)), b) for video, (a, b) in counts.items()}
    more |= data.draw(st.dictionaries(st.text("ijk", min_size=1), st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=5))
    after = sampling.hold_out_videos(more, 0.2, seed, sides)
    assert {video: video in after for video in counts} == sides


def test_held_out_share_with_many_videos():
    counts = {f"video{i}": (i % 7, 3 + i % 5) for i in range(200)}
    held = sampling.hold_out_videos(counts, 1 / 6, seed=3)
    for label in (0, 1):
        share = sum(counts[video][label] for video in held) / sum(count[label] for count in counts.values())
        assert abs(share - 1 / 6) < 0.02


@given(digests, st.integers(1, 10_000))
def test_a_shard_is_one_of_those_there_are(digest, number):
    assert 0 <= shards.shard_of(digest, number) < number


@given(digests, st.integers(1, 300), st.integers(1, 300))
def test_shards_of_another_division_that_share_a_clip_overlap(digest, one, other):
    names = [shards.shard_name("train", shards.shard_of(digest, number), number) for number in (one, other)]
    assert shards.overlap(*names)


def test_shards_that_share_no_clip_do_not_overlap():
    assert not shards.overlap("train-00000-of-00002", "eval-00002-of-00004.tfrecord.gz")
    assert shards.overlap("train-00000-of-00002", "eval-00001-of-00004.part-00001.tfrecord.gz")


def test_a_list_of_any_name_can_share_clips_with_every_shard():
    assert shards.overlap("mine", "train-00002-of-00004") and shards.overlap("train-00002-of-00004", "test-00000-of-00001.tfrecord.gz")


def test_ranks_are_the_same_on_every_machine():
    assert sampling.rank("cam01", 1) == 0x4210119DA6FE1CAC


WHOLE = ["train-00000-of-00002.tfrecord.gz", "train-00001-of-00002.tfrecord.gz", "eval-00000-of-00001.tfrecord.gz", "other.tfrecord.gz"]


@pytest.mark.parametrize(
    "names, message",
    [
        ([*WHOLE, "train-00000-of-00001.tfrecord.gz"], "shards of 1 and 2 are mixed"),
        (WHOLE[1:], "of 2 shards, 1 are missing, such as train-00000-of-00002"),
    ],
)
def test_records_that_are_no_whole_division_are_refused(names, message):
    shards.check_whole([f"x/{name}" for name in WHOLE])
    with pytest.raises(UserError, match=message):
        shards.check_whole([f"x/{name}" for name in names])
