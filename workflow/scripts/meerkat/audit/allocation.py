"""Where to look next, so that the interval becomes narrow with few looks, and how many more looks that takes.

The next look goes to the stratum where it lowers the variance of the share of visits that are found by most (Neyman, 1934; here look by
look, with what is known so far).
"""

from collections.abc import Sequence

import numpy as np

from .estimate import Stratum

# What a stratum is like is unknown at first: as if one more look had found so many visits.
_BEFORE_FOUND, _BEFORE_MISSED = 0.5, 0.5
# Each stratum gets so many looks first.
_FIRST = 3
# We do not count further ahead.
_MOST = 5000


def next_stratum(strata: Sequence[Stratum], moments: Sequence[int]) -> int | None:
    """The place of the stratum to look at next; None if everything was looked at.

    moments  how many moments each stratum has
    """
    sensitivity = _sensitivity(strata)
    gains = [_lowered(_rates(one), len(one.looks), number, sensitivity) for one, number in zip(strata, moments, strict=True)]
    best = int(np.argmax(gains))
    return best if gains[best] > 0 else None


def looks_needed(strata: Sequence[Stratum], moments: Sequence[int], half: float, within: float) -> int | None:
    """About how many more looks narrow the interval from `half` to `within` on each side, 0 if it is as narrow; None if even all looks do
    not, because a person was unsure."""
    if half <= within:
        return 0
    strata, sensitivity = list(strata), _sensitivity(strata)
    rates = [_rates(stratum) for stratum in strata]
    numbers = [len(stratum.looks) for stratum in strata]
    before = _variance(rates, numbers, moments, sensitivity)
    for more in range(1, _MOST):
        gains = [_lowered(rate, number, of, sensitivity) for rate, number, of in zip(rates, numbers, moments, strict=True)]
        best = int(np.argmax(gains))
        if gains[best] <= 0:
            return more - 1 or None
        numbers[best] += 1
        if _variance(rates, numbers, moments, sensitivity) <= before * (within / half) ** 2:
            return more
    return None


def _sensitivity(strata: Sequence[Stratum]) -> tuple[float, float]:
    """How strongly the share depends on a visit found, and on one missed, up to a common factor: 1 - share, and share."""
    rates = [_rates(stratum) for stratum in strata]
    found = sum(stratum.with_visit * rate for stratum, (rate, _) in zip(strata, rates, strict=True))
    missed = sum(stratum.with_room * rate for stratum, (_, rate) in zip(strata, rates, strict=True))
    share = (found + 1) / (found + missed + 2)
    return 1 - share, share


def _rates(stratum: Stratum) -> tuple[float, float]:
    """Visits found, and missed, in a moment where that can be, about."""
    of_visit = [look.compared.found for look in stratum.looks if look.compared and look.has_visit]
    of_room = [look.compared.missed for look in stratum.looks if look.compared and look.has_room]
    found = (sum(of_visit) + _BEFORE_FOUND) / (len(of_visit) + 1) if stratum.with_visit else 0.0
    missed = (sum(of_room) + _BEFORE_MISSED) / (len(of_room) + 1) if stratum.with_room else 0.0
    return min(found, 1.0), min(missed, 1.0)


def _lowered(rates: tuple[float, float], looks: int, moments: int, sensitivity: tuple[float, float]) -> float:
    """By how much a look lowers the variance."""
    if looks >= moments:
        return 0.0
    if looks < _FIRST:
        return np.inf
    return _part(rates, looks, moments, sensitivity) - _part(rates, looks + 1, moments, sensitivity)


def _part(rates: tuple[float, float], looks: int, moments: int, sensitivity: tuple[float, float]) -> float:
    """What a stratum contributes to the variance: that of a sample without replacement."""
    spread = sum((weight**2) * rate * (1 - rate) for weight, rate in zip(sensitivity, rates, strict=True))
    return moments * (moments - looks) * spread / max(looks, 1)


def _variance(
    rates: Sequence[tuple[float, float]], looks: Sequence[int], moments: Sequence[int], sensitivity: tuple[float, float]
) -> float:
    return sum(_part(rate, number, of, sensitivity) for rate, number, of in zip(rates, looks, moments, strict=True))
