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
    for above, folder in pairwise(["", *folders]):
        is_of_camera = _OF_CAMERAS.fullmatch(folder) or (above and _BELOW.get(folder.lower()) == above.lower())
        if not is_of_camera:
            return harmless(folder)
    return ""


def harmless(text: str) -> str:
    """A name that is safe in tables: it does not begin like a formula of a spreadsheet."""
    return f"_{text}" if text.startswith(tuple(FORMULA)) else text
