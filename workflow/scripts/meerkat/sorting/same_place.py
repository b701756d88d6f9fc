"""Finds which of the present passages an old clip shows: the passage at the same place in the picture at the same time."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

from .. import tables
from ..video.boxes import Box, overlap

# At most this many frames lie between two looks, if few are looked at in a second.
_FRAMES = 30
# At least this share of the smaller box lies in the larger one.
_SHARE = 0.5

# Frame and box, x y w h in pixels, of all that moved in a film, by track.
Boxes = Mapping[str, Sequence[tuple[int, Box]]]


def boxes(folder: Path) -> Boxes:
    """Everything that moved in a film; `folder` is its folder from the search for motion. Raises UserError if the table of boxes is missing
    or damaged."""
    found = defaultdict(list)
    for row in tables.read(folder / "boxes.csv", "gather_motion.py"):
        found[row["track"]].append((int(row["frame"]), Box(*(int(row[name]) for name in ("x", "y", "w", "h")))))
    return found


def find(where: str, moved: Boxes) -> str | None:
    """The only track at the place where an old clip was cut; None if there is none, or more than one.

    where  frame and box of the clip, x y w h in pixels; empty if unknown
    """
    if not where:
        return None
    frame, box = _read(where)
    fitting = [track for track, of_track in moved.items() if (near := _box_at(of_track, frame)) and overlap(box, near) >= _SHARE]
    return fitting[0] if len(fitting) == 1 else None


def are_one(where: str, other: str) -> bool:
    """Whether two clips of one frame were cut at the same place; assumed to be true if unknown."""
    return not (where and other) or overlap(_read(where)[1], _read(other)[1]) >= _SHARE


def _read(where: str) -> tuple[int, Box]:
    frame, *box = map(int, where.split())
    return frame, Box(*box)


def _box_at(of_track: Sequence[tuple[int, Box]], frame: int) -> Box | None:
    """The box of a track in a frame, or in a frame nearby; None if it was not there at that time."""
    distance, box = min((abs(other - frame), box) for other, box in of_track)
    return box if distance <= _FRAMES else None
