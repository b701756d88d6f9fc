"""visits.m3u8: plays only the visits, in VLC; of bursts, it shows the stills."""

import argparse

from ... import atomic
from ...video import playlist
from ..found_visits import FoundVisits, Row, span


def write(found: FoundVisits, args: argparse.Namespace) -> None:
    """Write the playlist."""
    entries = [entry for visit in found.visits for entry in _entries(found, visit)]
    atomic.write_text(found.folder / "visits.m3u8", "".join([playlist.HEADER, *entries]))


def _entries(found: FoundVisits, visit: Row) -> list[str]:
    recording = found.recording(visit["video"])
    if not recording.stills:
        return [playlist.entry(recording.path, *playlist.with_a_little_around(*span(visit)), found.folder)]
    begin, end = span(visit)
    return [playlist.entry_of_still(still, found.folder) for still, seconds in recording.stills if begin <= seconds <= end]
