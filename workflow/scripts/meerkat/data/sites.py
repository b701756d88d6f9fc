"""The site of a film or a clip, from its folders."""

import re
from collections.abc import Sequence
from itertools import pairwise

from ..tables import FORMULA

# Folders that cameras make on their cards, not people: DCIM and its sub-folders (JEITA CP-3461, "Design rule for camera file system": three
# digits and five capitals, such as 100RECNX), and those of video cameras (AVCHD, XAVC), whose last one has a name that a site could have.
_OF_CAMERAS = re.compile(r"[1-9]\d\d[A-Z_][A-Z0-9_]{4}|(?i:dcim|private|avchd|bdmv|m4root|xdroot|mp_root)")
_BELOW = {"stream": "bdmv", "clip": "m4root"}


def site_of(folders: Sequence[str]) -> str:
    """The site: the first folder above a file that a person made; empty if there is none."""
    return next((harmless(folder) for above, folder in pairwise(["", *folders]) if not _is_of_camera(above, folder)), "")


def folder_of_camera(folders: Sequence[str]) -> Sequence[str]:
    """The folders above a file without those that the camera made below them."""
    while folders and _is_of_camera(folders[-2] if len(folders) > 1 else "", folders[-1]):
        folders = folders[:-1]
    return folders


def _is_of_camera(above: str, folder: str) -> bool:
    return bool(_OF_CAMERAS.fullmatch(folder)) or bool(above and _BELOW.get(folder.lower()) == above.lower())


def harmless(text: str) -> str:
    """A name that is safe in tables: it does not begin like a formula of a spreadsheet."""
    return f"_{text}" if text.startswith(tuple(FORMULA)) else text
