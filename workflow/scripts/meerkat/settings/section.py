"""What the sections have in common. The sentence below each setting is its description, for users."""

from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field


class Section(BaseModel):
    """Settings that belong together. Other names are refused, and so are numbers in quotes, .nan and .inf."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False, use_attribute_docstrings=True)


def _at_home(path: str) -> str:
    try:
        return str(Path(path).expanduser())
    except RuntimeError:
        raise ValueError("cannot be used: no user of this name has a home folder. Write the whole path.") from None


def _in_the_frame(rectangle: list[float]) -> list[float]:
    left, top, width, height = rectangle
    if max(left + width, top + height) > 1 + 1e-6:
        raise ValueError("reaches beyond the frame. left + width and top + height must be at most 1.")
    if min(width, height) <= 0:
        raise ValueError("is empty. Write a width and a height above 0: [left, top, width, height].")
    return rectangle


# A path, or a pattern of paths, in which `~` stands for the home folder.
UserPath = Annotated[str, Field(min_length=1, json_schema_extra={"format": "path"}), AfterValidator(_at_home)]
# A file that programs read: its content decides whether their steps run again.
UserFile = Annotated[UserPath, Field(json_schema_extra={"format": "path", "counts": "content"})]
Share = Annotated[float, Field(ge=0, le=1)]
ShareAboveZero = Annotated[float, Field(gt=0, le=1)]
# A part of the frame: left, top, width and height as fractions of the frame, from 0 to 1.
Rectangle = Annotated[list[Share], Field(min_length=4, max_length=4, examples=["[0, 0.9, 1, 0.1]"]), AfterValidator(_in_the_frame)]


class Seeded(Section):
    """Where chance plays a part"""

    seed: Annotated[int, Field(ge=0, le=2**31 - 1)] = 1
    """With the same number, the random draws and the weights are the same again."""
