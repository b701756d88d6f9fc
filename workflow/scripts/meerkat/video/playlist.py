"""A playlist that shows only the visits, for VLC."""

import os
from collections.abc import Iterable
from pathlib import Path

from .videos import clock
from .visits import Visit

# Seconds to show before and after a visit.
_AROUND = 2.0


def text(visits: Iterable[tuple[str, Visit]], folder: Path) -> str:
    """The content of an .m3u8 file that lies in `folder`; each visit comes with the path of its video."""
    lines = ["#EXTM3U"]
    for path, visit in visits:
        begin, end = max(0.0, visit.begin - _AROUND), visit.end + _AROUND
        lines += [
            f"#EXTINF:{end - begin:.0f},{Path(path).name} at {clock(visit.begin)}",
            f"#EXTVLCOPT:start-time={begin:.3f}",
            f"#EXTVLCOPT:stop-time={end:.3f}",
            # VLC takes a line for an address from where it lies; a name that begins with # would be a comment.
            f"./{Path(os.path.relpath(path, folder)).as_posix()}",
        ]
    return "\n".join(lines) + "\n"
