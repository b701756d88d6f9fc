"""effort.csv: how many nights cameras worked at each site, and how many visits that gives in 100 nights; deployments.csv: the same for each
row of the table of cameras."""

import argparse
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from scipy.stats import chi2

from ...errors import examples
from ...log import log
from ...tables import write_rows
from ...video.cameras import Cameras, Deployment
from ...video.silences import of_one_time
from ...video.taken import written
from ...wording import count
from ..found_visits import FoundVisits, Row

SITE_COLUMNS = ("site", "deployments", "nights", "visits", "visits_per_100_nights", "low", "high")
_DEPLOYMENT_COLUMNS = ("deployment", "site", "begin", "end", "period_from", "nights", "films", "visits", "camera", "note")
_SECOND = timedelta(seconds=1)
# The two parts of 5 % outside an interval.
_TAILS = (0.025, 0.975)


class Worked(NamedTuple):
    """A deployment: its row, its site, its period by the clock of the place (None if it is not known), and how many films and visits there
    are."""

    row: Deployment
    site: str
    begin: datetime | None
    end: datetime | None
    films: int
    visits: int

    @property
    def nights(self) -> int | None:
        """How many midnights there were; None if the period is not known."""
        return (self.end.date() - self.begin.date()).days if self.begin and self.end else None


def write(found: FoundVisits, args: argparse.Namespace) -> None:
    """Write both tables."""
    worked = effort(found.videos, found.visits, Cameras(args.cameras).rows, found.decided_by["names"])
    write_rows([SITE_COLUMNS, *by_site(worked)], found.folder / "effort.csv")
    write_rows([_DEPLOYMENT_COLUMNS, *map(_row, worked)], found.folder / "deployments.csv")
    if without := {video["video"] for video in found.videos if not video["deployment"]}:
        lost = len({visit["event"] for visit in found.visits if visit["video"] in without})
        log.info(
            f"{count(len(without), 'film is', 'films are')} in no row of {args.cameras}, or in no period, so effort.csv leaves them and "
            f"their {count(lost, 'visit')} out."
        )
    if open_ones := [one.row.name for one in worked if not one.row.has_period and one.nights is not None]:
        number = count(len(open_ones), "deployment has", "deployments have")
        log.info(
            f"{number} no begin or no end in {args.cameras}. The first or the last film stands for it, so the nights are too few:\n"
            f"{examples(open_ones)}"
        )
    if empty := [one.row.name for one in worked if not one.films]:
        log.info(
            f"{count(len(empty), 'deployment has', 'deployments have')} no film. The nights count, without a visit:\n{examples(empty)}"
        )


def effort(videos: Sequence[Row], visits: Sequence[Row], rows: Iterable[Deployment], names: Mapping[str, Mapping]) -> list[Worked]:
    """The deployments that have films, or whose period is written, in the order of their rows: a camera that saw nothing worked as well. A
    visit that goes on in other films counts once; one whose name is
    private, such as a person, does not count.

    videos, visits  rows of videos.csv and visits.csv
    names           what names mean, by name (see `FoundVisits.decided_by`)
    """
    films: dict[str, list[Row]] = defaultdict(list)
    for video in videos:
        films[video["deployment"]].append(video)
    deployment_of = {video["video"]: video["deployment"] for video in videos}
    public = [visit for visit in visits if not names.get(visit["name"], {}).get("is_private")]
    first = {visit["event"]: deployment_of[visit["video"]] for visit in reversed(public)}
    numbers = Counter(first.values())
    return [_worked(row, films[row.name], numbers[row.name]) for row in rows if films[row.name] or row.has_period]


def by_site(worked: Sequence[Worked]) -> list[tuple]:
    """A row with the SITE_COLUMNS for each site. The interval is the exact one for a Poisson count (Garwood, 1936, "Fiducial limits for the
    Poisson distribution"): it takes visits for independent of each other."""
    sites: dict[str, list[Worked]] = defaultdict(list)
    for one in worked:
        sites[one.site.casefold()].append(one)  # Names that differ only in capitals are the same place.
    rows = []
    for _, of_site in sorted(sites.items()):
        site = max(of_site, key=lambda one: one.films).site  # of films, all are spelled alike
        known = [one for one in of_site if one.nights is not None]
        nights, visits = sum(one.nights for one in known), sum(one.visits for one in of_site)
        is_known = len(known) == len(of_site) and nights > 0
        rates = [f"{100 * number / nights:.2f}" for number in (visits, *_interval(visits))] if is_known else ["", "", ""]
        rows.append((site, len(of_site), nights if len(known) == len(of_site) else "", visits, *rates))
    return rows


def _interval(number: int) -> tuple[float, float]:
    """The 95 % interval of a Poisson count."""
    low, high = _TAILS
    return float(chi2.ppf(low, 2 * number) / 2) if number else 0.0, float(chi2.ppf(high, 2 * number + 2) / 2)


def _worked(row: Deployment, films: Sequence[Row], visits: int) -> Worked:
    spans = [(row.local(datetime.fromisoformat(film["start"])), float(film["seconds"])) for film in films if film["start"]]
    spans = of_one_time(sorted(spans))
    first = min((start for start, _ in spans), default=None)
    last = max((start + timedelta(seconds=seconds) for start, seconds in spans), default=None)
    end = row.end and row.end - _SECOND * row.ends_with_day
    site = films[0]["site"] if films else row.place_name
    return Worked(row, site, row.begin or first, end or last, len(films), visits)


def _row(one: Worked) -> tuple:
    source = "table" if one.row.has_period else "films" if one.nights is not None else ""
    nights = "" if one.nights is None else one.nights
    row = one.row
    return (row.name, one.site, written(one.begin), written(one.end), source, nights, one.films, one.visits, row.camera, row.note)
