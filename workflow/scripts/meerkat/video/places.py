"""Where the sites are, from a table of the user, and the time zones of their clocks."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from zoneinfo import ZoneInfo

from .. import own_tables
from ..data.sites import harmless
from ..errors import UserError

HEADER = ["site", "latitude", "longitude", "timezone"]


@dataclass(frozen=True)
class Place:
    """Where a site is: degrees (WGS 84), and the time zone for times that are written without one; None if none is given."""

    latitude: float
    longitude: float
    zone: tzinfo | None


def read(path: str) -> dict[str, Place]:
    """The places of the sites from the user's table. Raises UserError if it cannot be used."""
    places: dict[str, Place] = {}

    def parse(cells: list[str]) -> None:
        site, latitude, longitude, zone = cells
        if not site:
            raise ValueError("it names no site")
        if of(harmless(site), places):
            raise ValueError(f"{site} already has a line; sites that differ only in capitals are the same")
        places[harmless(site)] = Place(_degrees(latitude, 90), _degrees(longitude, 180), _zone(zone))

    own_tables.read(path, HEADER, "annotate: deployments", parse)
    if not places:
        raise UserError(f"{path} names no site. Write a line site,latitude,longitude,timezone for each, or null at annotate: deployments.")
    return places


def of(site: str, places: Mapping[str, Place]) -> Place | None:
    """The place of a site; None if it has none. The table may write its name with other capitals."""
    return places.get(site) or next((place for name, place in places.items() if name.casefold() == site.casefold()), None)


def zoned(time: datetime, place: Place | None) -> datetime:
    """The time; with the zone of its place, if it is written without one and the place has one."""
    return time if time.tzinfo or place is None else time.replace(tzinfo=place.zone)


def has_two_meanings(time: datetime, place: Place | None) -> bool:
    """Whether the time has no zone and the clocks of the place show it twice or never, as in the night when they change."""
    if time.tzinfo or place is None:
        return False
    first, second = (time.replace(tzinfo=place.zone, fold=fold).utcoffset() for fold in (0, 1))
    return first != second


def _degrees(text: str, most: int) -> float:
    try:
        degrees = float(text.replace(",", "."))  # as spreadsheets of many countries write it
    except ValueError:
        raise ValueError(f"{text!r} is not a number of degrees. Write it as -33.9249") from None
    if not abs(degrees) <= most:
        raise ValueError(f"{text} is not a number of degrees from -{most} to {most}")
    return degrees


def _zone(text: str) -> tzinfo | None:
    if not text:
        return None
    try:
        return datetime.strptime(text, "%z").tzinfo
    except ValueError:
        pass
    try:
        return ZoneInfo(text)
    except (ValueError, OSError, KeyError):  # ZoneInfoNotFoundError is a KeyError.
        raise ValueError(f"{text!r} is not a time zone. Write it as +02:00 or as Africa/Johannesburg") from None
