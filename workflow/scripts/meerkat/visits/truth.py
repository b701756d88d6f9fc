"""The truth about visits: what a person saw in some of the videos, and whether each of these visits was found."""

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from .. import own_tables
from ..errors import UserError, examples
from ..log import log
from ..video.bursts import is_still
from ..video.known_films import KnownFilms
from ..video.video_files import Videos
from ..wording import count
from .passages import Passage

HEADER = ["video", "begin", "end"]
FOUND, BELOW, NO_MOTION, NOT_DECODED = "found", "scored below the threshold", "no motion", "never decoded"
OUTCOMES = (FOUND, BELOW, NO_MOTION, NOT_DECODED)
# Spreadsheets turn 1:07 into this.
_WHOLE_MINUTES = re.compile(r"\d+:\d{2}:00")
# People note times to the second.
_SLACK = 1.0
_CLOCK = re.compile(r"(?:(?:(\d+):)?(\d{1,2}):)?(\d+(?:[.,]\d+)?)")


@dataclass(frozen=True)
class Span:
    """A span of time, such as a visit that a person saw, in seconds from the beginning of the video."""

    begin: float
    end: float

    def meets(self, begin: float, end: float) -> bool:
        """Whether the span from `begin` to `end` overlaps with this one, give or take a second."""
        return begin <= self.end + _SLACK and self.begin - _SLACK <= end


def read(
    path: Path | str, videos: Videos, known: KnownFilms, length: Callable[[str], float] = lambda name: math.inf
) -> dict[str, list[Span]]:
    """The visits in each video that a person watched, by the video's name in results. Films that are gone are left out, with a warning.

    known   the films that were seen before: one that was moved since has another path now
    length  gives the seconds of a video by its name, infinity for one that could not be read to its end

    The table has a row video,begin,end for each visit, and a row with empty times for a video without any. A video is named by its
    path below the folder, or as in results. Times are seconds, M:SS or H:MM:SS. Raises UserError for a table that cannot be used.
    """
    named = {film.id: name for name, film in videos.films.items()}
    # The name of a film that is gone is empty. Of stills only the burst has an id here.
    names = {below: named.get(film, "") for below, film in known.films().items() if not is_still(below)} | videos.names_as_written()
    found: dict[str, list[Span]] = {}
    empty, gone = set(), 0
    for name, span in own_tables.read(path, HEADER, HEADER, "annotate: truth", lambda _, cells: _parse(cells, names, length)):
        if not name:
            gone += 1
            continue
        spans = found.setdefault(name, [])
        spans += [span] if span and span not in spans else []  # the same visit, of a film and of its copy
        empty |= set() if span else {name}
    if gone:
        log.warning(f"{path}: {count(gone, 'line is', 'lines are')} left out, because the films are gone.")
    wrong = [] if found else ["it names no video that is there"]
    wrong += [f"{name} has a visit, and also a line without times, which says that it has none" for name in sorted(empty) if found[name]]
    for name, spans in found.items():
        spans.sort(key=lambda span: span.begin)
        wrong += [
            f"two visits in {name} overlap at {later.begin:g} s; animals that are there at the same time are one visit: join the lines"
            for one, later in pairwise(spans)
            if later.begin < one.end
        ]
    if wrong:
        raise UserError(f"{path} cannot be used:\n{examples(wrong)}")
    return found


def _parse(cells: Mapping[str, str], names: Mapping[str, str], length: Callable[[str], float]) -> tuple[str, Span | None]:
    video, begin, end = (cells[name] for name in HEADER)
    name = names.get(Path(video).as_posix())
    if name is None:
        raise ValueError(f"there is no video {video!r}. Write its path below the folder of videos, or delete the line")
    if not begin and not end:
        return name, None
    span = Span(_seconds(begin), _seconds(end))
    if not name:
        return name, span
    if span.end < span.begin:
        raise ValueError(f"the visit ends at {end}, before it begins at {begin}")
    if span.end > length(name) + _SLACK:
        converted = " Has a spreadsheet turned minutes into hours? Write seconds, as in 67" if _WHOLE_MINUTES.fullmatch(end) else ""
        raise ValueError(f"the visit ends at {end}, but {video} lasts {length(name):.0f} s.{converted}")
    return name, span


def _seconds(text: str) -> float:
    match = _CLOCK.fullmatch(text)
    if not match:
        raise ValueError(f"{text!r} is not a time. Write seconds, M:SS or H:MM:SS")
    hours, minutes, seconds = match.groups(default="0")
    rest = own_tables.decimal(seconds)
    if (":" in text and rest >= 60) or (text.count(":") == 2 and int(minutes) >= 60):
        raise ValueError(f"{text!r} is not a time: it has 60 seconds or minutes, or more")
    return 3600 * int(hours) + 60 * int(minutes) + rest


def outcome(span: Span, decoded: Span, passages: Sequence[Passage]) -> str:
    """Whether a visit was found by the scores alone, whatever a person has said about its passages; and if not, why: one of OUTCOMES.

    decoded  the part of the video that could be read; passages  those of the video
    """
    if span.begin >= decoded.end or span.end < decoded.begin - _SLACK:
        return NOT_DECODED
    met = [passage for passage in passages if span.meets(passage.begin, passage.end)]
    if not met:
        return NO_MOTION
    return BELOW if all(passage.scored_visit is None for passage in met) else FOUND


def scored_visits(passages: Iterable[Passage]) -> list[Span]:
    """The visits that the scores alone give, from the passages of a film."""
    spans: dict[int, Span] = {}
    for passage in passages:
        if (visit := passage.scored_visit) is not None:
            known = spans.get(visit, Span(passage.begin, passage.end))
            spans[visit] = Span(min(known.begin, passage.begin), max(known.end, passage.end))
    return list(spans.values())
