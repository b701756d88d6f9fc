"""Playlists that show only some moments of films, for VLC."""

import os
from pathlib import Path

from .videos import clock
from .visits import Visit

# The first line of a playlist.
HEADER = "#EXTM3U\n"
# Seconds to show before and after a visit.
_AROUND = 2.0


def of_visit(visit: Visit, path: str, folder: Path) -> str:
    """The lines of a visit and a little before and after it, in a playlist that lies in `folder`; `path` is the video's."""
    return entry(path, max(0.0, visit.begin - _AROUND), visit.end + _AROUND, folder)


def entry(path: str, begin: float, end: float, folder: Path) -> str:
    """The lines of a part of a video, in seconds, in a playlist that lies in `folder`."""
    lines = [
        f"#EXTINF:{end - begin:.0f},{Path(path).name} at {clock(begin)}",
        f"#EXTVLCOPT:start-time={begin:.3f}",
        f"#EXTVLCOPT:stop-time={end:.3f}",
        # VLC takes a line for an address from where it lies; a name that begins with # would be a comment.
        f"./{Path(os.path.relpath(path, folder)).as_posix()}",
    ]
    return "\n".join(lines) + "\n"
