"""Divides a film into stretches, and reads its header."""

import math

from . import stretches
from .film_header import FilmHeader
from .videos import UnreadableVideo, Video


def divide(path: str) -> tuple[float, int, FilmHeader]:
    """Length and number of stretches of a film, see `stretches.Film`, and its header. Raises OSError if it cannot be reached."""
    try:
        video = Video(path)
    except UnreadableVideo as error:  # The search will say what is wrong.
        return 0.0, 1, error.header
    number = max(1, math.ceil(video.length / stretches.LONGEST))
    borders = [video.length * border / number for border in range(1, number)]
    return video.length, number if video.leads_to(borders) else 1, video.header
