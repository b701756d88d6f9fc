"""Visits as a Camera Trap Data Package (Camtrap DP 1.0.2, camtrap-dp.tdwg.org): deployments, media, and an observation for each event."""

import mimetypes
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import PurePath
from zoneinfo import ZoneInfo

from .. import own_tables
from ..clock import seconds
from ..data.sites import harmless

HEADER = ["site", "latitude", "longitude", "timezone"]
_VERSION = "1.0.2"
_SCHEMAS = f"https://raw.githubusercontent.com/tdwg/camtrap-dp/{_VERSION}"
# All columns, in their order, of each table; most stay empty.
# fmt: off
TABLES = {
    "deployments": (
        "deploymentID", "locationID", "locationName", "latitude", "longitude", "coordinateUncertainty", "deploymentStart",
        "deploymentEnd", "setupBy", "cameraID", "cameraModel", "cameraDelay", "cameraHeight", "cameraDepth", "cameraTilt",
        "cameraHeading", "detectionDistance", "timestampIssues", "baitUse", "featureType", "habitat", "deploymentGroups",
        "deploymentTags", "deploymentComments",
    ),
    "media": (
        "mediaID", "deploymentID", "captureMethod", "timestamp", "filePath", "filePublic", "fileName", "fileMediatype", "exifData",
        "favorite", "mediaComments",
    ),
    "observations": (
        "observationID", "deploymentID", "mediaID", "eventID", "eventStart", "eventEnd", "observationLevel", "observationType",
        "cameraSetupType", "scientificName", "count", "lifeStage", "sex", "behavior", "individualID", "individualPositionRadius",
        "individualPositionAngle", "individualSpeed", "bboxX", "bboxY", "bboxWidth", "bboxHeight", "classificationMethod",
        "classifiedBy", "classificationTimestamp", "classificationProbability", "observationTags", "observationComments",
    ),
}
# fmt: on
# All that the model tells: an animal. How many there are, and of which kind, only a person can say.
_TAXON = {"scientificName": "Animalia", "taxonRank": "kingdom"}
LEFT_OUT = ("path", "reason")
Row = Mapping[str, str]


@dataclass(frozen=True)
class Place:
    """Where a site is: degrees (WGS 84), and the time zone of times that are written without one; None where none is given."""

    latitude: float
    longitude: float
    zone: tzinfo | None


@dataclass(frozen=True)
class Package:
    """The rows of the tables, by their names, and those videos, with the reason, of which the package cannot tell."""

    tables: dict[str, list[dict[str, object]]]
    left_out: list[tuple[str, str]]


def read_places(path: str) -> dict[str, Place]:
    """The places of the sites from the user's table. Raises UserError when it cannot be used."""
    places: dict[str, Place] = {}

    def parse(cells: list[str]) -> None:
        site, latitude, longitude, zone = cells
        if not site:
            raise ValueError("it names no site")
        if place_of(harmless(site), places):
            raise ValueError(f"{site} has a line before; capitals do not tell sites apart")
        places[harmless(site)] = Place(_degrees(latitude, 90), _degrees(longitude, 180), _zone(zone))

    own_tables.read(path, HEADER, "annotate: deployments", parse)
    return places


def place_of(site: str, places: Mapping[str, Place]) -> Place | None:
    """The place of a site, whose name may be written with other capitals in the table; None where it has none."""
    return places.get(site) or next((place for name, place in places.items() if name.casefold() == site.casefold()), None)


def zoned(time: datetime, place: Place | None) -> datetime:
    """The time with the zone of its place, where it is written without one and the place has one."""
    return time if time.tzinfo or place is None else time.replace(tzinfo=place.zone)


def has_two_meanings(time: datetime, place: Place | None) -> bool:
    """Whether the time, written without a zone, is one that clocks of the place show twice or never, as in the night when they change."""
    if time.tzinfo or place is None:
        return False
    first, second = (time.replace(tzinfo=place.zone, fold=fold).utcoffset() for fold in (0, 1))
    return first != second


def package(videos: Sequence[Row], visits: Sequence[Row], places: Mapping[str, Place], files: Mapping[str, str]) -> Package:
    """What the tables hold.

    videos, visits  rows of videos.csv and visits.csv
    files   the path of each video below the folder of videos, by the video's name

    A video is left out when it cannot be read, and when its site has no place, or its start is not known or without a time zone.
    """
    spans: dict[str, tuple[datetime, datetime]] = {}
    media, left_out = [], []
    begins: dict[str, datetime] = {}
    for video in videos:
        site, place = video["site"], place_of(video["site"], places)
        if reason := _lacks(video, place):
            left_out.append((video["path"], reason))
            continue
        begins[video["video"]] = begin = zoned(datetime.fromisoformat(video["start"]), place)
        end = _later(begin, float(video["seconds"]))
        first, last = spans.get(site, (begin, end))
        spans[site] = min(first, begin, key=_instant), max(last, end, key=_instant)
        path = files[video["video"]]
        media.append(
            {
                "mediaID": video["video"],
                "deploymentID": site,
                "timestamp": _written(begin),
                "filePath": _file_path(path),
                "filePublic": "false",
                "fileName": PurePath(path).name,
                "fileMediatype": _media_type(path),
            }
        )
    deployments = [
        {
            "deploymentID": site,
            "locationName": site,
            "latitude": place.latitude,
            "longitude": place.longitude,
            "deploymentStart": _written(spans[site][0]),
            "deploymentEnd": _written(spans[site][1]),
        }
        for site in spans
        if (place := place_of(site, places))
    ]
    observations = [
        _observation(event, parts, begins) for event, parts in _by_event(visits).items() if all(part["video"] in begins for part in parts)
    ]
    return Package({"deployments": deployments, "media": media, "observations": observations}, left_out)


def descriptor(package: Package, title: str) -> dict:
    """The content of datapackage.json."""
    deployments = package.tables["deployments"]
    return {
        "resources": [
            {
                "name": name,
                "path": f"{name}.csv",
                "profile": "tabular-data-resource",
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "schema": f"{_SCHEMAS}/{name}-table-schema.json",
            }
            for name in TABLES
        ],
        "profile": f"{_SCHEMAS}/camtrap-dp-profile.json",
        "name": "visits",
        "title": title,
        "created": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        # Only the person who publishes knows these; what stands here is the least that a package must say.
        "contributors": [{"title": "unknown", "role": "contributor"}],
        "project": {
            "title": title,
            "samplingDesign": "opportunistic",
            "captureMethod": ["activityDetection"],
            "individualAnimals": False,
            "observationLevel": ["event"],
        },
        "spatial": {"type": "MultiPoint", "coordinates": [[row["longitude"], row["latitude"]] for row in deployments]},
        "temporal": {
            "start": min(row["deploymentStart"][:10] for row in deployments),
            "end": max(row["deploymentEnd"][:10] for row in deployments),
        },
        "taxonomic": [_TAXON],
    }


def _lacks(video: Row, place: Place | None) -> str:
    """Why the package cannot tell of a video; empty where it can."""
    if not float(video["seconds"]):
        return video["problem"]
    if not place:
        return f"the table of deployments has no site {video['site']!r}" if video["site"] else "its site is not known"
    if not video["start"]:
        return "its start is not known"
    return (
        ""
        if zoned(datetime.fromisoformat(video["start"]), place).tzinfo
        else "neither its start nor the table of deployments tells the time zone"
    )


def _observation(event: str, parts: Sequence[Row], begins: Mapping[str, datetime]) -> dict[str, object]:
    """A row for the visits of one event; `begins` tells when each video begins."""
    first, last = ([_later(begins[part["video"]], seconds(part[name])) for part in parts] for name in ("begin", "end"))
    return {
        "observationID": event,
        "deploymentID": parts[0]["site"],
        "eventID": event,
        "eventStart": _written(min(first, key=_instant)),
        "eventEnd": _written(max(last, key=_instant)),
        "observationLevel": "event",
        "observationType": "animal",
        "scientificName": _TAXON["scientificName"],
        "classificationMethod": "machine",
        "classificationProbability": max(float(part["score"]) for part in parts),
    }


def _by_event(visits: Iterable[Row]) -> dict[str, list[Row]]:
    events: dict[str, list[Row]] = {}
    for visit in visits:
        events.setdefault(visit["event"], []).append(visit)
    return events


def _later(time: datetime, seconds: float) -> datetime:
    """So many seconds later, by the clock of the place, which may be put forward or back meanwhile."""
    return (_instant(time) + timedelta(seconds=seconds)).astimezone(time.tzinfo)


def _instant(time: datetime) -> datetime:
    """The time in UTC: Python compares times of one zone by the clock, and adds to it."""
    return time.astimezone(UTC)


def _written(time: datetime) -> str:
    return time.isoformat(timespec="seconds")


def _file_path(path: str) -> str:
    """The path as the package allows it: dots at places where they could lead out of the folder are written as in an address."""
    first = path[0].replace(".", "%2E").replace("~", "%7E")
    return (first + path[1:]).replace("..", "%2E%2E")


def _media_type(path: str) -> str:
    known = mimetypes.guess_type(path)[0] or ""
    return known if known.startswith("video/") else f"video/x-{PurePath(path).suffix[1:].lower()}"


def _degrees(text: str, most: int) -> float:
    try:
        degrees = float(text.replace(",", "."))  # as spreadsheets of many countries write it
    except ValueError:
        raise ValueError(f"{text!r} is no number of degrees. Write it as -33.9249") from None
    if not abs(degrees) <= most:
        raise ValueError(f"{text} is no number of degrees from -{most} to {most}")
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
        raise ValueError(f"{text!r} is no time zone. Write it as +02:00 or as Africa/Johannesburg") from None
