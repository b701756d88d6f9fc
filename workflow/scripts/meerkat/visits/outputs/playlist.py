"""visits.m3u8: plays only the visits, in VLC; of bursts, it shows the stills."""

import argparse

from ... import atomic
from ...video import bursts, playlist
from ...video.video_report import pictures
from ..found_visits import FoundVisits, Row, span


def write(found: FoundVisits, args: argparse.Namespace) -> None:
    """Write the playlist."""
    entries = [entry for visit in found.visits for entry in _entries(found, visit)]
    atomic.write_text(found.folder / "visits.m3u8", "".join([playlist.HEADER, *entries]))


def _entries(found: FoundVisits, visit: Row) -> list[str]:
    path, stills = found.paths[visit["video"]], pictures(found.facts(visit["video"]))
    if not stills:
        return [playlist.entry(path, *playlist.with_a_little_around(*span(visit)), found.folder)]
    begin, end = span(visit)
    return [playlist.entry_of_still(still, found.folder) for still, seconds in bursts.in_folder(path, stills) if begin <= seconds <= end]
