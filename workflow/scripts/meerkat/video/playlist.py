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
# Seconds to show before and after a visit.
_AROUND = 2.0


def with_a_little_around(begin: float, end: float) -> tuple[float, float]:
    """The part of the film that is shown for a visit, in seconds."""
    return max(0.0, begin - _AROUND), end + _AROUND


def entry(path: str, begin: float, end: float, folder: Path) -> str:
    """The lines of a part of a video, in seconds, in a playlist that lies in `folder`."""
    lines = [
        f"#EXTINF:{end - begin:.0f},{printable('/'.join(Path(path).parts[-2:]))} at {clock(begin)}",
        f"#EXTVLCOPT:start-time={begin:.3f}",
        f"#EXTVLCOPT:stop-time={end:.3f}",
        # VLC reads a line as an address relative to the playlist; a name that begins with # would be a comment.
        "./" + _IN_ADDRESSES.sub(lambda found: quote(found[0]), Path(os.path.relpath(path, folder)).as_posix()),
    ]
    return "\n".join(lines) + "\n"
