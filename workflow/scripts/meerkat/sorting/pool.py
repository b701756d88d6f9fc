"""The pool: the clips that a person can sort, on cards. A card is one passage, something that moved, with a few clips of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from .. import tables

COLUMNS = ("video", "site", "track", "path")


@dataclass(frozen=True)
class Card:
    """A track: its video, the site of that (empty where it is not known), its number in the video, and the paths of its clips."""

    video: str
    site: str
    track: int
    paths: list[str] = field(default_factory=list)


def read(path: Path | str) -> list[Card]:
    """The cards in the order of the table, which embed_tracks.py makes. Raises UserError when it is missing."""
    cards: dict[tuple[str, str], Card] = {}
    for row in tables.read(path, "embed_tracks.py"):
        card = cards.setdefault((row["video"], row["track"]), Card(row["video"], row["site"], int(row["track"])))
        card.paths.append(row["path"])
    return list(cards.values())


def text(cards: Sequence[Card]) -> str:
    """The table of cards."""
    return tables.csv_text([COLUMNS, *((card.video, card.site, card.track, path) for card in cards for path in card.paths)])
