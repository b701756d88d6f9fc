"""A playlist that shows only the visits, for VLC."""

import os
from pathlib import Path

from .videos import clock
from .visits import Visit

# The first line of a playlist.
HEADER = "#EXTM3U\n"
# Seconds to show before and after a visit.
_AROUND = 2.0


def entry(visit: Visit, path: str, folder: Path) -> str:
    """The lines of a visit in a playlist that lies in `folder`; `path` is the video's."""
    begin, end = max(0.0, visit.begin - _AROUND), visit.end + _AROUND
    lines = [
        f"#EXTINF:{end - begin:.0f},{Path(path).name} at {clock(visit.begin)}",
        f"#EXTVLCOPT:start-time={begin:.3f}",
        f"#EXTVLCOPT:stop-time={end:.3f}",
        # VLC takes a line for an address from where it lies; a name that begins with # would be a comment.
        f"./{Path(os.path.relpath(path, folder)).as_posix()}",
    ]
    return "\n".join(lines) + "\n"
