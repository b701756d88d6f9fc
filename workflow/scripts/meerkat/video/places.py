"""Where cameras hang, as people write it, and the time zones of their clocks."""

from dataclasses import dataclass
from datetime import datetime, tzinfo
from zoneinfo import ZoneInfo

from ..own_tables import decimal


@dataclass(frozen=True)
class Place:
    """Where a camera hangs, in degrees (WGS 84)."""

    latitude: float
    longitude: float


def read(latitude: str, longitude: str) -> Place | None:
    """The place from two cells; None if both are empty. Raises ValueError."""
    if not latitude and not longitude:
        return None
    if not latitude or not longitude:
        raise ValueError("latitude and longitude belong together: write both, or none")
    return Place(_degrees(latitude, 90), _degrees(longitude, 180))


def zone(text: str) -> tzinfo | None:
    """The time zone from a cell; None if it is empty. Raises ValueError."""
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


def zoned(time: datetime, zone: tzinfo | None) -> datetime:
    """The time, with the zone if it is written without one."""
    return time if time.tzinfo or zone is None else time.replace(tzinfo=zone)


def is_at_a_change(time: datetime, zone: tzinfo | None) -> bool:
    """Whether the time has no zone and the clocks of the zone show it twice or never, as in the night when they change."""
    if time.tzinfo or zone is None:
        return False
    first, second = (time.replace(tzinfo=zone, fold=fold).utcoffset() for fold in (0, 1))
    return first != second


def _degrees(text: str, most: int) -> float:
    try:
        degrees = decimal(text)
    except ValueError:
        raise ValueError(f"{text!r} is not a number of degrees. Write it as -33.9249") from None
    if not abs(degrees) <= most:
        raise ValueError(f"{text} is not a number of degrees from -{most} to {most}")
    return degrees
