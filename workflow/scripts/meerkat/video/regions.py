"""Regions: which part of the frame of a camera is looked at, and which parts are ignored, as people write them."""

import json
import re
from collections.abc import Sequence

from pydantic import ValidationError

from ..settings.problems import problems
from ..settings.videos import Motion

_HOW = "Write left, top, width and height as fractions of the frame, such as 0 0 0.3 0.08; with a semicolon before the next rectangle"


def read(roi: str, ignore: str) -> str:
    """The region from two cells, as JSON of the settings of motion that it replaces; empty if both are. Raises ValueError."""
    region = {}
    if roi:
        region["roi"], *others = _rectangles(roi)
        if others:
            raise ValueError(f"{roi!r} is more than one rectangle. {_HOW}")
    if ignore:
        region["ignore"] = _rectangles(ignore)
    try:
        Motion(**region)
    except ValidationError as error:
        raise ValueError(" ".join(problems(error, Motion, region))) from None
    return json.dumps(region) if region else ""


def written(rectangles: Sequence[Sequence[float]]) -> str:
    """The text that a person would write for rectangles."""
    return "; ".join(" ".join(f"{value:.3f}".rstrip("0").rstrip(".") for value in rectangle) for rectangle in rectangles)


def rectangles(region: str, name: str) -> list[list[float]]:
    """The rectangles of a region: of its `roi` or its `ignore`."""
    found = json.loads(region).get(name, []) if region else []
    return [found] if found and name == "roi" else found


def of_film(settings: Motion, region: str) -> Motion:
    """The settings for a film with this region."""
    return settings.model_copy(update=json.loads(region)) if region else settings


def _rectangles(text: str) -> list[list[float]]:
    return [_rectangle(part) for part in re.sub(r"[\[\]]", " ", text).split(";")]


def _rectangle(text: str) -> list[float]:
    """Four numbers with blanks or commas between them, or with blanks between them and decimal commas."""
    numbers = next((parts for separator in (r"[,\s]+", r"\s+") if len(parts := re.split(separator, text.strip())) == 4), [])
    try:
        rectangle = [float(number.replace(",", ".")) for number in numbers]
    except ValueError:
        rectangle = []
    if not rectangle:
        raise ValueError(f"{text.strip()!r} is not a rectangle. {_HOW}")
    return rectangle
