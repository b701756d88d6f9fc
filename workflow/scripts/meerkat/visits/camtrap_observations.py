"""The observations of a Camtrap DP package: of each event, of each visit in its film, and of each film without visits, which is blank."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from .joining import MACHINE
from .names import PERSONS, VEHICLES, Named
from .reviews import UNSURE

Row = Mapping[str, str]
# As long as nobody has said what it is, or named no species.
_ANY_ANIMAL = {"scientificName": "Animalia", "taxonRank": "kingdom"}
# Types of observations.
_ANIMAL, _HUMAN, _VEHICLE, _BLANK, _UNKNOWN = "animal", "human", "vehicle", "blank", "unknown"
_HUMANITY = "homo sapiens"


Media = Mapping[str, Sequence[Mapping[str, object]]]


def of_visits(visits: Iterable[Row], media: Media, model: str) -> Iterator[dict[str, object]]:
    """The observations of the events of these visits, if the package contains all their videos.

    visits  rows of visits.csv
    media   the rows of the media in the package by the names of their videos: one for a film, one for each still of a burst
    model   who classified what nobody has reviewed
    """
    events: dict[str, list[Row]] = defaultdict(list)
    for visit in visits:
        events[visit["event"]].append(visit)
    for event, parts in events.items():
        if all(part["video"] in media for part in parts):
            yield from _of_event(event, parts, media, model)


def _of_event(event: str, parts: Sequence[Row], media: Media, model: str) -> Iterator[dict[str, object]]:
    """The observations of an event: one for each name that its visits have at each camera, and one for each visit in its film, or in the
    best still of its burst."""
    deployments = {part["video"]: str(media[part["video"]][0]["deploymentID"]) for part in parts}
    by_name: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
    for part in parts:
        by_name[part["name"], _type(part), deployments[part["video"]]].append(part)
    for number, ((_, _, deployment), of_name) in enumerate(by_name.items(), 1):
        own = event if len(by_name) == 1 else f"{event}-{number}"
        yield _observation(own, deployment, event, of_name, model) | {"observationLevel": "event"}
    for part in parts:
        own, medium = f"{event}-{part['video']}-{part['visit']}", _medium(media[part["video"]], part)["mediaID"]
        of_medium = {"observationLevel": "media", "mediaID": medium}
        yield _observation(own, deployments[part["video"]], event, [part], model) | of_medium


def _medium(of_video: Sequence[Mapping[str, object]], visit: Row) -> Mapping[str, object]:
    """The medium in which a visit shows best; the first one of a burst in which the search has found nothing."""
    return of_video[min(int(visit["best_frame"] or 1), len(of_video)) - 1]


def _observation(own: str, deployment: str, event: str, parts: Sequence[Row], model: str) -> dict[str, object]:
    """What the visits of one name have in common. If they are in several films, the animals are the same, so the largest count holds."""
    type_, name = _type(parts[0]), parts[0]["name"]
    begins, ends = ([datetime.fromisoformat(part[column]) for part in parts] for column in ("begin_time", "end_time"))
    counts = [int(part["count"]) for part in parts if part["count"]]
    scores = [float(part["score"]) for part in parts if part["score"]]
    reviewed = max((part for part in parts if part["state"] != MACHINE), key=lambda part: part["reviewed_at"], default=None)
    row: dict[str, object] = {
        "observationID": own,
        "deploymentID": deployment,
        "eventID": event,
        "eventStart": written(min(begins)),
        "eventEnd": written(max(ends)),
        "observationType": type_,
        "count": max(counts, default=""),
        "observationComments": name,
    }
    if type_ in (_ANIMAL, _HUMAN):
        row["scientificName"] = parts[0]["scientific_name"] or ("Homo sapiens" if type_ == _HUMAN else _ANY_ANIMAL["scientificName"])
    if reviewed:
        row |= {
            "classificationMethod": "human",
            "classifiedBy": reviewed["reviewed_by"],
            "classificationTimestamp": reviewed["reviewed_at"],
        }
    else:
        row |= {"classificationMethod": "machine", "classifiedBy": model, "classificationProbability": max(scores, default="")}
    return row


def of_blank(video: Row, media: Sequence[Mapping[str, object]], model: str) -> Iterator[dict[str, object]]:
    """The observations of a film in which nothing was found, or of each still of such a burst."""
    begin = datetime.fromisoformat(video["start"])
    for medium in media:
        yield {
            "observationID": f"blank-{medium['mediaID']}",
            "deploymentID": medium["deploymentID"],
            "mediaID": medium["mediaID"],
            "eventID": f"blank-{video['video']}",
            "eventStart": written(begin),
            "eventEnd": written(begin + timedelta(seconds=float(video["seconds"]))),
            "observationLevel": "media",
            "observationType": _BLANK,
            "classificationMethod": "machine",
            "classifiedBy": model,
        }


def _type(visit: Row) -> str:
    name = visit["name"].casefold()
    if visit["state"] == UNSURE:
        return _UNKNOWN
    if name in PERSONS or visit["scientific_name"].casefold() == _HUMANITY:
        return _HUMAN
    return _VEHICLE if name in VEHICLES else _ANIMAL


def taxa(used: set[str], names: Mapping[str, Named]) -> list[dict[str, object]]:
    """The taxa of observations, with their names in other languages.

    used  the scientific names in the observations
    """
    vernacular = {named.scientific_name: dict(named.vernacular_names) for named in names.values() if named.vernacular_names}
    known = {_ANY_ANIMAL["scientificName"]: _ANY_ANIMAL}
    found = [known.get(name, {"scientificName": name}) for name in sorted(used or known)]
    return [taxon | {"vernacularNames": words} if (words := vernacular.get(taxon["scientificName"])) else taxon for taxon in found]


def written(time: datetime) -> str:
    """A date and time as the package writes them."""
    return time.isoformat(timespec="seconds")
