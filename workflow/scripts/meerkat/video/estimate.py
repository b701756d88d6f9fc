"""Estimates how much work the search for motion will be, from the headers of the films."""

from collections.abc import Sequence
from dataclasses import dataclass

from .videos import UnreadableVideo, Video

# This many headers are read, of films spread evenly over the list; the other films are assumed to be alike.
_SAMPLE = 200
# Seconds of one core for each film, each frame and each million pixels of a frame, and gigabytes for each hour of film with much motion:
# measured with benchmarks/videos.py and benchmarks/visits.py on 640x360 to 1920x1080 films. Other processors differ.
_PER_FILM, _PER_FRAME, _PER_MEGAPIXEL = 1.3, 0.002, 0.0008
_GIGABYTES_PER_HOUR = 0.25


@dataclass(frozen=True)
class Estimate:
    """Seconds of film, seconds of one core, and gigabytes on the disk at most."""

    film: float
    core: float
    gigabytes: float


def estimate(paths: Sequence[str]) -> Estimate:
    """What a search of these films will take. Films that cannot be read, or whose header gives no length, count like the others."""
    told = [facts for path in paths[:: max(1, len(paths) // _SAMPLE)] if (facts := _facts(path))]
    share = len(paths) / max(1, len(told))
    film = share * sum(seconds for seconds, _ in told)
    core = share * sum(work for _, work in told) + _PER_FILM * len(paths)
    return Estimate(film, core, film / 3600 * _GIGABYTES_PER_HOUR)


def _facts(path: str) -> tuple[float, float] | None:
    """Seconds of a film, and of a core for its frames; None if the header gives no length."""
    try:
        video = Video(path)
    except (UnreadableVideo, OSError):  # The search will say what is wrong.
        return None
    megapixels = video.coded_size[0] * video.coded_size[1] / 1e6
    return (video.length, video.length * video.fps * (_PER_FRAME + _PER_MEGAPIXEL * megapixels)) if video.length else None
