"""What a passage did: how long it went on, how straight it went, and how much else moved at the same time."""

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

# So that a single box has a logarithm of its duration, and things that stand still a straightness.
_MOMENT, _PIXEL = 0.2, 1.0


class Movement(NamedTuple):
    """What a passage did.

    duration  log of the seconds from its first box to its last
    straightness  how far it got, as a share of the way of its centre: 1 for a straight line, 0 for a branch that sways to and fro
    crowd     log of the mean number of boxes in its frames: 0 if nothing else moved
    """

    duration: float
    straightness: float
    crowd: float


def movements(boxes: "pd.DataFrame") -> dict[int, Movement]:
    """What each track of a film did. `boxes` is the film's table: track, frame, seconds, x, y, w, h."""
    at_once = boxes.groupby("frame")["track"].transform("size")
    centres = np.stack([boxes["x"] + boxes["w"] / 2, boxes["y"] + boxes["h"] / 2], 1)
    found = {}
    for track, rows in boxes.groupby("track").indices.items():
        way, seconds = centres[rows], boxes["seconds"].to_numpy()[rows]
        gone = float(np.linalg.norm(np.diff(way, axis=0), axis=1).sum())
        far = float(np.linalg.norm(way[-1] - way[0]))
        found[int(track)] = Movement(
            float(np.log(seconds[-1] - seconds[0] + _MOMENT)), far / (gone + _PIXEL), float(np.log(at_once.to_numpy()[rows].mean()))
        )
    return found
