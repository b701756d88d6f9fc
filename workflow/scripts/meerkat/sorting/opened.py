"""The folders of sorted clips and their journal, opened for answers."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from ..log import log
from . import moved_films, renewal
from .answers import Answers
from .folders import Folders
from .journal import NAME, Journal
from .pool import Card


class Opened(NamedTuple):
    """What a page works with."""

    folders: Folders
    journal: Journal
    answers: Answers


def open_answers(cards: Sequence[Card], clips: Path, person: str, seed: int) -> Opened:
    """Open the folder `clips`. Sorted clips whose films were moved, renamed or searched anew follow them first."""
    folders = Folders(clips)
    renamed, told = moved_films.follow(cards, folders)
    journal = Journal(clips / NAME, person, renamed)
    for sentence in [*told, *renewal.renew(cards, folders, journal)]:
        log.info(sentence)
    return Opened(folders, journal, Answers(cards, folders, journal, seed))
