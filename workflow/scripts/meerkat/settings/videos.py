"""Settings of the videos, and of how motion is found in them."""

from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from .patterns import pattern
from .section import Rectangle, Section, Share, UserFile, UserPath


class VideoFolder(Section):
    """Which videos"""

    folder: UserPath | None = None
    """Folder with videos, also in sub-folders. null: the sample video, as long as you have no configuration."""


class CameraTable(Section):
    """Where and when cameras hung, and how their clocks went"""

    cameras: UserFile | None = None
    """CSV file with a row for each camera: its folder, site, place, period, time zone and clock; see docs/cameras.md. With latitudes and
    longitudes in it, `annotate` also writes a Camtrap DP package."""


class StartPattern(Section):
    """When videos were taken, read from their names"""

    start_pattern: pattern("year", "month", "day", "hour", "minute", optional=("second", "ampm")) | None = None
    """Regular expression that finds the start in a video's name, in groups `year`, `month`, `day`, `hour`, `minute` and, if the names have
    them, `second` and `ampm` (AM or PM)."""


class Motion(Section):
    """How motion is found, and what is cut out of it"""

    roi: Rectangle | None = None
    """The part of the frame to look at: [left, top, width, height] as fractions of the frame. null: all of it."""
    ignore: Annotated[list[Rectangle], Field(examples=["[[0, 0, 0.3, 0.08]]"])] = []
    """Parts of the frame to ignore, such as a clock that is burned in: [[left, top, width, height], ...] as fractions."""
    constants: Literal["scene", "deepmeerkat2"] = "scene"
    """scene: the settings below, which mean the same for every camera. deepmeerkat2: the constants of DeepMeerkat 2, in pixels and frames;
    only clips_per_track and margin below count then."""
    lines: Annotated[int, Field(ge=90, le=2160)] = 270
    """Height, in pixels, to which pictures are shrunk before the search for motion. Less is faster, but misses small animals."""
    looks: Annotated[float, Field(gt=0, le=1000)] = 12.5
    """Frames to look at in a second, at most. Less is faster, but misses fast animals."""
    memory: Annotated[float, Field(gt=0, le=3600)] = 2.5
    """Something that stands still for this many seconds becomes background."""
    variance_threshold: Annotated[float, Field(gt=0)] = 25.0
    """A pixel has changed if its squared distance from the background, in variances, is larger than this. A smaller number finds fainter
    animals, but also more leaves."""
    size: Share = 0.002
    """Boxes smaller than this share of the frame's area are ignored."""
    merge: Share = 0.03
    """Boxes that are closer together than this share of the frame's height become one box."""
    clips_per_track: Annotated[int, Field(ge=1, le=100)] = 3
    """Clips to cut of each track, at most. A track is one thing that moves from frame to frame: one passage of an animal, or one branch."""
    margin: Annotated[float, Field(ge=0, le=2)] = 0.2071
    """The clip is larger than the box by this share of the box's width and height on each side."""

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


def _within(begin: float, end: float, edges: list[float]) -> list[float]:
    return sorted({begin, end, *(edge for edge in edges if begin < edge < end)})


class Videos(Motion, StartPattern, CameraTable, VideoFolder):
    """For `snakemake clips` and `snakemake annotate`: the videos, and how motion is found in them"""
