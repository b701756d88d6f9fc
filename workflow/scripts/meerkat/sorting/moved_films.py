"""Sorted clips of films that were moved or renamed: they follow their film, with their answers."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

from .. import digests
from ..wording import count
from . import pool
from .folders import Folders, Lying, name_aside
from .pool import Card


def follow(cards: Sequence[Card], folders: Folders) -> tuple[dict[str, str], list[str]]:
    """Give sorted clips the names and the folders that their films have now.

    Returns the present name of each clip that was ever renamed, by its earlier names, and sentences that say what was done. A file that a
    person has changed is left alone.
    """
    card_of = {card.film: card for card in cards if card.film}
    renamed, waiting = {}, []
    for name, stored in folders.sorted_as.items():
        video, card = name.rsplit("_", 2)[0], card_of.get(stored.film)
        if card and card.video != video:
            renamed[name] = f"{card.video}{name.removeprefix(video)}"
            found = [lying for lying in folders.named(name) if digests.of_file(lying.path) == stored.digest]
            waiting += [(name, card, lying) for lying in found]
    number = len(waiting)
    while waiting:
        blocked = [one for one in waiting if not _move(*one, renamed, folders)]
        if len(blocked) == len(waiting):  # As if two films had exchanged their names: one clip steps aside.
            name, card, lying = blocked.pop()
            aside = lying.path.with_name(name_aside(name, card.film))
            _rename(name, lying, aside.name, aside, folders)
            renamed[aside.name] = renamed[name]
            blocked.append((aside.name, card, lying._replace(path=aside)))
        waiting = blocked
    if number:
        folders.refresh()
    told = [f"{count(number, 'sorted clip')} of films that have another name or place now have followed them. Their answers stay."]
    return renamed, told if number else []


def present_names(folders: Folders) -> dict[str, str]:
    """The present name of each clip that has followed its film, by its earlier names: for programs that only read."""
    names: dict[tuple, list[str]] = defaultdict(list)
    for name, stored in folders.sorted_as.items():
        names[stored.film or stored, name.removeprefix(name.rsplit("_", 2)[0])].append(name)
    renamed = {}
    for of_clip in names.values():
        lying = [name for name in of_clip if folders.named(name)]
        if len(lying) == 1:
            renamed |= {name: lying[0] for name in of_clip if name != lying[0]}
    return renamed


def _move(name: str, card: Card, lying: Lying, renamed: Mapping[str, str], folders: Folders) -> bool:
    """Move a clip to its new place, if that is free; returns whether it was."""
    place = folders.place(lying.split, lying.decision, pool.place(renamed[name], card.site))
    if place.exists():
        return False
    _rename(name, lying, renamed[name], place, folders)
    return True


def _rename(name: str, lying: Lying, new: str, place: Path, folders: Folders) -> None:
    # First noted, then moved: if the program is killed in between, the next one moves it.
    folders.sorted_as.add([(new, folders.sorted_as[name])])
    place.parent.mkdir(parents=True, exist_ok=True)
    lying.path.rename(place)
