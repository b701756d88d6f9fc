"""Who has found the visits: the search for motion, a detector, or both."""

from collections.abc import Collection, Sequence

from ..video.tracks import BOXES, MOTION
from ..wording import count


def line(visits: Sequence[Collection[str]], not_shown: int) -> str:
    """A line that says how many visits each of the two brings that the other lacks.

    visits     who has found the passages of each visit (see `tracks.Track.found_by`); empty for a visit that only a person has seen
    not_shown  how many passages are persons or vehicles according to the detector, but belong to no visit
    """
    hidden = ""
    if not_shown:
        hidden = (
            f" {count(not_shown, 'passage')} with a person or a vehicle, as the detector says, scored below the threshold and are in no "
            "visit; column kind of passages.csv shows which."
        )
    by_motion, by_boxes = (sum(set(of_visit) == {who} for of_visit in visits) for who in (MOTION, BOXES))
    both = sum(bool(of_visit) for of_visit in visits) - by_motion - by_boxes
    return (
        f"{count(both, 'visit')} found by motion and by the boxes of the detector, {by_motion} by motion alone, {by_boxes} by the boxes "
        f"alone (videos: boxes).{hidden}"
    )
