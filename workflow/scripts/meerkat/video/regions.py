"""Regions: which part of the frame of a camera is looked at, and which parts are ignored, as people write them."""

import json
import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Self

from pydantic import Field, ValidationError, model_validator

from ..own_tables import decimal
from ..settings.problems import problems
from ..settings.section import Rectangle
from ..settings.videos import Motion

_HOW = "Write left, top, width and height as fractions of the frame, such as 0 0 0.3 0.08; with a semicolon before the next rectangle"


class FilmMotion(Motion):
    """How motion is found in a film: the settings, and which part of its camera's picture is looked at"""

    roi: Rectangle | None = None
    """The part of the frame to look at: left, top, width and height as fractions of the frame. None: all of it."""
    ignore: list[Rectangle] = Field(default=[])
    """Parts of the frame to ignore, such as a clock that is burned in."""

    @model_validator(mode="after")
    def _leaves_something(self) -> Self:
        left, top, width, height = self.roi or (0, 0, 1, 1)
        edges = [(x, y, x + w, y + h) for x, y, w, h in self.ignore]
        columns = _within(left, left + width, [x for x0, _, x1, _ in edges for x in (x0, x1)])
        rows = _within(top, top + height, [y for _, y0, _, y1 in edges for y in (y0, y1)])
        area = sum(
            (right - left) * (bottom - top)
            for left, right in pairwise(columns)
            for top, bottom in pairwise(rows)
            if not any(x0 <= (left + right) / 2 <= x1 and y0 <= (top + bottom) / 2 <= y1 for x0, y0, x1, y1 in edges)
        )
        if (self.roi or self.ignore) and area <= max(self.size, 1e-6):
            raise ValueError("roi and ignore leave nothing of the frame to look at, or less than size. Write smaller parts to ignore.")
        return self


def read(roi: str, ignore: str) -> str:
    """The region from two cells, as JSON of what it adds to the settings of motion; empty if both are. Raises ValueError."""
    region = {}
    if roi:
        region["roi"], *others = _rectangles(roi)
        if others:
            raise ValueError(f"{roi!r} is more than one rectangle. {_HOW}")
    if ignore:
        region["ignore"] = _rectangles(ignore)
    try:
        FilmMotion(**region)
    except ValidationError as error:
        raise ValueError(" ".join(problems(error, FilmMotion, region))) from None
    return json.dumps(region) if region else ""


def written(rectangles: Sequence[Sequence[float]]) -> str:
    """The text that a person would write for rectangles."""
    return "; ".join(" ".join(f"{value:.3f}".rstrip("0").rstrip(".") for value in rectangle) for rectangle in rectangles)


def rectangles(region: str, name: str) -> list[list[float]]:
    """The rectangles of a region: of its `roi` or its `ignore`."""
    found = json.loads(region).get(name, []) if region else []
    return [found] if found and name == "roi" else found


def of_film(settings: Motion, region: str = "") -> FilmMotion:
    """How motion is found in a film with this region."""
    return FilmMotion.model_construct(**settings.model_dump(), **(json.loads(region) if region else {}))


def _rectangles(text: str) -> list[list[float]]:
    return [_rectangle(part) for part in re.sub(r"[\[\]]", " ", text).split(";")]


def _rectangle(text: str) -> list[float]:
    """Four numbers with blanks or commas between them, or with blanks between them and decimal commas."""
    numbers = next((parts for separator in (r"[,\s]+", r"\s+") if len(parts := re.split(separator, text.strip())) == 4), [])
    try:
        rectangle = list(map(decimal, numbers))
    except ValueError:
        rectangle = []
    if not rectangle:
        raise ValueError(f"{text.strip()!r} is not a rectangle. {_HOW}")
    return rectangle


def _within(begin: float, end: float, edges: list[float]) -> list[float]:
    return sorted({begin, end, *(edge for edge in edges if begin < edge < end)})
