"""Settings of the videos, and of how motion is found in them."""

from typing import Annotated, Literal

from pydantic import Field

from .patterns import pattern
from .section import Section, Share, UserFile, UserPath


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


class Videos(Motion, StartPattern, CameraTable, VideoFolder):
    """For `snakemake clips` and `snakemake annotate`: the videos, and how motion is found in them"""
