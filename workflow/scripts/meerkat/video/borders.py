"""Joins the stretches of a film: what crosses a border is one track."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import reduce
from typing import NamedTuple

from .completeness import Completeness
from .motion_store import Searched, StoredClip, StoredTrack
from .track_clips import choose
from .tracks import Track, Tracker


class Part(NamedTuple):
    """The part of a track in one stretch: the number of the stretch, the number of the track there, and its clips."""

    stretch: int
    track: int
    clips: list[StoredClip]


@dataclass(frozen=True)
class WholeTrack:
    """A track of a film; its parts contain only the clips that are kept."""

    track: Track
    parts: list[Part]

    @property
    def best(self) -> StoredClip:
        """The best clip."""
        return max((clip for part in self.parts for clip in part.clips), key=lambda clip: clip.quality)


def join(stretches: Sequence[Searched], wanted: int) -> list[WholeTrack]:
    """The tracks of a film in the order of their beginnings.

    stretches  all of the film, in their order; wanted  how many clips are kept of a track
    """
    ended: list[tuple[_Growing, Tracker]] = []
    going: list[_Growing] = []
    for number, found in enumerate(stretches):
        tracker = Tracker(found.lines, found.interval)
        here = [_Growing(stored, [Part(number, stored.track.number, stored.clips)]) for stored in found.tracks]
        opening = [place for place, one in enumerate(here) if one.stored.opens]
        first = [(here[place].stored.track.began, here[place].stored.track.first) for place in opening]
        pairs = dict(tracker.assign([one.stored.track for one in going], first))
        for which, place in pairs.items():
            here[opening[place]] = going[which].joined(here[opening[place]])
        ended += [(one, tracker) for which, one in enumerate(going) if which not in pairs]
        ended += [(one, tracker) for one in here if not one.stored.stays]
        going = [one for one in here if one.stored.stays]
    whole = [one.whole(wanted) for one, tracker in ended if not tracker.is_flicker(one.stored.track)]
    return sorted(whole, key=lambda one: one.parts[0][:2])


@dataclass(frozen=True)
class _Growing:
    """A track that may go on in the next stretch."""

    stored: StoredTrack
    parts: list[Part]

    def joined(self, later: "_Growing") -> "_Growing":
        track = self.stored.track.joined(later.stored.track)
        return _Growing(replace(later.stored, track=track, opens=self.stored.opens), self.parts + later.parts)

    def whole(self, wanted: int) -> WholeTrack:
        clips = [clip for part in self.parts for clip in part.clips]
        is_joined = self.stored.opens or self.stored.stays or len(self.parts) > 1
        kept = choose(clips, wanted) if is_joined else clips  # Of a part, all clips were stored that were held.
        return WholeTrack(self.stored.track, [part._replace(clips=[clip for clip in part.clips if clip in kept]) for part in self.parts])


def facts(stretches: Sequence[Searched]) -> Searched:
    """The facts about a film, from those about its stretches, in their order."""
    read = [found.completeness for found in stretches if found.completeness]
    whole = reduce(Completeness.joined, read) if read else None
    decoded = [found for found in stretches if found.completeness and found.completeness.frames] or stretches
    problem = stretches[0].problem or (whole.problem() if whole else "")
    counts = {name: sum(getattr(found, name) for found in stretches) for name in ("looks", "too_small", "with_boxes", "minutes")}
    begins, seconds, size = decoded[0].begins, decoded[-1].seconds, decoded[-1].size
    return replace(stretches[0], problem=problem, begins=begins, seconds=seconds, size=size, completeness=whole, tracks=[], **counts)
