"""What the header of a film says about its recording; no picture is decoded."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

# Tags that contain the time of the recording; the first has the time zone of the place.
CREATED = ("com.apple.quicktime.creationdate", "creation_time")
_MAKE, _MODEL = ("com.apple.quicktime.make", "make", "manufacturer"), ("com.apple.quicktime.model", "model")


class FilmHeader(NamedTuple):
    """Date and time of the recording, and make and model of the camera; empty if the file does not say."""

    created: str
    camera: str


def read(path: Path | str) -> FilmHeader:
    """The header of a film. Raises UnreadableVideo and OSError as `Video` does."""
    from .videos import open_film  # takes a quarter of a second, which a run without new films need not pay

    file, container = open_film(Path(path).absolute())
    try:
        metadata = [container.metadata, *(stream.metadata for stream in container.streams.video)]
        make, model = _first(metadata, _MAKE), _first(metadata, _MODEL)
        return FilmHeader(_first(metadata, CREATED), model if model.startswith(make) else f"{make} {model}".strip())
    finally:
        container.close()
        file.close()


def read_or_empty(path: Path | str) -> FilmHeader:
    """The header of a film; an empty one if it cannot be read, which the search will say. Raises OSError."""
    from .videos import UnreadableVideo

    try:
        return read(path)
    except UnreadableVideo:
        return FilmHeader("", "")


def _first(metadata: Iterable[Mapping[str, str]], names: Iterable[str]) -> str:
    return next((of[name] for name in names for of in metadata if of.get(name)), "")
