"""Visits as a Camera Trap Data Package (Camtrap DP 1.0.2, camtrap-dp.tdwg.org): deployments, media, and observations."""

import argparse
import json
import mimetypes
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parseaddr
from pathlib import Path, PurePath
from types import MappingProxyType

from ... import atomic
from ...clock import clock
from ...errors import examples
from ...log import log
from ...settings import options
from ...settings.dataset import Dataset
from ...tables import write_rows
from ...video import bursts, places, video_report
from ...video.cameras import Cameras, Deployment
from ...video.recordings import Recording
from ...wording import count
from .. import camtrap_observations
from ..camtrap_observations import written
from ..found_visits import FoundVisits, Row
from ..names import Named

_VERSION = "1.0.2"
_SCHEMAS = f"https://raw.githubusercontent.com/tdwg/camtrap-dp/{_VERSION}"
# All columns of each table, in their order; most stay empty.
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
# Below the folder of annotations.
_FOLDER = "camtrap-dp"
_LEFT_OUT = ("path", "reason")
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class Package:
    """The rows of the tables, by their names; what the package leaves out, by the path of the video, with the reason; and the taxa."""

    tables: dict[str, list[dict[str, object]]]
    left_out: list[tuple[str, str]]
    taxa: list[dict[str, object]]


def write(found: FoundVisits, args: argparse.Namespace) -> None:
    """Write the package into a separate folder. If all videos are left out, it is empty."""
    deployments = {row.name: row for row in Cameras(args.cameras).rows}
    pictures = {video: found.facts(video)[video_report.PICTURES] for video in found.paths}
    made = package(found.videos, found.visits, deployments, args.folder, found.decided_by, pictures)
    left_out = [f"{path}: {reason}" for path, reason in made.left_out]
    folder = found.folder / _FOLDER
    for name, columns in TABLES.items():
        rows = [[row.get(column, "") for column in columns] for row in made.tables[name]]
        write_rows([columns, *rows], folder / f"{name}.csv")
    write_rows([_LEFT_OUT, *made.left_out], folder / "left_out.csv")
    atomic.write_text(folder / "datapackage.json", json.dumps(descriptor(made, options.given(args, Dataset)), indent=2) + "\n")
    if not made.tables["media"]:
        log.warning(
            f"The Camtrap DP package is empty, because all videos are left out:\n{examples(left_out)}\nWrite what is missing into "
            f"{args.cameras}. If you want no package, write no latitude and longitude there."
        )
    elif left_out:
        what = count(len(left_out), "file or visit is", "files and visits are")
        log.info(f"{what} left out of the Camtrap DP package, as its left_out.csv says:\n{examples(left_out)}")


def package(
    videos: Sequence[Row],
    visits: Sequence[Row],
    deployments: Mapping[str, Deployment],
    folder: Path | str,
    decided_by: Mapping,
    pictures: Mapping[str, str] = MappingProxyType({}),
) -> Package:
    """The content of the tables. Each still of a burst is a medium of its own.

    videos, visits  rows of videos.csv and visits.csv
    deployments     the rows of the table of cameras, by their names
    folder          the folder of videos; the package gives their paths from there
    decided_by      see `FoundVisits`
    pictures        the stills of each video that is a burst (see `bursts.Burst.pictures`), by its name; empty for a film

    A video is left out if it cannot be read, if it belongs to no deployment with a place, or if its start is not known or has no time zone.
    A private visit is left out as well. What could not be read completely is not said to be blank.
    """
    spans: dict[str, tuple[datetime, datetime]] = {}
    media: dict[str, list[dict[str, object]]] = {}
    left_out = []
    for video in videos:
        name = video["deployment"]
        if reason := _lacks(video, deployments.get(name)):
            left_out.append((video["path"], reason))
            continue
        begin = datetime.fromisoformat(video["start"])
        end = begin + timedelta(seconds=float(video["seconds"]))
        first, last = spans.get(name, (begin, end))
        spans[name] = min(first, begin), max(last, end)
        media[video["video"]] = list(_media(video, pictures.get(video["video"], ""), name, begin, folder))
    site_of = {video["deployment"]: video["site"] for video in videos}
    told_deployments = [_deployment(deployments[name], site_of[name], *span) for name, span in spans.items()]
    # A camera that saw nothing worked as well.
    without_films = [row for name, row in deployments.items() if name not in site_of and row.has_period and row.place and row.zone]
    told_deployments += [_deployment(row, row.place_name, row.begin, row.end) for row in without_films]
    names = {name: Named(**meant) for name, meant in decided_by["names"].items()}
    is_private = {visit["name"]: names.get(visit["name"], Named()).is_private for visit in visits}
    left_out += [
        (visit["path"], f"the visit of {visit['name']} at {clock(float(visit['begin']))} is private")
        for visit in visits
        if visit["video"] in media and is_private[visit["name"]]
    ]
    public = [visit for visit in visits if not is_private[visit["name"]]]
    observations = list(camtrap_observations.of_visits(public, media, decided_by["model"]))
    seen = {visit["video"] for visit in visits}
    for video in videos:
        if video["video"] in media and video["video"] not in seen:
            of_burst = pictures.get(video["video"], "")
            unread = video_report.problems_of(video["path"], of_burst, video["problem"])
            left_out += [(path, f"not called blank: {problem}") for path, problem in unread.items()]
            files = Recording(video["path"], of_burst).files
            whole = [medium for medium, path in zip(media[video["video"]], files, strict=True) if path not in unread]
            observations += camtrap_observations.of_blank(video, whole, decided_by["model"])
    used = {row["scientificName"] for row in observations if "scientificName" in row}
    taxa = camtrap_observations.taxa(used, names)
    all_media = [row for rows in media.values() for row in rows]
    return Package({"deployments": told_deployments, "media": all_media, "observations": observations}, left_out, taxa)


def _media(video: Row, pictures: str, deployment: str, begin: datetime, folder: Path | str) -> Iterator[dict[str, object]]:
    """The rows of media.csv of a film, or of each still of a burst, in their order."""
    stills = bursts.in_folder(video["path"], pictures) if pictures else [(video["path"], 0.0)]
    for number, (path, seconds) in enumerate(stills, 1):
        below = Path(path).relative_to(folder).as_posix()
        yield {
            "mediaID": f"{video['video']}-{number}" if pictures else video["video"],
            "deploymentID": deployment,
            "timestamp": written(begin + timedelta(seconds=seconds)),
            "filePath": _file_path(below),
            "filePublic": "false",
            "fileName": PurePath(below).name,
            "fileMediatype": _media_type(below),
        }


def descriptor(package: Package, dataset: Dataset) -> dict:
    """The content of datapackage.json."""
    deployments = package.tables["deployments"]
    # The first one answers questions about the data set.
    people = [_contributor(text, "contributor" if number else "contact") for number, text in enumerate(dataset.contributors)]
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
        "title": dataset.title,
        **({"description": dataset.description} if dataset.description else {}),
        "created": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        # A package must name somebody.
        "contributors": people or [{"title": "unknown", "role": "contributor"}],
        **({"licenses": licences} if (licences := _licences(dataset)) else {}),
        "project": {
            "title": dataset.project or dataset.title,
            "samplingDesign": dataset.sampling_design,
            "captureMethod": ["activityDetection"],
            "individualAnimals": False,
            "observationLevel": ["event", "media"],
        },
        "spatial": {"type": "MultiPoint", "coordinates": [[row["longitude"], row["latitude"]] for row in deployments]},
        "temporal": {
            "start": min((row["deploymentStart"][:10] for row in deployments), default=""),
            "end": max((row["deploymentEnd"][:10] for row in deployments), default=""),
        },
        "taxonomic": package.taxa,
    }


def _contributor(text: str, role: str) -> dict[str, str]:
    """A person or an organization, from a text such as `Ann Smith <ann@example.org>`."""
    name, address = parseaddr(text)
    return {"title": name or text, **({"email": address} if name and address else {}), "role": role}


def _licences(dataset: Dataset) -> list[dict[str, str]]:
    licences = {"data": dataset.data_licence, "media": dataset.media_licence}
    return [{"name": licence, "scope": scope} for scope, licence in licences.items() if licence]


def _deployment(row: Deployment, site: str, first: datetime, last: datetime) -> dict[str, object]:
    """A row of deployments.csv. A period that is open ends with its first or last film."""
    begin = row.begin and places.zoned(row.begin, row.zone or first.tzinfo)
    end = row.end and places.zoned(row.end, row.zone or last.tzinfo) - _SECOND * row.ends_with_day
    return {
        "deploymentID": row.name,
        "locationID": site,
        "locationName": site,
        "latitude": row.place.latitude,
        "longitude": row.place.longitude,
        "deploymentStart": written(begin or first),
        "deploymentEnd": written(end or last),
        "cameraModel": row.camera,
        "deploymentComments": row.note,
    }


def _lacks(video: Row, row: Deployment | None) -> str:
    """Why the package cannot contain a video; empty if it can."""
    if not float(video["seconds"]):
        return video["problem"]
    if not row:
        return "it is in no row of the table of cameras, or in no period"
    if not row.place:
        return f"line {row.line} of the table of cameras gives no latitude and longitude"
    if not video["start"]:
        return "its start is not known"
    has_zone = datetime.fromisoformat(video["start"]).tzinfo
    return "" if has_zone else f"neither its start nor line {row.line} of the table of cameras gives a time zone"


def _file_path(path: str) -> str:
    """The path as the package allows it: dots that could lead out of the folder are written as in an address."""
    first = path[0].replace(".", "%2E").replace("~", "%7E")
    return (first + path[1:]).replace("..", "%2E%2E")


def _media_type(path: str) -> str:
    known = mimetypes.guess_type(path)[0] or ""
    return known if known.startswith(("video/", "image/")) else f"video/x-{PurePath(path).suffix[1:].lower()}"
