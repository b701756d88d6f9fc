"""When a camera was silent for longer than is usual for it, and which films belong to one time."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import TypeVar

Timed = TypeVar("Timed", bound=tuple)
_YEAR = timedelta(days=366)

# A silence is told if it is this many times as long as is usual, and longer than this.
_TIMES, _LEAST = 4.0, timedelta(days=2)


def gaps(times: Sequence[datetime]) -> list[int]:
    """The silences that are longer than is usual: the places of the last films before them.

    times  when films begin, in their order

    The shorter half of the silences is usual in any case. What else is usual: half of the time passes in silences that are no longer. Only
    shorter silences count for it, so that two failures do not hide each other.
    """
    silences = sorted((after - before, place) for place, (before, after) in enumerate(pairwise(times)))
    found = []
    shorter: list[timedelta] = []
    for silence, place in silences:
        if len(shorter) >= len(silences) / 2 and silence > _LEAST and silence > _TIMES * _usual(shorter):
            found.append(place)
        else:
            shorter.append(silence)
    return sorted(found)


def _usual(silences: Sequence[timedelta]) -> timedelta:
    """The silence of the middle moment; the silences are in their order."""
    half, passed = sum(silences, timedelta()) / 2, timedelta()
    for silence in silences:
        passed += silence
        if passed >= half:
            return silence
    return timedelta()


def of_one_time(spans: Sequence[Timed]) -> Sequence[Timed]:
    """The most of these between which no year passes: a clock that was reset must not make thousands of nights.

    spans  tuples that begin with a date and time, in their order
    """
    return max(by_year(spans), key=len, default=[])


def by_year(spans: Sequence[Timed]) -> list[list[Timed]]:
    """These in groups between which more than a year passes; see `of_one_time`."""
    groups: list[list[Timed]] = []
    for span in spans:
        if groups and span[0] - groups[-1][-1][0] <= _YEAR:
            groups[-1].append(span)
        else:
            groups.append([span])
    return groups
