"""Settings of the videos, and of how motion is found in them."""

from typing import Annotated

from pydantic import Field

from .section import OneOfRectangles, Rectangle, Section, Share, ShareAboveZero, UserPath


class VideoFiles(Section):
    """Which videos, and which frames and clips of them"""

    folder: UserPath | None = None
    """Folder that holds videos, also in sub-folders. null: the sample video, as long as you have no configuration."""
    frame_step: Annotated[int, Field(ge=1, le=10_000)] = 1
    """1: look at every frame. 2: look at every second frame, and so on."""
    max_clips_per_video: Annotated[int, Field(ge=1)] | None = None
    """Clips to draw from a video, evenly in time. null: all."""


class Motion(Section):
    """How motion is found; the constants are DeepMeerkat 2's"""

    roi: Rectangle | None = None
    """The part of the frame to look at: [left, top, width, height] as fractions of the frame. null: all of it."""
    ignore: Annotated[list[OneOfRectangles], Field(examples=["[[0, 0.9, 1, 0.1]]"])] = []
    """Parts of the frame to pass over, such as a clock that is burned in: [[left, top, width, height], ...] as fractions."""
    scale: Annotated[float, Field(ge=0.05, le=1)] = 1.0
    """Factor by which frames are shrunk before motion is looked for. Less is faster, and small things are lost."""
    learning_rate: Annotated[float, Field(gt=0, lt=1)] = 0.1
    """Share by which the background follows each frame."""
    variance_threshold: Annotated[float, Field(gt=0)] = 20.0
    """Squared distance from the background, in variances, from which a pixel has changed."""
    background_ratio: ShareAboveZero = 0.95
    """Share of the time for which a colour must be seen to be background."""
    kernel_size: Annotated[int, Field(ge=1, le=99)] = 9
    """Diameter of the ellipse that removes specks, in pixels of the video."""
    contour: Annotated[float, Field(ge=0)] = 50.0
    """Area that a changed region must exceed, in pixels of the video."""
    merge: Annotated[float, Field(ge=0)] = 75.0
    """Boxes that are nearer to each other than this are merged, in pixels of the video."""
    size: Share = 0.01
    """Share of the frame's area that a box must have."""
    margin: Annotated[float, Field(ge=0, le=2)] = 0.2071
    """Share of a box's width and height that is added on each side of the clip."""


class Videos(Motion, VideoFiles):
    """For `snakemake clips` and `snakemake annotate`: the videos, and how motion is found in them"""
