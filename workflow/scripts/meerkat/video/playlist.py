"""Playlists for VLC that show only some moments of films."""

import os
import re
from pathlib import Path
from urllib.parse import quote

from ..clock import clock
from ..errors import printable

# The first line of a playlist.
HEADER = "#EXTM3U\n"
# Characters that have a meaning in addresses, or would end the line.
_IN_ADDRESSES = re.compile(r"[%#?\r\n]")
# Seconds to show before and after a visit, and seconds for which a still is shown.
_AROUND, _STILL = 2.0, 3


def with_a_little_around(begin: float, end: float) -> tuple[float, float]:
    """The part of the film that is shown for a visit, in seconds."""
    return max(0.0, begin - _AROUND), end + _AROUND


def entry(path: str, begin: float, end: float, folder: Path) -> str:
    """The lines of a part of a video, in seconds, in a playlist that lies in `folder`."""
    title, options = f"{_shown(path)} at {clock(begin)}", [f"start-time={begin:.3f}", f"stop-time={end:.3f}"]
    return _entry(f"{end - begin:.0f},{title}", options, path, folder)


def entry_of_still(path: str, folder: Path) -> str:
    """The lines of a still."""
    return _entry(f"{_STILL},{_shown(path)}", [f"image-duration={_STILL}"], path, folder)


def _shown(path: str) -> str:
    return printable("/".join(Path(path).parts[-2:]))


def _entry(title: str, options: list[str], path: str, folder: Path) -> str:
    # VLC reads a line as an address relative to the playlist; a name that begins with # would be a comment.
    address = "./" + _IN_ADDRESSES.sub(lambda found: quote(found[0]), Path(os.path.relpath(path, folder)).as_posix())
    return "\n".join([f"#EXTINF:{title}", *(f"#EXTVLCOPT:{option}" for option in options), address]) + "\n"
