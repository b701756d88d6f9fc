"""The page that shows the visits of animals."""

import os
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from . import pages

Row = Mapping[str, str]
# A film is shown from this many seconds before the visit.
_BEFORE = 2.0


@dataclass(frozen=True)
class VisitCard:
    """A visit on the page: its row of visits.csv, the address of its picture (empty if none is kept), and path and address of its film.

    stills     how many stills of a burst show it; 0 if that is unknown, or for a film
    is_burst   whether it is a visit in stills
    time_from  the source of its date; goes_on  whether it is the rest of a visit that began in another film
    """

    visit: Row
    picture: str
    path: str
    film: str
    is_burst: bool
    stills: int
    time_from: str
    goes_on: bool


@dataclass(frozen=True)
class Site:
    """A site: its name (empty if unknown), the seconds of its films, the number of its stills and of its visits, and its row of effort.csv,
    if there is one that gives visits in 100 nights."""

    name: str
    filmed: float
    stills: int
    visits: int
    effort: Row | None


def render(
    template: Path,
    folder: Path,
    videos: Sequence[Row],
    visits: Sequence[Row],
    check: Mapping | None,
    audit: Mapping | None,
    effort: Sequence[Row],
    weighs: Sequence[str],
    is_guess: bool,
) -> str:
    """The page as HTML.

    folder  where the page will lie, beside the folders of pictures
    videos, visits  the rows of videos.csv and visits.csv
    check   how many of the visits that a person saw were found (check.json), if there are any
    audit   how many of all visits are found (audit.json), if a person has looked at moments that were drawn
    effort  the rows of effort.csv
    weighs  see `Weighing.weighs`
    is_guess  see `FoundVisits.decided_by`
    """
    by_name = {video["video"]: video for video in videos}
    first = {visit["event"]: visit for visit in reversed(visits)}
    return pages.fill(
        template,
        cards=[_card(visit, folder, by_name[visit["video"]], visit is not first[visit["event"]]) for visit in visits],
        events=len(first),
        sites=_sites(videos, first.values(), effort),
        hours=_by_hour(first.values()),
        check=check,
        audit=audit,
        weighs=weighs,
        is_guess=is_guess,
        watched=sum(float(visit["seconds"]) for visit in visits if not by_name[visit["video"]]["pictures"]),
        filmed=sum(map(_filmed, videos)),
        stills=sum(map(_stills, videos)),
        videos=videos,
    )


def _by_hour(events: Sequence[Row]) -> list[int]:
    """How many visits begin in each hour of the day; empty if no visit has a time."""
    hours = Counter(int(visit["begin_time"][11:13]) for visit in events if visit["begin_time"])
    return [hours[hour] for hour in range(24)] if hours else []


def _sites(videos: Sequence[Row], events: Sequence[Row], effort: Sequence[Row]) -> list[Site]:
    filmed: Counter[str] = Counter()
    stills: Counter[str] = Counter()
    for video in videos:
        filmed[video["site"]] += _filmed(video)
        stills[video["site"]] += _stills(video)
    visits = Counter(visit["site"] for visit in events)
    worked = {row["site"]: row for row in effort if row["visits_per_100_nights"]}
    return [
        Site(name, filmed[name], stills[name], visits[name], worked.get(name))
        for name in sorted(filmed)
        if name or filmed[name] or stills[name]
    ]


def _card(visit: Row, folder: Path, video: Row, goes_on: bool) -> VisitCard:
    picture = f"{visit['video']}/{visit['best_frame']}.jpg"
    begin = max(0.0, float(visit["begin"]) - _BEFORE)
    shown = quote(picture, errors="surrogateescape") if (folder / picture).is_file() else ""
    number = int(visit["end_frame"]) - int(visit["begin_frame"]) + 1 if video["pictures"] and visit["end_frame"] else 0
    address = _address(video["path"], folder, begin)
    return VisitCard(visit, shown, video["path"], address, bool(video["pictures"]), number, video["time_from"], goes_on)


def _filmed(video: Row) -> float:
    """Seconds of a film; 0 for a burst."""
    return 0.0 if video["pictures"] else float(video["seconds"])


def _stills(video: Row) -> int:
    return int(video["pictures"] or 0)


def _address(path: str, folder: Path, begin: float) -> str:
    """The address of this moment of a film, for a browser that shows the page."""
    return f"{quote(Path(os.path.relpath(path, folder)).as_posix(), errors='surrogateescape')}#t={begin:.1f}"
