"""Settings of the data set that is handed on."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from .section import Section


class Dataset(Section):
    """What only you know about your data set, for its Camtrap DP package"""

    title: Annotated[str, Field(min_length=1)] = "Visits of animals"
    """Its title."""
    description: str | None = None
    """What it is about, in some sentences."""
    contributors: Annotated[
        list[Annotated[str, Field(min_length=1)]], Field(examples=["['Ann Smith <ann@example.org>', 'Nature Trust']"])
    ] = []
    """Who made it, each with an address in angle brackets if you like. The first one answers questions about it."""
    data_licence: str | None = None
    """Licence of the tables, such as CC0-1.0 or CC-BY-4.0 (see spdx.org/licenses)."""
    media_licence: str | None = None
    """Licence of the films."""
    project: str | None = None
    """Title of the project. null: the title of the data set."""
    sampling_design: Literal["simpleRandom", "systematicRandom", "clusteredRandom", "experimental", "targeted", "opportunistic"] = (
        "opportunistic"
    )
    """How the places of the cameras were chosen, in the words of Camtrap DP (see camtrap-dp.tdwg.org/metadata)."""

    @model_validator(mode="after")
    def _has_both_licences(self) -> Self:
        if (self.data_licence is None) != (self.media_licence is None):
            raise ValueError("data_licence and media_licence belong together. Write both, or null for both.")
        return self
