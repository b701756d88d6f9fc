"""The page of visits: how much there is to watch, each visit with a picture, and what each video gave."""

import os
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from ..video import video_report
from . import pages

# A film is shown from so many seconds before the visit.
_BEFORE = 2.0


@dataclass(frozen=True)
class Card:
    """A visit as it is shown: its row of visits.csv, the address of its picture (empty if none is kept) and of its film."""

    visit: Mapping[str, str]
    picture: str
    film: str


def render(
    template: str,
    folder: Path,
    paths: Mapping[str, str],
    videos: Mapping[str, Mapping[str, str]],
    visits: Sequence[Mapping[str, str]],
    check: Mapping | None,
) -> str:
    """The page as HTML.

    folder  where it will lie, beside the folders of pictures
    paths   the file of each video, and videos its parameters.csv, by the video's name in results
    visits  the rows of visits.csv
    check   what became of the visits that a person saw (check.json), if there are any
    """
    of_video = Counter(visit["video"] for visit in visits)
    filmed = sum(float(video[video_report.SECONDS]) for video in videos.values())
    watched = sum(float(visit["seconds"]) for visit in visits)
    return pages.fill(
        template,
        cards=[_card(visit, folder, paths[visit["video"]]) for visit in visits],
        sites=sorted(Counter(visit["site"] for visit in visits if visit["site"]).items()),
        hours=_by_hour(visits),
        check=check,
        watched=watched,
        filmed=filmed,
        videos=[
            {
                "path": paths[name],
                "minutes": float(video[video_report.SECONDS]) / 60,
                "tracks": video[video_report.TRACKS],
                "visits": of_video[name],
                "problem": video[video_report.PROBLEM],
            }
            for name, video in videos.items()
        ],
    )


def _by_hour(visits: Sequence[Mapping[str, str]]) -> list[int]:
    """How many visits begin in each hour of the day; empty where no visit has a time."""
    hours = Counter(int(visit["begin_time"][11:13]) for visit in visits if visit["begin_time"])
    return [hours[hour] for hour in range(24)] if hours else []


def _card(visit: Mapping[str, str], folder: Path, path: str) -> Card:
    picture = folder / visit["video"] / f"{visit['best_frame']}.jpg"
    begin = max(0.0, _seconds(visit["begin"]) - _BEFORE)
    address = quote(Path(os.path.relpath(path, folder)).as_posix().encode(errors="surrogateescape"))
    return Card(
        visit,
        quote(f"{visit['video']}/{picture.name}".encode(errors="surrogateescape")) if picture.is_file() else "",
        f"{address}#t={begin:.1f}",
    )


def _seconds(clock: str) -> float:
    hours, minutes, seconds = clock.split(":")
    return 3600 * int(hours) + 60 * int(minutes) + float(seconds)
