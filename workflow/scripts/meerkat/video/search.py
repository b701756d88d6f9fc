"""The search for motion in a stretch of a film: tracks, their boxes, and a few clips of each."""

import math
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice, pairwise
from statistics import median

import cv2

from . import detector_boxes, motion, track_clips
from .boxes import Box, overlap
from .crops import crop
from .detector_boxes import Detected
from .regions import FilmMotion
from .tracks import Track, Tracker
from .videos import Frame, Video

# The first looks, which give the time from one look to the next, and the background of the first of them. They are held in memory: 100 MB
# of 1080p.
_BEGINNING = 32
# A stretch begins this many times as early as the background remembers: what stood in the first picture must be forgotten, and a slow thing
# leaves its place slowly.
_EARLY = 3.0


@dataclass(frozen=True)
class LookedAt:
    """A frame that was looked at.

    seconds    its time; lines  the height of the picture that was looked at
    interval   usual seconds from one look to the next
    too_small  whether something moved that was smaller than the settings allow
    """

    seconds: float
    lines: int
    interval: float
    too_small: bool


@dataclass(frozen=True)
class Sighting:
    """A box of a track; `box` is in pixels of the frame."""

    track: Track
    frame: int
    seconds: float
    box: Box


@dataclass(frozen=True)
class Found:
    """A track that has ended, or the part of one that lies in this stretch.

    opens, stays  whether it may continue a track of the stretch before, and whether the next stretch may continue it
    clips  those that are kept; of a part all that are held
    best_frame  the frame of the best of them
    """

    track: Track
    opens: bool
    stays: bool
    clips: list[track_clips.CutClip]
    best_frame: Frame


def search(
    video: Video, settings: FilmMotion, begin: float = 0.0, end: float = math.inf, detected: Sequence[Detected] = ()
) -> Iterator[LookedAt | Sighting | Found]:
    """Everything found from `begin` to `end`, in seconds: each look, each box when it is seen, and each track when it has ended, unless it
    is a flicker.

    detected  what a detector has found in the film, in the order of time
    """
    cv2.setNumThreads(1)  # OpenCV's tasks are too small to divide; decoding is not.
    rate = motion.looks_a_second(settings)
    announced = 1 / min(video.fps, rate)
    frames = video.looks(rate, begin, end, early=_EARLY * motion.memory(settings, announced))
    beginning = list(islice(frames, _BEGINNING))
    interval = _interval(announced, beginning)
    moving, tracker, held = motion.MotionDetector(settings, interval), None, {}
    waiting = deque(detected)
    if beginning and not begin:
        moving.begin(beginning[::2])

    def over(track: Track, stays: bool = False) -> Iterator[Found]:
        clips, opens = held.pop(track.number), begin > 0 and track.began <= begin + tracker.lost
        if opens or stays:
            yield Found(track, opens, stays, clips.held, clips.best_frame)
        elif not tracker.is_flicker(track):
            yield Found(track, False, False, clips.kept(), clips.best_frame)

    for frame in chain(beginning, frames):
        changed = moving.changed(frame)
        due = _due(waiting, frame.seconds + interval / 2)
        if frame.seconds < begin:
            continue
        tracker = tracker or Tracker(moving.looked_at.shape[0], interval, step=detector_boxes.step(detected))
        for track in tracker.ended(frame.seconds):
            yield from over(track)
        for track, box in linked(tracker, frame.seconds, changed.boxes, changed.contours, due, moving.looked_at.shape[:2]):
            clips = held.setdefault(track.number, track_clips.TrackClips(settings.clips_per_track, frame.seconds))
            in_frame = moving.in_frame(box)
            offer(clips, frame, in_frame, track_clips.quality(moving.looked_at, box), settings.margin)
            yield Sighting(track, frame.number, frame.seconds, in_frame)
        yield LookedAt(frame.seconds, moving.looked_at.shape[0], interval, changed.too_small)
    if tracker:
        goes_on = math.isfinite(end)
        for track in tracker.ended(end) if goes_on else ():
            yield from over(track)
        for track in tracker.going:
            yield from over(track, goes_on)


def linked(
    tracker: Tracker, seconds: float, moved: Sequence[Box], contours: int, detected: Sequence[Detected], shape: tuple[int, int]
) -> list[tuple[Track, Box]]:
    """The boxes of a look with their tracks. A box of a detector takes the place of what moved there, because it fits more tightly.

    moved, contours  boxes of what moved, in pixels of a picture of this shape, and how many contours that had
    """
    found = [one.box(shape) for one in detected]
    # Which boxes of the detector also moved, and what moved elsewhere.
    also = [any(_is_same(box, other) for other in moved) for box in found]
    alone = [box for box in moved if not any(_is_same(box, other) for other in found)]
    boxes = [*found, *alone]
    tracks = tracker.link(seconds, boxes, contours)
    for place, track in enumerate(tracks):
        if place < len(found):
            track.detected, track.moved = track.detected + 1, track.moved + also[place]
            if detected[place].confidence > track.confidence:
                track.kind, track.confidence = detected[place].kind, detected[place].confidence
        else:
            track.moved += 1
    return list(zip(tracks, boxes, strict=True))


def _is_same(one: Box, other: Box) -> bool:
    return overlap(one, other) > 0.5


def _due(waiting: deque[Detected], seconds: float) -> list[Detected]:
    """What the detector has found up to this time; of several frames, in the last one."""
    due: list[Detected] = []
    while waiting and waiting[0].seconds <= seconds:
        one = waiting.popleft()
        due = [*due, one] if due and due[-1].seconds == one.seconds else [one]
    return due


def _interval(announced: float, beginning: list[Frame]) -> float:
    """Seconds from one look to the next; the headers of time-lapse films often give fewer than there are."""
    steps = [later.seconds - earlier.seconds for earlier, later in pairwise(beginning)]
    return max([announced, *([median(steps)] if steps else [])])


def offer(clips: track_clips.TrackClips, frame: Frame, box: Box, quality: float, margin: float, told: Box | None = None) -> None:
    """Hold a clip of a box if it is better than those that are held.

    quality  see `track_clips.quality`; margin  see `crops.crop`
    told     the box in pixels of another size, in which the boxes of the film are told; None: in those of the frame
    """
    if clips.wants(frame.seconds, quality):
        clips.hold(track_clips.CutClip(frame.number, frame.seconds, told or box, quality, crop(frame, box, margin)), frame)
