"""Estimates how much work the search will be: a few seconds of some films, and some stills, are searched and timed."""

import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from ..data.images import UnreadableImage
from ..settings.videos import Motion
from . import regions
from .burst_file import StillFrame
from .regions import FilmMotion
from .search import search
from .still_comparison import lines_of
from .videos import UnreadableVideo, Video

# This many headers are read, of films spread evenly over the list; the other films are assumed to be alike.
_SAMPLE = 50
# Of the most common kinds of films (codec, size and rate), this many are timed, each for this many seconds of one film.
_KINDS, _TIMED = 3, 3.0
# Seconds of one core to open a film, and gigabytes for each hour of film with much motion: measured with benchmarks/videos.py and
# benchmarks/visits.py on 640x360 to 1920x1080 films.
_PER_FILM = 0.05
_GIGABYTES_PER_HOUR = 0.25
# Seconds of one core to start a job: Python with its packages, and the list of the videos.
_PER_JOB = 3.0
# This many stills are timed. Seconds to compare one, and gigabytes for each in which much is new: measured with the stills of
# benchmarks/camera_stills.py.
_STILLS, _PER_STILL, _GIGABYTES_PER_STILL = 8, 0.06, 0.0004


class Cost(NamedTuple):
    """Seconds of one core, and gigabytes on the disk at most."""

    core: float
    gigabytes: float


def of_search(films: Mapping[str, float], stills: Sequence[str], jobs: int, settings: Motion) -> Cost:
    """What a search will take on this computer.

    films  the seconds that are to be searched of each film, by its path; 0 if its header gives no length
    stills  the paths of those that are to be searched
    jobs   how many will do it
    """
    gigabytes = sum(films.values()) / 3600 * _GIGABYTES_PER_HOUR + _GIGABYTES_PER_STILL * len(stills)
    return Cost(_of_films(films, settings) + _of_stills(stills, settings) + _PER_JOB * jobs, gigabytes)


def _of_films(new: Mapping[str, float], settings: Motion) -> float:
    """Seconds of one core. Films that cannot be read, or whose header gives no length, count like the others."""
    paths = list(new)[:: max(1, len(new) // _SAMPLE)]
    kinds: dict[tuple, list[str]] = defaultdict(list)
    for path in paths:
        if new[path] and (kind := _kind(path)):
            kinds[kind].append(path)
    common = sorted(kinds, key=lambda kind: -len(kinds[kind]))[:_KINDS]
    cost = {kind: _cost(max(kinds[kind], key=new.__getitem__), regions.of_film(settings)) for kind in common}
    # For kinds that were not timed, those that were stand in.
    timed = [(new[path], cost[kind]) for kind in common for path in kinds[kind]]
    told = sum(seconds for seconds, _ in timed)
    core = sum(new.values()) * sum(seconds * rate for seconds, rate in timed) / told if told else 0.0
    return core + _PER_FILM * len(new)


def _of_stills(stills: Sequence[str], settings: Motion) -> float:
    """The same for stills: some, spread evenly over the list, are read in the size in which they are compared, and in their own size, as
    for a clip."""
    lines, started = lines_of(regions.of_film(settings)), time.process_time()
    some = stills[:: max(1, len(stills) // _STILLS)]
    for path in some:
        try:
            still = StillFrame(path, 1, 0.0)
            still.shrunk(lines)
            _ = still.picture
        except (UnreadableImage, OSError):  # The search will say what is wrong.
            continue
    return ((time.process_time() - started) / max(1, len(some)) + _PER_STILL) * len(stills)


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
