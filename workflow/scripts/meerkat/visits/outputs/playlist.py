"""visits.m3u8: plays only the visits, in VLC."""

import argparse

from ... import atomic
from ...video import playlist
from ..found_visits import FoundVisits, span


def write(found: FoundVisits, args: argparse.Namespace) -> None:
    """Write the playlist."""
    pieces = [(found.paths[visit["video"]], *playlist.with_a_little_around(*span(visit))) for visit in found.visits]
    entries = [playlist.entry(*piece, found.folder) for piece in pieces]
    atomic.write_text(found.folder / "visits.m3u8", "".join([playlist.HEADER, *entries]))
