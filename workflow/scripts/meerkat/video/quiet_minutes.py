"""Minutes in which nothing was seen to move. A person who watches some of them learns what motion detection misses."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

# This many pieces of this many seconds are drawn for a person to watch. Pieces shorter than the least are left out.
_PIECES, _LENGTH, _LEAST = 10, 60.0, 10.0
# This many pictures of each are shown.
_PICTURES = 3
PICTURES = "quiet_minutes"
COLUMNS = ("path", "begin", "end", "seconds", "picture")


class Piece(NamedTuple):
    """Part of a film: seconds from its beginning."""

    film: str
    begin: float
    end: float


def pieces(film: str, spans: Iterable[tuple[float, float]], first: float, last: float) -> list[Piece]:
    """The time between the spans (begin, end) of all tracks of a film, in pieces of at most a minute.

    first, last  the film could be read from here to here, in seconds
    """
    found, quiet_from = [], first
    for begin, end in [*sorted(spans), (last, last)]:
        for start in np.arange(quiet_from, begin, _LENGTH).tolist():
            if min(start + _LENGTH, begin) - start >= _LEAST:
                found.append(Piece(film, start, min(start + _LENGTH, begin)))
        quiet_from = max(quiet_from, end)
    return found


def draw(found: Sequence[Piece], seed: int) -> list[Piece]:
    """A few of the pieces at random, in their order."""
    chosen = np.random.default_rng(seed).choice(len(found), min(_PIECES, len(found)), replace=False)
    return [found[place] for place in sorted(chosen.tolist())]


def moments(piece: Piece) -> list[float]:
    """The times, in seconds, of the pictures that show a piece: spread evenly over it."""
    return [piece.begin + (piece.end - piece.begin) * (number + 0.5) / _PICTURES for number in range(_PICTURES)]
