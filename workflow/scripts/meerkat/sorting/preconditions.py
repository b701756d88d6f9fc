"""What the page for sorting wants of the user's settings, checked before anything is searched or embedded."""

import os
from collections.abc import Iterator
from pathlib import Path

import yaml
from pydantic import ValidationError

from ..errors import UserError
from ..settings.configuration import Configuration


def settings_in(file: Path) -> Configuration:
    """The settings of a configuration file. Raises UserError for those that are none, and for those with which nothing can be sorted."""
    try:
        settings = Configuration.model_validate(yaml.safe_load(file.read_text()) or {})
    except ValidationError as error:
        problems = "\n".join(_wrong(error))
        raise UserError(f"{file} cannot be used:\n{problems}\ndocs/settings.md lists all settings.") from None
    if settings.data.folder is None:
        raise UserError(f"{file} names no folder for sorted clips. Write\ndata:\n  folder: myclips")
    if settings.data.split != "folders":
        raise UserError(
            f"{file}: data: split: {settings.data.split} makes Testing of Training clips. But a model chooses the Training clips that the "
            "page asks for: they could not test it honestly. Write split: folders: the page sorts Testing clips as well."
        )
    clips, unsorted = Path(settings.data.folder).expanduser(), settings.sorting.unsorted
    there = next(path for path in (clips, *clips.absolute().parents) if path.exists())
    if not (there.is_dir() and os.access(there, os.W_OK)):
        raise UserError(f"data: folder: {clips} cannot be written to. The page puts sorted clips there.")
    if unsorted and not Path(unsorted).expanduser().is_dir():
        raise UserError(f"sorting: unsorted: {unsorted} is no folder. Write the path of a folder of clips, or null.")
    if unsorted and clips.resolve().is_relative_to(Path(unsorted).expanduser().resolve()):
        raise UserError(f"sorting: unsorted: {unsorted} holds data: folder: {clips}. Write a folder in which nothing is sorted yet.")
    return settings


def _wrong(error: ValidationError) -> Iterator[str]:
    for problem in error.errors():
        where = ": ".join(map(str, problem["loc"]))
        is_unknown = problem["type"] == "extra_forbidden"
        yield f"  {where}: no such setting." if is_unknown else f"  {where}: {problem['input']!r} is not allowed: {problem['msg']}."
