"""How many visits are missed, from looks at moments that were drawn by chance in strata.

In a stratum of N moments, n of which were looked at, the share of moments with a visit has the confidence distribution between those of
Clopper and Pearson's (1934) two bounds, Beta(h, n - h + 1) and Beta(h + 1, n - h) for h hits, each with probability one half (mid-P:
Lancaster, 1961). Moments that nobody has looked at are drawn from it. The strata are combined by drawing from all of them: intervals melded
as by Fay, Proschan and Brittain (2015, "Combining one-sample confidence procedures for inference in the two-sample case"). So intervals
hold for few hits, for none, and when everything was looked at. Moments are drawn singly and not by film or site, so they need no correction
for clusters, for the films that were drawn.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from .seen import Compared

_DRAWS = 2000
_TAIL = 0.025


@dataclass(frozen=True)
class Looked:
    """A look: what it says about the moment (None if the person was unsure), and whether a visit there can be found, or missed."""

    compared: Compared | None
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


class _Count(NamedTuple):
    """A count of one kind in one stratum: the moments that can have any, and the counts of the looks at such moments."""

    moments: int
    counts: np.ndarray

    def expected(self) -> float:
        return self.moments * float(self.counts.mean()) if self.counts.size else 0.0

    def drawn(self, random: np.random.Generator) -> np.ndarray:
        """The total in the stratum, float [_DRAWS], by its confidence distribution."""
        looks, hits = len(self.counts), int((self.counts > 0).sum())
        of_hit = self.counts[self.counts > 0].mean() if hits else 1.0
        low = random.beta(hits, looks - hits + 1, _DRAWS) if hits else np.zeros(_DRAWS)
        high = random.beta(hits + 1, looks - hits, _DRAWS) if hits < looks else np.ones(_DRAWS)
        share = np.where(random.random(_DRAWS) < 0.5, low, high)
        return self.counts.sum() + of_hit * random.binomial(max(0, self.moments - looks), share)


def estimate(strata: Sequence[Stratum], seed: int) -> Estimate:
    """The estimate from all looks. A moment of which a person was unsure counts against both ends: as a missed visit for the lower one, as
    none for the upper one."""
    random = np.random.default_rng(seed)
    drawn = {kind: (_totals(strata, kind, random, 0), _totals(strata, kind, random, 1)) for kind in (_found, _missed, *_PARTS)}
    (found, _), (few, many) = drawn[_found], drawn[_missed]
    visits = _value(strata, _found) + _value(strata, _missed)
    middle = _value(strata, _found) / visits if visits else None
    totals = [Interval(_value(strata, kind), _low(drawn[kind][0]), _high(drawn[kind][1])) for kind in (_found, *_PARTS)]
    return Estimate(Interval(middle, _low(_share(found, many)), _high(_share(found, few))), *totals)


Kind = Callable[[Stratum, int | None], _Count]


def _counted(moments: int, looks: Sequence[Looked], count: Callable[[Compared], int], unsure: int | None) -> _Count:
    """The counts of looks; an unsure one counts as `unsure`, or not at all."""
    known = [unsure if look.compared is None else count(look.compared) for look in looks]
    return _Count(moments, np.array([one for one in known if one is not None], float))


def _found(stratum: Stratum, unsure: int | None) -> _Count:
    looks = [look for look in stratum.looks if look.has_visit]
    return _counted(stratum.with_visit, looks, lambda one: one.found, None if unsure is None else 0)


def _missed(stratum: Stratum, unsure: int | None) -> _Count:
    return _counted(stratum.with_room, _with_room(stratum), lambda one: one.missed, unsure)


def _below(stratum: Stratum, unsure: int | None) -> _Count:
    return _counted(stratum.with_room, _with_room(stratum), lambda one: one.below, unsure)


def _unmoved(stratum: Stratum, unsure: int | None) -> _Count:
    return _counted(stratum.with_room, _with_room(stratum), lambda one: one.unmoved, unsure)


def _false(stratum: Stratum, unsure: int | None) -> _Count:
    return _counted(stratum.with_visit, [look for look in stratum.looks if look.has_visit], lambda one: one.false, unsure)


_PARTS = (_below, _unmoved, _false)


def _with_room(stratum: Stratum) -> list[Looked]:
    return [look for look in stratum.looks if look.has_room]


def _totals(strata: Sequence[Stratum], kind: Kind, random: np.random.Generator, unsure: int) -> np.ndarray:
    return sum((kind(stratum, unsure).drawn(random) for stratum in strata), np.zeros(_DRAWS))


def _low(drawn: np.ndarray) -> float:
    return float(np.quantile(drawn, _TAIL))


def _high(drawn: np.ndarray) -> float:
    return float(np.quantile(drawn, 1 - _TAIL))


def _value(strata: Sequence[Stratum], kind: Kind) -> float:
    return sum(kind(stratum, None).expected() for stratum in strata)


def _share(found: np.ndarray, missed: np.ndarray) -> np.ndarray:
    """The share that was found, float [_DRAWS]; 1 if there is no visit at all."""
    return np.divide(found, found + missed, out=np.ones_like(found), where=found + missed > 0)
