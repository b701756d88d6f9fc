"""How many visits are missed, from looks at moments that were drawn by chance in strata.

In a stratum of N moments, n of which were looked at, the share of moments with a visit has the confidence distribution between those of
Clopper and Pearson's (1934) two bounds, Beta(h, n - h + 1) and Beta(h + 1, n - h) for h hits, each with probability one half (mid-P:
Lancaster, 1961). Moments that nobody has looked at are drawn from it. The strata are combined by drawing from all of them: intervals melded
as by Fay, Proschan and Brittain (2015, "Combining one-sample confidence procedures for inference in the two-sample case"). For the lower
end of what is missed, the lower bound alone counts, which costs no look: with mid-P, the share found seemed too low too often where nearly
all visits are found (benchmarks/audit.py). So intervals hold for few hits, for none, and when everything was looked at. Moments are drawn
singly and not by film or site, so they need no correction for clusters, for the films that were drawn.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from .seen import Counts

_DRAWS = 2000
_TAIL = 0.025


@dataclass(frozen=True)
class Looked:
    """A look: what it says about the moment (None if the person was unsure), and whether a visit there can be found, or missed."""

    compared: Counts | None
    has_visit: bool
    has_room: bool


@dataclass(frozen=True)
class Stratum:
    """A stratum: how many of its moments can have a visit that was found, how many one that was missed, and the looks."""

    with_visit: int
    with_room: int
    looks: Sequence[Looked]


class Interval(NamedTuple):
    """A value and its 95 % interval; the value is None if there is nothing to compute it from."""

    value: float | None
    low: float
    high: float

    @property
    def half(self) -> float:
        """How far the farther end is from the value; infinite without a value."""
        return np.inf if self.value is None else max(self.value - self.low, self.high - self.value)


class Estimate(NamedTuple):
    """The share of all visits that were found, and the numbers of visits found, missed at each stage, and false."""

    share: Interval
    found: Interval
    below: Interval
    unmoved: Interval
    false: Interval


class _Kind(NamedTuple):
    """A kind of count: its name in `Counts`, and whether it counts missed visits, which can be only where there is room; else it counts
    what was found."""

    name: str
    is_missed: bool

    def moments(self, stratum: Stratum) -> int:
        """How many moments can have any."""
        return stratum.with_room if self.is_missed else stratum.with_visit

    def counts(self, stratum: Stratum, unsure: int | None) -> np.ndarray:
        """How many there are in each moment that was looked at and can have any. Where a person was unsure, there are so many; None leaves
        these moments out."""
        looks = [look for look in stratum.looks if (look.has_room if self.is_missed else look.has_visit)]
        if unsure is None:
            looks = [look for look in looks if look.compared]
        return np.array([getattr(look.compared, self.name) if look.compared else unsure for look in looks], float)


_FOUND, _MISSED, _FALSE = _Kind("found", False), _Kind("missed", True), _Kind("false", False)
_BELOW, _UNMOVED = _Kind("below", True), _Kind("unmoved", True)


def estimate(strata: Sequence[Stratum], seed: int) -> Estimate:
    """The estimate from all looks. A moment of which a person was unsure counts for both ends: for the lower one as a missed visit, for the
    upper one as a visit that was found, if there can be one."""
    random = np.random.default_rng(seed)
    few_found, many_found = _ends(strata, _FOUND, random)
    few_missed, many_missed = _ends(strata, _MISSED, random)
    found, missed = _value(strata, _FOUND), _value(strata, _MISSED)
    share = _interval(found / (found + missed) if found + missed else None, _share(few_found, many_missed), _share(many_found, few_missed))
    kinds = (_FOUND, _BELOW, _UNMOVED, _FALSE)
    return Estimate(share, *(_interval(_value(strata, kind), *_ends(strata, kind, random)) for kind in kinds))


def _interval(value: float | None, few: np.ndarray, many: np.ndarray) -> Interval:
    """The value in its interval, from draws for the lower end and for the upper end. The value can lie outside if moments contain several
    visits each: an unclear moment counts for the mean of the others in the value, and for one visit at the end of the interval."""
    low, high = float(np.quantile(few, _TAIL)), float(np.quantile(many, 1 - _TAIL))
    return Interval(None if value is None else min(max(value, low), high), low, high)


def _ends(strata: Sequence[Stratum], kind: _Kind, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Totals for the lower end and for the upper end, each float [_DRAWS]."""
    return _drawn(strata, kind, 0, random, is_low=kind.is_missed), _drawn(strata, kind, 1, random)


def _value(strata: Sequence[Stratum], kind: _Kind) -> float:
    """The total that the looks give."""
    counts = [(kind.moments(stratum), kind.counts(stratum, None)) for stratum in strata]
    return sum(moments * float(of.mean()) for moments, of in counts if of.size)


def _drawn(strata: Sequence[Stratum], kind: _Kind, unsure: int, random: np.random.Generator, is_low: bool = False) -> np.ndarray:
    """Totals by the confidence distribution, float [_DRAWS]; `is_low`: by that of the lower bound."""
    totals = [_total(kind.moments(stratum), kind.counts(stratum, unsure), random, is_low) for stratum in strata]
    return np.sum(totals, axis=0) if totals else np.zeros(_DRAWS)


def _total(moments: int, counts: np.ndarray, random: np.random.Generator, is_low: bool) -> np.ndarray:
    """Totals in one stratum, of so many moments, from the counts in those that were looked at."""
    looks, hits = len(counts), int((counts > 0).sum())
    of_hit = counts[counts > 0].mean() if hits else 1.0
    low = random.beta(hits, looks - hits + 1, _DRAWS) if hits else np.zeros(_DRAWS)
    high = random.beta(hits + 1, looks - hits, _DRAWS) if hits < looks else np.ones(_DRAWS)
    share = low if is_low else np.where(random.random(_DRAWS) < 0.5, low, high)
    return counts.sum() + of_hit * random.binomial(max(0, moments - looks), share)


def _share(found: np.ndarray, missed: np.ndarray) -> np.ndarray:
    """The share that was found, float [_DRAWS]; 1 if there is no visit at all."""
    return np.divide(found, found + missed, out=np.ones_like(found), where=found + missed > 0)
