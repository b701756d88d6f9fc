"""Settings of the videos, and of how motion is found in them."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from .patterns import pattern
from .section import Section, Share, UserFile, UserPath


class VideoFolder(Section):
    """Which videos"""

    folder: UserPath | None = None
    """Folder with videos or stills, or both, also in sub-folders. null: the sample video, as long as you have no configuration."""


class Stills(Section):
    """Which stills belong together"""

    burst: Annotated[float, Field(ge=0, le=3600)] = 10.0
    """Stills of a camera that follow each other within this many seconds are a burst. A burst is searched like a short film: its stills are
    compared with each other, and with those of neighbouring bursts."""


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


class Detector(Section):
    """Boxes of a detector"""

    boxes: UserFile | None = None
    """JSON file of MegaDetector, or of another detector that writes its format, about these videos and stills: what it has found is cut out
    as well as what moves."""
    boxes_from: Share = 0.1
    """Boxes of the detector with a lower confidence are ignored."""


class Motion(Section):
    """How motion is found, and what is cut out of it"""

    constants: Literal["scene", "deepmeerkat2"] = "scene"
    """scene: the settings below, which mean the same for every camera. deepmeerkat2: the constants of DeepMeerkat 2, in pixels and frames;
    only clips_per_track and margin below count then."""
    lines: Annotated[int, Field(ge=90, le=2160)] = 270
    """Height, in pixels, to which frames are shrunk before the search for motion; stills are shrunk to one and a half times this height.
    Less is faster, but misses small animals."""
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
    """The most clips to cut from a passage. A passage is one thing that moves from frame to frame: an animal that passes, or one branch."""
    margin: Annotated[float, Field(ge=0, le=2)] = 0.2071
    """The clip is larger than the box by this share of the box's width and height on each side."""
    boxes_alone: bool = False
    """true: only the boxes of the detector (`boxes`) are cut out, and nothing is searched for motion."""


class Videos(Detector, Motion, StartPattern, CameraTable, Stills, VideoFolder):
    """For `snakemake clips` and `snakemake annotate`: the videos and stills, and how motion is found in them"""

    @model_validator(mode="after")
    def _has_boxes(self) -> Self:
        if self.boxes_alone and not self.boxes:
            raise ValueError("boxes_alone: true needs boxes. Write the JSON file of the detector under boxes:, or boxes_alone: false.")
        return self
