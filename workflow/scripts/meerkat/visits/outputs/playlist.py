"""visits.m3u8: plays only the visits, in VLC; of bursts, it shows the stills."""

import argparse
import os
import re
from pathlib import Path
from urllib.parse import quote

from ... import atomic
from ...clock import clock
from ...errors import printable
from ..found_visits import FoundVisits, Row, a_little_around, span

# Characters that have a meaning in addresses, or would end the line.
_IN_ADDRESSES = re.compile(r"[%#?\r\n]")
# Seconds for which a still is shown.
_STILL = 3


def write(found: FoundVisits, args: argparse.Namespace) -> None:
    """Write the playlist."""
    entries = [entry for visit in found.visits for entry in _entries(found, visit)]
    atomic.write_text(found.folder / "visits.m3u8", "".join(["#EXTM3U\n", *entries]))


def _entries(found: FoundVisits, visit: Row) -> list[str]:
    recording, (begin, end) = found.recording(visit["video"]), span(visit)
    if recording.stills:
        within = [still for still, seconds in recording.stills if begin <= seconds <= end]
        return [_entry(still, _STILL, "", [f"image-duration={_STILL}"], found.folder) for still in within]
    begin, end = a_little_around(visit)
    options = [f"start-time={begin:.3f}", f"stop-time={end:.3f}"]
    return [_entry(recording.path, end - begin, f" at {clock(begin)}", options, found.folder)]


def _entry(path: str, seconds: float, when: str, options: list[str], folder: Path) -> str:
    """The lines of a film or a still, shown for so long, in a playlist that lies in `folder`."""
    title = printable("/".join(Path(path).parts[-2:]))
    # VLC reads a line as an address relative to the playlist; a name that begins with # would be a comment.
    address = "./" + _IN_ADDRESSES.sub(lambda found: quote(found[0]), Path(os.path.relpath(path, folder)).as_posix())
    return "\n".join([f"#EXTINF:{seconds:.0f},{title}{when}", *(f"#EXTVLCOPT:{option}" for option in options), address]) + "\n"
