"""Estimates how much work the search for motion will be: a few seconds of some films are searched and timed."""

import time
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from ..settings.videos import Motion
from . import regions
from .regions import FilmMotion
from .search import search
from .videos import UnreadableVideo, Video

# This many headers are read, of films spread evenly over the list; the other films are assumed to be alike.
_SAMPLE = 50
# Of the most common kinds of films (codec, size and rate), this many are timed, each for this many seconds of one film.
_KINDS, _TIMED = 3, 3.0
# Seconds of one core to open a film, and gigabytes for each hour of film with much motion: measured with benchmarks/videos.py and
# benchmarks/visits.py on 640x360 to 1920x1080 films.
_PER_FILM = 0.05
_GIGABYTES_PER_HOUR = 0.25


@dataclass(frozen=True)
class Estimate:
    """Seconds of film, seconds of one core, and gigabytes on the disk at most."""

    film: float
    core: float
    gigabytes: float


def estimate(new: Mapping[str, float], settings: Motion) -> Estimate:
    """What a search will take on this computer. Films that cannot be read, or whose header gives no length, count like the others.

    new  the seconds that are to be searched of each film, by its path; 0 if its header gives no length
    """
    paths = list(new)[:: max(1, len(new) // _SAMPLE)]
    kinds: dict[tuple, list[str]] = defaultdict(list)
    for path in paths:
        if new[path] and (kind := _kind(path)):
            kinds[kind].append(path)
    common = sorted(kinds, key=lambda kind: -len(kinds[kind]))[:_KINDS]
    cost = {kind: _cost(max(kinds[kind], key=new.__getitem__), regions.of_film(settings)) for kind in common}
    # For kinds that were not timed, those that were stand in.
    timed = [(new[path], cost[kind]) for kind in common for path in kinds[kind]]
    film, told = sum(new.values()), sum(seconds for seconds, _ in timed)
    core = film * sum(seconds * rate for seconds, rate in timed) / told if told else 0.0
    return Estimate(film, core + _PER_FILM * len(new), film / 3600 * _GIGABYTES_PER_HOUR)


def _kind(path: str) -> tuple | None:
    """What makes films alike to decode."""
    try:
        video = Video(path)
    except (UnreadableVideo, OSError):  # The search will say what is wrong.
        return None
    return video.codec, video.coded_size, round(video.fps)


def _cost(path: str, settings: FilmMotion) -> float:
    """Seconds of a core for each second of a film, timed at its beginning."""
    started = time.process_time()
    try:
        video = Video(path)
        for _ in search(video, settings, 0.0, _TIMED):
            pass
    except (UnreadableVideo, OSError):
        return 0.0
    return (time.process_time() - started) / max(video.seconds, 1 / video.fps)
