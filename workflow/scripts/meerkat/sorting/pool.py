"""The pool: the clips that a person can sort, on cards. A card is one passage, something that moved, with a few clips of it."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import NamedTuple

import numpy as np

from .. import tables
from ..data.clips import is_split_folder
from ..data.labels import UNSURE, parse_label

COLUMNS = ("video", "site", "track", "path", "place", "where", "film")
# Characters that a folder's name cannot, or should not, contain.
_SEPARATORS = re.compile(r"[/\\:\x00-\x1f]")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f]")
_LONGEST, _LONGEST_NAME = 60, 200


class CardClip(NamedTuple):
    """A clip's path, and its place below the folder of its class once it is sorted; its name there is unique. `where` is its frame and its
    box in the film, x y w h in pixels; empty if it was not cut from one."""

    path: str
    place: str
    where: str = ""


@dataclass(frozen=True)
class Card:
    """A passage: its video, the site (empty if unknown), its track in the video (empty if unknown: the card is then a single clip), its
    clips, and the digest of the film, if that could be read."""

    video: str
    site: str
    track: str
    clips: list[CardClip]
    film: str = ""


def place(name: str, *folders: str) -> str:
    """Where a clip goes, in folders whose names have no other meaning there; empty ones are left out."""
    return str(Path(*filter(None, map(_harmless, folders)), name))


def place_of_loose(path: Path) -> str:
    """Where a loose clip goes, from its path in its folder. Its folders become part of its name, because cameras use the same names again
    and again. A folder whose name the clip already bears, as with DeepMeerkat, is not added."""
    folders = path.parts[:-1]
    prefix = folders[:-1] if folders and path.name.startswith(f"{folders[-1]}_") else folders
    return place(_UNPRINTABLE.sub("_", "-".join([*prefix, path.name])), *folders)


def with_names_of_their_own(found: Sequence[tuple[Card, Sequence[str]]]) -> list[Card]:
    """The cards. If the name of a loose clip is too long, or another clip has the same, it gets the beginning of the clip's digest.

    found  each card with the digests of its clips
    """
    names = Counter(PurePath(clip.place).name for card, _ in found for clip in card.clips)
    cards = []
    for card, digests in found:
        name = PurePath(card.clips[0].place).name
        if not card.track and (names[name] > 1 or len(name.encode(errors="surrogateescape")) > _LONGEST_NAME):
            old = PurePath(card.clips[0].place)
            new = old.with_name(f"{old.stem[:_LONGEST]}-{digests[0][:12]}{old.suffix}")
            card = Card(card.video, card.site, card.track, [CardClip(card.clips[0].path, str(new))])
        cards.append(card)
    return cards


def boxes(cards: Sequence[Card]) -> np.ndarray:
    """Where in the picture each card is: float [cards, 4], x y w h in pixels, of its middle clip; zeros if that is unknown."""
    middle = (card.clips[len(card.clips) // 2].where for card in cards)
    return np.array([[float(number) for number in where.split()[1:]] if where else [0.0] * 4 for where in middle]).reshape(-1, 4)


def read(path: Path | str) -> list[Card]:
    """The cards in the order of the table, which make_cards.py makes. Raises UserError if it is missing."""
    cards: dict[tuple[str, str, str], Card] = {}
    for row in tables.read(path, "make_cards.py"):
        key = (row["video"], row["track"], "" if row["track"] else row["path"])
        card = cards.setdefault(key, Card(row["video"], row["site"], row["track"], [], row["film"]))
        card.clips.append(CardClip(row["path"], row["place"], row["where"]))
    return list(cards.values())


def text(cards: Sequence[Card]) -> str:
    """The table of cards."""
    return tables.csv_text([COLUMNS, *((card.video, card.site, card.track, *clip, card.film) for card in cards for clip in card.clips)])


def _harmless(folder: str) -> str:
    """The name of one folder, changed if it has another meaning there."""
    name = _SEPARATORS.sub("_", folder).strip(" .")[:_LONGEST]
    has_a_meaning = parse_label(name) is not None or is_split_folder(name) or name.lower() == UNSURE
    return f"site {name}" if has_a_meaning else name
