"""The search for motion in one video: tracks, their boxes, and a few clips of each."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice, pairwise
from statistics import median

from ..settings.videos import Motion
from . import motion, track_clips
from .boxes import Box
from .crops import clip, still
from .tracks import Track, Tracker
from .videos import Frame, Position, Video

# Frames between two milestones: at most a minute of work, even if a film is large. A passage that crosses a milestone becomes two tracks.
_SECTION = 3000
# The first looks, which give the time from one look to the next.
_BEGINNING = 8


@dataclass(frozen=True)
class Look:
    """A frame that was looked at: its time, in seconds, and whether something moved that was smaller than the settings allow."""

    seconds: float
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
    """A track that has ended, with the clips that are kept of it, and the best of them; `still` is the whole frame of the best, a JPEG."""

    track: Track
    clips: list[track_clips.CutClip]
    best: track_clips.CutClip
    still: bytes


@dataclass(frozen=True)
class Milestone:
    """A place where a search can continue.

    position  how far the film was read; tracks  how many began before, including flickers; interval  seconds from one look to the next
    """

    position: Position
    tracks: int
    interval: float


def search(video: Video, settings: Motion, after: Milestone | None = None) -> Iterator[Look | Sighting | Found | Milestone]:
    """Everything found in the video: each look, each box when it is seen, and each track when it has ended, unless it is a flicker.

    after  a milestone from an earlier search of the same film with the same settings; the search continues after it

    Now and then all tracks end, the background starts again, and a milestone is given. So the result does not depend on whether a search
    was interrupted.
    """
    frames = video.looks(motion.looks(settings), after and after.position)
    beginning = [] if after else list(islice(frames, _BEGINNING))
    interval = after.interval if after else _interval(1 / min(video.fps, motion.looks(settings)), beginning)
    section, first = (after.position.frames // _SECTION, after.tracks) if after else (0, 0)
    detector, tracker, held = motion.MotionDetector(settings, interval), None, {}

    def over(tracks: list[Track]) -> Iterator[Found]:
        for track in tracks:
            clips = held.pop(track.number)
            if not tracker.is_flicker(track):
                kept = clips.kept()
                yield Found(track, kept, max(kept, key=lambda clip: clip.quality), clips.still)

    for frame in chain(beginning, frames):
        boxes = detector.boxes(frame)
        tracker = tracker or Tracker(detector.looked_at.shape[0], interval, first)
        yield from over(tracker.ended(frame.seconds))
        for track, box in zip(tracker.link(frame.seconds, boxes, detector.regions), boxes, strict=True):
            clips = held.setdefault(track.number, track_clips.TrackClips(settings.clips_per_track, frame.seconds))
            whole = detector.in_frame(box)
            _offer(clips, frame, whole, track_clips.quality(detector.looked_at, box), settings.margin)
            yield Sighting(track, frame.number, frame.seconds, whole)
        yield Look(frame.seconds, detector.too_small)
        if frame.number // _SECTION > section:
            yield from over(tracker.going)
            section, first = frame.number // _SECTION, tracker.tracks
            detector, tracker = motion.MotionDetector(settings, interval), None
            yield Milestone(video.position, first, interval)
    if tracker:
        yield from over(tracker.going)


def _interval(announced: float, beginning: list[Frame]) -> float:
    """Seconds from one look to the next; the headers of time-lapse films often give fewer than there are."""
    steps = [later.seconds - earlier.seconds for earlier, later in pairwise(beginning)]
    return max([announced, *([median(steps)] if steps else [])])


def _offer(clips: track_clips.TrackClips, frame: Frame, box: Box, quality: float, margin: float) -> None:
    if clips.wants(frame.seconds, quality):
        cut = clip(frame.picture, box, margin)
        clips.hold(track_clips.CutClip(frame.number, frame.seconds, box, quality, cut), lambda: still(frame))
