"""Bursts: stills that a camera takes shortly after each other. A burst is searched, sorted and reviewed like a short film."""

import json
import os
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from itertools import groupby, pairwise
from pathlib import Path
from typing import NamedTuple

from ..data.sites import folder_of_camera
from ..wording import count
from . import film_ids

# Endings of stills, which cameras write as JPEG and programs also as PNG or TIFF.
ENDINGS = {".jpg", ".jpeg", ".jpe", ".png", ".tif", ".tiff"}
# A longer burst, such as those of a camera that is set off without end, is divided.
_MOST = 60
# The last picture stays for so many seconds, and pictures are at least so many seconds apart.
LASTS, _LEAST = 1.0, 0.05


def is_still(path: str) -> bool:
    """Whether a file has the ending of a still."""
    return Path(path).suffix.lower() in ENDINGS


class Still(NamedTuple):
    """A still: its path, its path below the folder of videos, its id, and what its header says of when it was taken, and by what."""

    path: str
    below: str
    id: str
    created: str
    camera: str


class Burst(NamedTuple):
    """A burst: its stills in their order, and when each was taken, in seconds from the first one."""

    stills: Sequence[Still]
    seconds: Sequence[float]

    @property
    def id(self) -> str:
        """Identifies the content of all its stills."""
        return film_ids.id_of_burst([still.id for still in self.stills])

    @property
    def lasts(self) -> float:
        """How long it is, in seconds."""
        return self.seconds[-1] + LASTS

    @property
    def pictures(self) -> str:
        """Its stills as `in_folder` reads them: paths as seen from the folder of the first one, so that a folder can be moved."""
        folder = Path(self.stills[0].path).parent
        pairs = zip(self.stills, self.seconds, strict=True)
        return json.dumps([[os.path.relpath(still.path, folder), round(seconds, 3)] for still, seconds in pairs])


def in_folder(first: str, pictures: str) -> list[tuple[str, float]]:
    """Path and seconds of each still of a burst.

    first  the path of the first one; pictures  see `Burst.pictures`
    """
    folder = Path(first).parent
    return [(os.path.normpath(folder / path), seconds) for path, seconds in json.loads(pictures)]


def number_of(pictures: str) -> int:
    """How many stills a burst has (see `Burst.pictures`); 0 for a film."""
    return len(json.loads(pictures)) if pictures else 0


def counted(films: int, sizes: Sequence[int]) -> str:
    """How many films and bursts there are, in words; `sizes` are how many stills each burst has."""
    told = [count(films, "video")] if films or not sizes else []
    return " and ".join([*told, f"{count(len(sizes), 'burst')} of {count(sum(sizes), 'still')}"] if sizes else told)


def of(stills: Iterable[Still], most_apart: float) -> list[Burst]:
    """The bursts of these stills. Those of one camera follow each other in the order of their times; what has no time comes last.

    most_apart  seconds from one picture of a burst to the next, at most

    The folders that cameras make themselves count as one: a counter that wraps begins a new one. A still without a time is a burst of its
    own, because nobody knows what belongs to it.
    """
    by_camera: Mapping[tuple, list[Still]] = defaultdict(list)
    for still in stills:
        by_camera[(*folder_of_camera(Path(still.below).parts[:-1]), still.camera)].append(still)
    found = []
    for _, of_camera in sorted(by_camera.items()):
        times = {still: _time(still.created) for still in of_camera}
        timed = sorted((still for still in of_camera if times[still]), key=lambda still: (times[still], still.below))
        begins = [number for number, pair in enumerate(pairwise(timed), 1) if _apart(*(times[still] for still in pair)) > most_apart]
        for first, last in pairwise([0, *begins, len(timed)]):
            for start in range(first, last, _MOST):
                together = timed[start : min(last, start + _MOST)]
                found.append(Burst(together, _seconds([times[still] for still in together])))
        found += [Burst([still], [0.0]) for still in sorted(of_camera, key=lambda still: still.below) if not times[still]]
    return found


def _time(created: str) -> datetime | None:
    try:
        time = datetime.fromisoformat(created)
    except ValueError:
        return None
    # Zones of one camera may differ where its clock follows summer time, so that only instants can be compared.
    return time.astimezone(UTC) if time.tzinfo else time.replace(tzinfo=UTC)


def _apart(one: datetime, other: datetime) -> float:
    return (other - one).total_seconds()


def _seconds(times: Sequence[datetime]) -> list[float]:
    """When each was taken, in seconds from the first. If the clock counts whole seconds, those of the same second are spread over it."""
    spread: list[float] = []
    for time, same in groupby(times):
        number = len(list(same))
        for place in range(number):
            seconds = _apart(times[0], time) + place / number
            spread.append(max(seconds, spread[-1] + _LEAST) if spread else 0.0)
    return spread
