"""What the sections have in common. The sentence below each setting is its description, for users."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class Section(BaseModel):
    """Settings that belong together; anything else is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


# A path, or a pattern of paths, in which `~` stands for the home folder.
UserPath = Annotated[str, Field(min_length=1, json_schema_extra={"format": "path"})]
Share = Annotated[float, Field(ge=0, le=1)]
ShareAboveZero = Annotated[float, Field(gt=0, le=1)]
# A part of the frame: left, top, width and height as fractions of the frame, from 0 to 1.
Rectangle = Annotated[list[Share], Field(min_length=4, max_length=4, examples=["[0, 0.9, 1, 0.1]"])]
# The same where several may be given, in brackets of their own.
OneOfRectangles = Annotated[
    list[Share], Field(min_length=4, max_length=4, examples=["[0, 0.9, 1, 0.1], and all of them in brackets: [[0, 0.9, 1, 0.1]]"])
]


class Seeded(Section):
    """What draws at random"""

    seed: Annotated[int, Field(ge=0, le=2**31 - 1)] = 1
    """The same number gives the same draws and weights."""
