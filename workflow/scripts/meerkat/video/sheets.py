"""Sheets: a moment of a film at a glance. Twelve pictures, and one picture in which whatever passed leaves a trail."""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from threading import Lock

import cv2
import numpy as np

from .. import atomic
from ..data import images
from .medians import upper_median
from .moments import Moment
from .recordings import Recording
from .videos import Frame, UnreadableVideo

# The folder below the results.
SHEETS = "state/sheets"
# Pictures of a sheet at most, and how many of them stand side by side; lines of each then, and of the trail.
PICTURES, COLUMNS, LINES, TRAIL_LINES = 12, 3, 270, 540
# The trail is looked for in so many frames a second, because an animal passes in seconds, in pictures of so many lines.
_LOOKS, _SMALL = 5.0, 270
# The background is the median of so many of them.
_BACKGROUND = 40
# Differences that are even over a square of this part of the height are light, and no animal.
_LIGHT = 1 / 3
# Grey levels from which a difference is more than noise of the picture, and from which it is fully shown.
_NOISE, _FULL = 12.0, 40.0
_QUALITY = 82


def times_of(moment: Moment, stills: Sequence[float]) -> list[float]:
    """When the pictures of a sheet were taken: the first at the beginning, the others in equal steps; of a burst, when each still was. In
    seconds from the beginning of the film.

    stills  when the stills of a burst were taken; empty for a film
    """
    within = [seconds for seconds in stills if moment.begin <= seconds <= moment.end]
    if 0 < len(within) <= PICTURES:
        return within
    return [moment.begin + (moment.end - moment.begin) * place / PICTURES for place in range(PICTURES)]


def columns_of(times: Sequence[float]) -> int:
    """How many pictures of a sheet stand side by side: few pictures are larger."""
    return min(COLUMNS, math.ceil(math.sqrt(len(times))))


# The parts of a sheet: the pictures side by side, and the trail.
PARTS = ("pictures", "trail")


class Sheets:
    """The sheets of moments, in a folder. It may be deleted at any time."""

    def __init__(self, folder: Path):
        self._folder = folder
        self._locks: Mapping[str, Lock] = defaultdict(Lock)

    def file(self, recording: Recording, moment: Moment, part: str) -> Path:
        """The file of one of PARTS. Raises UnreadableVideo, and OSError if the film is gone."""
        stem, times = f"{moment.film}_{moment.begin:.3f}", times_of(moment, recording.seconds)
        # With the layout in the name, sheets of another one are not taken for these.
        files = {of: self._folder / f"{stem}_{of}_{len(times)}_by_{columns_of(times)}.jpg" for of in PARTS}
        with self._locks[stem]:  # so that it is made once, however often it is asked for
            if not all(file.is_file() for file in files.values()):
                for of, picture in zip(files, sheet(recording, moment), strict=True):
                    atomic.write_bytes(files[of], images.jpeg(picture, _QUALITY))
        return files[part]


def sheet(recording: Recording, moment: Moment) -> tuple[np.ndarray, np.ndarray]:
    """The pictures side by side, and the trail: uint8 [height, width, 3], BGR. Raises UnreadableVideo if the film shows nothing at
    that time, and OSError if it is gone."""
    wanted, kept, small = times_of(moment, recording.seconds), [], []
    for frame in recording.open().looks(_LOOKS, moment.begin, moment.end):
        if len(kept) < len(wanted) and frame.seconds >= wanted[len(kept)] - 0.5 / _LOOKS:
            picture = _of_size(frame, LINES * COLUMNS // columns_of(wanted))
            kept += [picture] * max(1, sum(time <= frame.seconds for time in wanted[len(kept) :]))
        small.append(cv2.cvtColor(_of_size(frame, _SMALL), cv2.COLOR_BGR2GRAY))
    if not kept:
        raise UnreadableVideo("it shows nothing at this time")
    kept = [*kept, *kept[-1:] * len(wanted)][: len(wanted)]
    shape = small[0].shape
    return _side_by_side(kept, columns_of(wanted)), _trail([one for one in small if one.shape == shape])


def _of_size(frame: Frame, lines: int) -> np.ndarray:
    """The picture with this many lines, also if it has fewer."""
    picture = frame.shrunk(lines)
    height, width = picture.shape[:2]
    return picture if height == lines else cv2.resize(picture, (max(1, round(width * lines / height)), lines))


def _side_by_side(pictures: Sequence[np.ndarray], columns: int) -> np.ndarray:
    height, width = pictures[0].shape[:2]
    equal = [picture if picture.shape[1] == width else cv2.resize(picture, (width, height)) for picture in pictures]
    equal += [np.zeros_like(pictures[0])] * (-len(equal) % columns)
    return np.vstack([np.hstack(equal[row : row + columns]) for row in range(0, len(equal), columns)])


def _trail(pictures: Sequence[np.ndarray]) -> np.ndarray:
    """The dark background, and on it, each place as it looked when it differed most from the background: the stronger, the brighter. The
    colour is the time, from cyan to magenta, so that the trails of two animals can be told apart.

    pictures  uint8 [height, width], grey
    """
    step = max(1, len(pictures) // _BACKGROUND)
    background = upper_median(pictures[::step]).astype(np.float32)
    most, shown, square = np.zeros_like(background), background.copy(), round(len(background) * _LIGHT)
    time = np.zeros(background.shape, np.uint8)
    for place, picture in enumerate(pictures):
        change = cv2.GaussianBlur(picture - background, (0, 0), 1.0)
        change = np.abs(change - cv2.blur(change, (square, square)))
        is_more = change > most
        most[is_more], shown[is_more], time[is_more] = change[is_more], picture[is_more], 255 * place // len(pictures)
    strength = np.clip((most - _NOISE) / (_FULL - _NOISE), 0, 1)[..., None]
    dark = cv2.cvtColor((background * 0.45).astype(np.uint8), cv2.COLOR_GRAY2BGR)
    bright = cv2.cvtColor(shown, cv2.COLOR_GRAY2BGR) * 0.4 + cv2.applyColorMap(time, cv2.COLORMAP_COOL).astype(np.float32) * 0.6
    trail = (dark * (1 - strength) + bright * strength).astype(np.uint8)
    height, width = trail.shape[:2]
    return cv2.resize(trail, (round(width * TRAIL_LINES / height), TRAIL_LINES), interpolation=cv2.INTER_LINEAR)
