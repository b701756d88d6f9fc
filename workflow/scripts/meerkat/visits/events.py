"""Events: visits that follow each other at one site are one event, even if the camera begins a new film in between."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

# Lengths and starts of films are rounded to seconds by many cameras.
_OVERLAP = timedelta(seconds=2)


class Occurrence(NamedTuple):
    """When and where a visit, or a film, took place. No site is an empty text, and an unknown time is None. All times with a zone must have
    the same zone without summer time, such as UTC: Python compares times of one zone by the clock, which is wrong in the night when summer
    time ends."""

    site: str
    begin: datetime | None
    end: datetime | None


NOWHERE = Occurrence("", None, None)


def overlapping(films: Mapping[str, Occurrence]) -> set[str]:
    """The videos that overlap in time with another video of their site: a clock is wrong, or the site has two cameras.

    films  when and where each video was taken
    """
    found: set[str] = set()
    last: dict[tuple[str, bool], str] = {}
    known = [video for video, film in films.items() if film.site and film.begin]
    for video in sorted(known, key=lambda video: films[video].begin.replace(tzinfo=None)):  # those without a zone among the others
        film = films[video]
        key = (film.site, film.begin.tzinfo is None)
        before = last.setdefault(key, video)
        if before != video and film.begin < films[before].end - _OVERLAP:
            found |= {before, video}
        if film.end > films[before].end:
            last[key] = video
    return found


def number_events(visits: Sequence[Occurrence], pause: float) -> list[int]:
    """The event of each visit, numbered from 1 in the order of the visits.

    Visits are one event if their site is the same and at most `pause` seconds lie between them. If the site or the time of a visit is
    unknown, or if only one of two times has a zone, we cannot know what lies between them: these visits are separate events.
    """
    first = list(range(len(visits)))
    at_site: dict[tuple[str, bool], list[int]] = {}
    for number, visit in enumerate(visits):
        if visit.site and visit.begin:
            at_site.setdefault((visit.site, visit.begin.tzinfo is None), []).append(number)
    for numbers in at_site.values():
        numbers.sort(key=lambda number: visits[number].begin)
        event, end = numbers[0], visits[numbers[0]].end
        for number in numbers[1:]:
            if visits[number].begin - end > timedelta(seconds=pause):
                event = number
            first[number] = event
            end = max(end, visits[number].end) if event != number else visits[number].end
    order: dict[int, int] = {}
    return [order.setdefault(event, len(order) + 1) for event in first]
