"""Settings of the annotation of videos."""

from typing import Annotated, Literal

from pydantic import Field

from .section import Section, Share, UserPath


class Annotate(Section):
    """For `snakemake annotate`: the model, and what is told of visits"""

    model: UserPath | None = None
    """Folder of a model for DeepMeerkat from elsewhere. null: the model that is trained here."""
    threshold: Share | None = None
    """Score from which a track is an animal's. null: the evaluation's threshold, or 0.05 (DeepMeerkat's) for a model from elsewhere."""
    join: Annotated[float, Field(ge=0, le=86_400)] = 30.0
    """Animals in one video that are no more seconds apart than this are one visit."""
    keep: Literal["best", "all", "none"] = "best"
    """Pictures to keep of each visit. best: one. all: one of each track. none: no picture."""
    draw_boxes: bool = True
    """Draw the boxes into kept pictures."""
    films: bool = False
    """Cut a short film of each visit as well, with its sound."""
    truth: UserPath | None = None
    """For `snakemake check`: CSV file with the visits that you saw in some videos, a first line video,begin,end, then a line for each."""
    deployments: UserPath | None = None
    """CSV file that tells where the sites are, a first line site,latitude,longitude,timezone, then a line for each. With it, `annotate`
    writes a Camtrap DP package as well."""
