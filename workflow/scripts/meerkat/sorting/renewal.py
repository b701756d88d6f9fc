"""Sorted clips whose film, or whose cut, is another one now: an answer belongs to what was seen, not to the name of a file."""

from collections import Counter
from collections.abc import Sequence
from pathlib import PurePath

from .. import atomic, digests
from ..wording import count
from .folders import Folders, is_made_of
from .pool import Card
from .sorted_as import Stored

# So much of what tells a film goes into the name of its clips when another film has taken its name.
_SHORT = 8


def renew(cards: Sequence[Card], folders: Folders) -> list[str]:
    """Bring the sorted clips in line with the pool, and say what was done, a sentence each.

    A clip that was cut anew of the same film, as after another `videos: margin`, takes the place of the old one: its answer stands. Clips
    of a film in whose place another one lies now get a name of their own: they stay sorted, and the new film is asked about. A file that
    a person has changed is left alone.
    """
    films = {card.video: card.film for card in cards if card.track}
    sources = {PurePath(clip.place).name: clip.path for card in cards if card.track for clip in card.clips}
    renewed, elsewhere, aside = 0, 0, Counter()
    for name, stored in folders.sorted_as.items():
        video = name.rsplit("_", 2)[0]
        if video not in films:
            continue
        is_other_film = bool(stored.film and films[video]) and stored.film != films[video]
        for lying in folders.named(name):
            is_old = name in sources and not is_made_of(lying.path, sources[name])
            elsewhere += name not in sources and not is_other_film
            if not (is_old or is_other_film) or digests.of_file(lying.path) != stored.digest:
                continue
            if is_other_film:
                own_name = lying.path.with_name(f"{video}-{stored.film[:_SHORT]}{name.removeprefix(video)}")
                if not own_name.exists():
                    lying.path.rename(own_name)
                    aside[video] += 1
            else:
                atomic.link(lying.path, sources[name])
                folders.sorted_as.add([(name, Stored(digests.of_file(lying.path), films[video]))])
                renewed += 1
    if aside:  # A renewed clip lies where it lay.
        folders.look()
    told = [f"Cut anew, as the settings say now: {count(renewed, 'sorted clip')}. Their answers stand."] if renewed else []
    told += [
        f"{video} is another film now. Its {count(number, 'sorted clip')} of before keep their answers, under another name."
        for video, number in sorted(aside.items())
    ]
    if elsewhere:
        told.append(
            f"With the settings now, other moments are cut than those of {count(elsewhere, 'sorted clip')}. These stay sorted; their "
            "passages may be asked about again."
        )
    return told
