"""Who has found the visits: the search for motion, a detector, or both."""

from collections.abc import Collection, Sequence

from ..video.tracks import BOXES, MOTION
from ..wording import count


def line(visits: Sequence[Collection[str]]) -> str:
    """A line that says how many visits each of the two brings that the other lacks.

    visits  who has found the passages of each visit (see `tracks.Track.found_by`); empty for a visit that only a person has seen
    """
    by_motion, by_boxes = (sum(set(of_visit) == {who} for of_visit in visits) for who in (MOTION, BOXES))
    both = sum(bool(of_visit) for of_visit in visits) - by_motion - by_boxes
    return (
        f"{count(both, 'visit')} found by motion and by the boxes of the detector, {by_motion} by motion alone, {by_boxes} by the boxes "
        "alone (videos: boxes)."
    )
