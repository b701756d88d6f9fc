"""Draws the order in which moments are looked at. Moments are divided into strata, so that people look more often where animals may be.

More strata than these cost more looks than they save, because each adds its own uncertainty (benchmarks/audit.py). So sites, hours of the
day, and whether anything moved do not divide the moments; they order them, and each beginning of the order is spread over all of them.
"""

from collections.abc import Sequence

import numpy as np

from ..video.moments import Moment
from ..visits.passages import Passage

# Strata: a visit was found; something scored close below the threshold; the rest.
VISIT, NEAR, REST = "visit", "near", "rest"
STRATA = (VISIT, NEAR, REST)
# From this share of the threshold on, a score is close.
_CLOSE = 1 / 3
# So many times as many points as moments are drawn, so that nearly all moments get one.
_POINTS = 8


def stratum_of(has_visit: bool, highest: float, threshold: float) -> str:
    """The stratum of a moment; `highest` is the highest score of what moved in it."""
    if has_visit:
        return VISIT
    return NEAR if highest >= _CLOSE * threshold else REST


def highest_score(passages: Sequence[Passage], moment: Moment) -> float:
    """The highest score of what moved in a moment; 0 if nothing did."""
    return max((one.score for one in passages if one.begin < moment.end and moment.begin < one.end), default=0.0)


def spread(keys: Sequence[tuple], seed: int) -> list[int]:
    """An order by chance of things with these keys, as their places in the sequence. Wherever it is cut, its beginning is spread evenly
    over the sorted keys, and each thing has the same chance to be in it.

    The order is that of the scrambled sequence of van der Corput (Owen, 2017, "A randomized Halton algorithm in R").
    """
    from scipy.stats import qmc  # takes half a second, and only a draw needs it

    number = len(keys)
    random = np.random.default_rng(seed)
    by_key = sorted(random.permutation(number).tolist(), key=lambda place: keys[place])
    points = qmc.Halton(1, scramble=True, rng=random).random(_POINTS * number)[:, 0]
    places = dict.fromkeys((points * number).astype(int).tolist())
    places |= dict.fromkeys(random.permutation(number).tolist())
    return [by_key[place] for place in places]
