"""Checks that the page for sorting can work with the user's settings, before anything is searched or embedded."""

import os
from pathlib import Path

from ..errors import UserError
from ..settings.configuration import Configuration


def check(settings: Configuration, file: Path) -> None:
    """Raise UserError if nothing can be sorted with these settings, which come from `file`."""
    if settings.data.folder is None:
        raise UserError(f"{file} names no folder for sorted clips. Write\ndata:\n  folder: myclips")
    if settings.data.split != "folders":
        raise UserError(
            f"{file}: data: split: {settings.data.split} takes the Testing clips from Training. But a model chooses the Training clips "
            "that the page asks about, so they could not test it honestly. Write split: folders: the page sorts Testing clips as well."
        )
    clips, unsorted = Path(settings.data.folder), settings.sorting.unsorted
    there = next(path for path in (clips, *clips.absolute().parents) if path.exists())
    if not (there.is_dir() and os.access(there, os.W_OK)):
        raise UserError(f"data: folder: {clips} cannot be written to. The page puts sorted clips there.")
    if unsorted and not Path(unsorted).is_dir():
        raise UserError(f"sorting: unsorted: {unsorted} is not a folder. Write the path of a folder of clips, or null.")
    if unsorted and clips.resolve().is_relative_to(Path(unsorted).resolve()):
        raise UserError(f"sorting: unsorted: {unsorted} contains data: folder: {clips}. Write a folder in which nothing is sorted yet.")
