"""Random draws with a seed. They depend on the items only, not on their order, their place or the machine."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

from .clips import Clip


def rank(key: str, seed: int) -> int:
    """A pseudo-random 64-bit number from `key` and `seed`, the same on every machine."""
    return int.from_bytes(hashlib.sha256(f"{seed}:{key}".encode(errors="surrogateescape")).digest()[:8], "big")


def draw(clips: Sequence[Clip], size: int, seed: int, video: Callable[[Clip], str]) -> list[Clip]:
    """`size` of the clips, spread over the videos as evenly as the videos' sizes allow; input order is kept.

    The clips of each video are sorted by rank. First every video gives its first clip, then its second, and so on. If `size` grows by one,
    the draw gains one clip and loses none.
    """
    by_video = defaultdict(list)
    for clip in clips:
        by_video[video(clip)].append(clip)
    places = {}
    for members in by_video.values():
        for place, clip in enumerate(sorted(members, key=lambda clip: rank(clip.digest, seed))):
            places[clip.digest] = place
    chosen = sorted(clips, key=lambda clip: (places[clip.digest], rank(clip.digest, seed)))[:size]
    drawn = {clip.digest for clip in chosen}
    return [clip for clip in clips if clip.digest in drawn]


def balance(clips: Sequence[Clip], seed: int, video: Callable[[Clip], str]) -> list[Clip]:
    """The clips, with only so many of the larger class as the smaller one has (see `draw`)."""
    by_label = defaultdict(list)
    for clip in clips:
        by_label[clip.label].append(clip)
    size = min(map(len, by_label.values()), default=0)
    drawn = {clip.digest for members in by_label.values() for clip in draw(members, size, seed, video)}
    return [clip for clip in clips if clip.digest in drawn]


def hold_out_videos(counts: Mapping[str, Sequence[int]], share: float, seed: int, sides: Mapping[str, bool] | None = None) -> set[str]:
    """Whole videos for a held-out set: about `share` of the clips of each class, as far as whole videos allow.

    counts  clips per class of each video, e.g. {"cam01": (3, 7)}
    sides   for each video of earlier draws, whether it is held out; these never change sides

    Videos are visited in the order of their ranks. One is taken if that brings the held-out number of each class nearer to its share (sum
    of squared relative distances). Then each class that is still missing gets the video that does the least harm. A video is not taken if
    the other side would then lack a class, or any video.
    """
    sides = sides or {}
    classes = range(max(map(len, counts.values()), default=0))
    totals = [sum(count[c] for count in counts.values()) for c in classes]
    chosen = {video for video in counts if sides.get(video)}
    held = [sum(counts[video][c] for video in chosen) for c in classes]

    def distance_with(more: Sequence[int]) -> float:
        return sum(((held[c] + more[c]) / totals[c] - share) ** 2 for c in classes if totals[c])

    def leaves_enough(video: str) -> bool:
        return len(chosen) + 1 < len(counts) and all(held[c] + counts[video][c] < totals[c] for c in classes if counts[video][c])

    def take(video: str) -> None:
        chosen.add(video)
        held[:] = [held[c] + counts[video][c] for c in classes]

    undecided = sorted((video for video in counts if video not in sides), key=lambda video: (rank(video, seed), video))
    for video in undecided:
        if leaves_enough(video) and distance_with(counts[video]) < distance_with([0] * len(totals)):
            take(video)
    for c in classes:
        candidates = [video for video in undecided if video not in chosen and counts[video][c] and leaves_enough(video)]
        if not held[c] and candidates:
            take(min(candidates, key=lambda video: distance_with(counts[video])))
    return chosen
