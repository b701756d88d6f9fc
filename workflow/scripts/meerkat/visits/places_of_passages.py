"""Finds the passage at a place that a review notes, also after another search of the film."""

from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

from ..sorting import same_place
from .passages import Passage


def finder(passages: Iterable[Passage], folder: Path) -> Callable[[str], int | None]:
    """A function that gives the track at a place (frame and box, x y w h in pixels), or None if there is none, or more than one.

    passages  those of the film; folder  its folder from the search for motion, whose boxes are read only if they are needed
    """
    known = {passage.place: passage.track for passage in passages}

    @cache
    def moved() -> same_place.Boxes:
        return same_place.boxes(folder)

    def track_at(place: str) -> int | None:
        if place in known:
            return known[place]
        track = same_place.find(place, moved())
        return None if track is None else int(track)

    return track_at
