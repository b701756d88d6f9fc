"""Settings of the annotation of videos."""

from typing import Annotated, Literal

from pydantic import Field

from .section import Section, Share, UserFile, UserPath


class Model(Section):
    """Which model scores the clips"""

    model: UserPath | None = None
    """Folder of a model for DeepMeerkat from elsewhere. null: the model that is trained here."""


class Threshold(Section):
    """The score from which a passage is an animal"""

    threshold: Share | None = None
    """A passage with this score or more is an animal. null: the threshold that finds the share of visits that you want
    (evaluate: operating_recall). For a model from elsewhere: 0.05, as in DeepMeerkat."""


class Joining(Section):
    """Which passages belong to one visit"""

    join: Annotated[float, Field(ge=0, le=86_400)] = 30.0
    """Animals in one video that are at most this many seconds apart are one visit."""


class Pictures(Section):
    """Which pictures of visits are kept"""

    keep: Literal["best", "all", "none"] = "best"
    """Pictures to keep of each visit. best: one. all: one of each passage. none: none."""
    draw_boxes: bool = True
    """Draw the boxes into the pictures that are kept."""


class Truth(Section):
    """What a person has seen"""

    truth: UserFile | None = None
    """For `snakemake check`: CSV file with the visits that you saw in some videos: a first line video,begin,end, then a line for each."""


class Annotate(Truth, Pictures, Joining, Threshold, Model):
    """For `snakemake annotate`: the model, and what is written about visits"""

    films: bool = False
    """Cut a short film of each visit as well, with its sound."""
