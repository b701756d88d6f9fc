"""The draws, draws.csv in the folder of clips: the moments of all films, their strata, and the order in which they are looked at. They are
drawn before anybody looks, and never again: films that come later get a draw of their own."""

import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from ..own_tables import decimal
from ..row_log import RowLog
from ..video.moments import Moment
from .strata import STRATA, spread

COLUMNS = ("draw", "seed", "threshold", "film", "video", "begin", "end", "stratum", "rank", "of")


class Drawn(NamedTuple):
    """A moment in a draw.

    draw       when it was drawn
    seed, threshold  what chance and the strata depended on
    stratum    one of STRATA
    rank, of   its place in the order of its stratum, from 1, and how many moments that has: the first n were drawn with probability n / of
    """

    draw: str
    seed: int
    threshold: float
    moment: Moment
    stratum: str
    rank: int
    of: int


class Draws:
    """All moments that were drawn.

    moments  in the order of their rows
    """

    def __init__(self, path: Path, for_writing: bool = False):
        """path  the table; it may be missing
        for_writing  moments will be drawn

        Raises UserError as `RowLog.rows` does."""
        self._log = RowLog(path, COLUMNS, _drawn, "the audit alone writes this table")
        self.moments = list(map(_drawn, self._log.rows(for_writing)))

    @property
    def films(self) -> set[str]:
        """The ids of the films that were drawn."""
        return {drawn.moment.film for drawn in self.moments}

    def draw(self, moments: Mapping[str, Sequence[tuple[Moment, tuple]]], threshold: float, seed: int) -> None:
        """Draw the order of moments of films that were not drawn before. Raises OSError.

        moments  by stratum; each with the key by which its stratum is spread
        """
        time, new = self._log.now(), []
        for stratum in STRATA:
            keyed = moments.get(stratum, ())
            order = spread([key for _, key in keyed], seed) if keyed else []
            new += [Drawn(time, seed, threshold, keyed[place][0], stratum, rank, len(order)) for rank, place in enumerate(order, 1)]
        if new:
            self._log.add(map(_row, new))
            self.moments += new


def _row(drawn: Drawn) -> tuple:
    film, video, begin, end = drawn.moment
    times = (f"{begin:.3f}", f"{end:.3f}")
    return (drawn.draw, drawn.seed, f"{drawn.threshold:.9g}", film, video, *times, drawn.stratum, drawn.rank, drawn.of)


def _drawn(cells: Iterable[str]) -> Drawn:
    draw, seed, threshold, film, video, begin, end, stratum, rank, of = cells
    moment = Moment(film, video, decimal(begin), decimal(end))
    if not (0 <= moment.begin < moment.end < math.inf and stratum in STRATA and 1 <= int(rank) <= int(of)):
        raise ValueError
    return Drawn(draw, int(seed), decimal(threshold), moment, stratum, int(rank), int(of))
