"""Chapters of GoPro: a long recording is several films, and each gives the time at which the first one begins."""

import math
import re
from collections import defaultdict
from collections.abc import Mapping
from pathlib import PurePath
from typing import NamedTuple

# GX010001.MP4, GX020001.MP4, ... since HERO6 (GH with H.264); GOPR0001.MP4, GP010001.MP4, ... before (GoPro, "Camera file naming").
_CHAPTER = re.compile(r"(?:(?P<kind>G[HXP])(?P<chapter>\d\d)|GOPR)(?P<recording>\d{4})", re.IGNORECASE)


class Recorded(NamedTuple):
    """What a film's file says about its recording: date and time as written there, and its length in seconds, which is infinite if the film
    could not be read completely."""

    created: str
    seconds: float


def delays(paths: Mapping[str, PurePath], recorded: Mapping[str, Recorded]) -> dict[str, float | None]:
    """How many seconds after the time in its file each later chapter begins; None if chapters before it are missing or could not be read
    completely.

    paths, recorded  by the video's name in results
    """
    recordings: dict[tuple, dict[int, str]] = defaultdict(dict)
    for name, path in paths.items():
        if match := _CHAPTER.fullmatch(path.stem):
            kind = (match["kind"] or "GP").upper()
            recordings[path.parent, kind, match["recording"]][int(match["chapter"] or 0) + (kind == "GP")] = name
    found: dict[str, float | None] = {}
    for chapters in recordings.values():
        first = recorded[chapters[1]].created if 1 in chapters else None
        for chapter, name in chapters.items():
            if chapter > 1 and first in (None, recorded[name].created):  # Some cameras write the time of each chapter.
                before = [chapters.get(earlier) for earlier in range(1, chapter)]
                seconds = math.inf if None in before else sum(recorded[earlier].seconds for earlier in before)
                found[name] = seconds if math.isfinite(seconds) else None
    return found
