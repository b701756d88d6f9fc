"""What the header of a film or a picture says about its recording; no picture is decoded."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

# Tags of films that contain the time of the recording; the first has the time zone of the place.
_CREATED = ("com.apple.quicktime.creationdate", "creation_time")
_MAKE, _MODEL = ("com.apple.quicktime.make", "make", "manufacturer"), ("com.apple.quicktime.model", "model")


class FilmHeader(NamedTuple):
    """Date and time of the recording, and make and model of the camera; empty if the file does not say."""

    created: str
    camera: str


NO_HEADER = FilmHeader("", "")


def of_tags(tags: Sequence[Mapping[str, str]]) -> FilmHeader:
    """The header of a film from the tags of the file and of its streams."""
    created, make, model = (next((of[name] for name in names for of in tags if of.get(name)), "") for names in (_CREATED, _MAKE, _MODEL))
    return FilmHeader(created, camera_of(make, model))


def camera_of(make: str, model: str) -> str:
    """The camera in words; some makers write their name in both tags."""
    return model if model.startswith(make) else f"{make} {model}".strip()
