"""Settings of the videos, and of how motion is found in them."""

from typing import Annotated, Literal

from pydantic import Field

from .section import Rectangle, Section, Share, UserPath


class VideoFiles(Section):
    """Which videos"""

    folder: UserPath | None = None
    """Folder that holds videos, also in sub-folders. null: the sample video, as long as you have no configuration."""
    table: UserPath | None = None
    """CSV file that tells when and where videos were taken: a first line video,start,site, then a line for each."""
    start_pattern: str | None = None
    """Regular expression that finds the start in a video's name, in groups `year`, `month`, `day`, `hour`, `minute` and, where the names
    have them, `second` and `ampm` (AM or PM)."""


class Motion(Section):
    """How motion is found, and what is cut out of it"""

    roi: Rectangle | None = None
    """The part of the frame to look at: [left, top, width, height] as fractions of the frame. null: all of it."""
    ignore: Annotated[list[Rectangle], Field(examples=["[[0, 0, 0.3, 0.08]]"])] = []
    """Parts of the frame to pass over, such as a clock that is burned in: [[left, top, width, height], ...] as fractions."""
    constants: Literal["scene", "deepmeerkat2"] = "scene"
    """scene: the settings below, which mean the same for each camera. deepmeerkat2: the constants of DeepMeerkat 2, in pixels and
    frames; of the settings below, only clips_per_track and margin count then."""
    lines: Annotated[int, Field(ge=90, le=2160)] = 270
    """Height to which pictures are shrunk before motion is looked for. Less is faster, and small animals are lost."""
    looks: Annotated[float, Field(gt=0, le=1000)] = 12.5
    """Frames to look at in a second, at most. Less is faster, and fast animals are lost."""
    memory: Annotated[float, Field(gt=0, le=3600)] = 2.5
    """Seconds after which what stands still is background."""
    variance_threshold: Annotated[float, Field(gt=0)] = 25.0
    """Squared distance from the background, in variances, from which a pixel has changed. Less finds faint animals, and more leaves."""
    size: Share = 0.002
    """Share of the frame's area that a box must have."""
    merge: Share = 0.03
    """Boxes that are nearer to each other than this share of the frame's height are one."""
    clips_per_track: Annotated[int, Field(ge=1, le=100)] = 3
    """Clips to cut of each track, at most. A track is what moves on from frame to frame: one passage of an animal, or one branch."""
    margin: Annotated[float, Field(ge=0, le=2)] = 0.2071
    """Share of a box's width and height that is added on each side of the clip."""


class Videos(Motion, VideoFiles):
    """For `snakemake clips` and `snakemake annotate`: the videos, and how motion is found in them"""
