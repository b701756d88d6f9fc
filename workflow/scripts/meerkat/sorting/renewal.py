"""Sorted clips whose film, or whose cut, has changed: an answer belongs to what the person saw, not to the name of a file."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path, PurePath
from typing import NamedTuple

from .. import atomic, digests
from ..row_log import instant
from ..wording import count
from . import same_place
from .folders import Folders, Lying, SortedClip, is_made_of, name_aside
from .journal import UNDONE, Journal
from .pool import Card
from .sorted_as import Stored
from .tasks import REVIEW, UNDO


class _Old(NamedTuple):
    """A sorted clip that is no longer in the pool, as it was when it was sorted, with its name then."""

    name: str
    lying: Lying
    stored: Stored


def renew(cards: Sequence[Card], folders: Folders, journal: Journal) -> list[str]:
    """Adapt the sorted clips to the pool; returns a sentence for each thing that was done.

    If a clip was cut again from the same film, as after another `videos: margin`, it replaces the old one, and the answer stays. If other
    moments are cut now, the clips of the passage at the same place and time replace the old ones. If another film has taken the place of a
    film, the old clips get another name and stay sorted, and the page asks about the new film. A file that a person has changed is left
    alone. Labels that come from the review of a visit go on doing so; where no passage is found again, they are removed, because the review
    itself is kept.
    """
    films = {card.video: card.film for card in cards if card.track}
    sources = {PurePath(clip.place).name: clip for card in cards if card.track for clip in card.clips}
    renewed, aside, old = 0, Counter(), defaultdict(list)
    for name, stored in folders.sorted_as.items():
        video = name.rsplit("_", 2)[0]
        if video not in films:
            continue
        source = sources.get(name)
        is_other_film = bool(stored.film and films[video]) and stored.film != films[video]
        for lying in folders.named(name):
            if source is None and not is_other_film:
                old[video].append(_Old(name, lying, stored))
                continue
            is_cut_anew = source is not None and not is_made_of(lying.path, source.path)
            if not (is_cut_anew or is_other_film) or digests.of_file(lying.path) != stored.digest:
                continue
            if not is_other_film and same_place.are_one(stored.where, source.where):
                atomic.link(lying.path, Path(source.path))
                folders.sorted_as.add([(name, Stored(digests.of_file(lying.path), films[video], source.where))])
                renewed += 1
                continue
            # Another clip has this name now.
            told_by = stored.film if is_other_film else stored.digest
            own_name = lying.path.with_name(name_aside(name, told_by))
            if own_name.exists():
                continue
            folders.sorted_as.add([(own_name.name, stored)])  # Its film may come back under another name.
            lying.path.rename(own_name)
            if is_other_film:
                aside[video] += 1
            else:
                old[video].append(_Old(name, lying._replace(path=own_name), stored))
    carried = _carry_over(old, cards, folders, journal)
    waiting = [clip for clips in old.values() for clip in clips if clip not in carried]
    found, left = len(carried), len(waiting) - _remove_labels_of_reviews(waiting, journal)
    if aside or old:  # A renewed clip lies where it was.
        folders.refresh()
    told = [f"Cut again with the new settings: {count(renewed, 'sorted clip')}. Their answers stay."] if renewed else []
    told += [
        f"{video} is another film now. The answers on {count(number, 'sorted clip')} of the old film stay, under another name."
        for video, number in sorted(aside.items())
    ]
    if found:
        told.append(f"Other moments are cut now. The passages of {count(found, 'sorted clip')} were found again, and their answers stay.")
    if left:
        told.append(
            f"The new settings cut other moments than those of {count(left, 'sorted clip')}. These stay sorted, and the page may ask "
            "about their passages again."
        )
    return told


def _carry_over(old: dict[str, list[_Old]], cards: Sequence[Card], folders: Folders, journal: Journal) -> list[_Old]:
    """Give the answers on clips that are no longer cut to the passages that they show; returns these clips."""
    carried: list[_Old] = []
    for video, clips in old.items():
        of_video = {card.track: card for card in cards if card.track and card.video == video}
        moved = same_place.boxes(Path(next(iter(of_video.values())).clips[0].path).parent.parent)
        answers: dict[str, list[_Old]] = defaultdict(list)
        for clip in clips:
            if (track := same_place.find(clip.stored.where, moved)) in of_video:
                answers[track].append(clip)
        for track, shown in answers.items():
            if len({(clip.lying.split, clip.lying.decision) for clip in shown}) > 1:
                continue  # Two passages with different answers have become one: a person has to decide.
            card, (_, split, decision) = of_video[track], shown[0].lying
            new = [SortedClip(split, clip.place, clip.path, card.film, clip.where) for clip in card.clips]
            new = [clip for clip in new if not folders.where(clip)]
            folders.put(new, decision)
            _carry_label(shown, [(split, card.video, track, clip.key, decision) for clip in new], journal)
            for clip in shown:
                if digests.of_file(clip.lying.path) == clip.stored.digest:
                    clip.lying.path.unlink()
            carried += shown
    return carried


def _carry_label(shown: Sequence[_Old], rows: Sequence[tuple[str, ...]], journal: Journal) -> None:
    """Note who decided on these clips, and when, for the clips that take their place (task left out of their rows): otherwise an old answer
    would seem to be a new one, and outvote what was said since."""
    decision, history = shown[0].lying.decision, journal.history
    labels = [(clip.name, label) for clip in shown if (label := history.labels.get(clip.name)) and label.decision == decision]
    sorted_ones = [one for one in labels if not history.is_of_review(one[0])]
    if labels:
        name, label = max(sorted_ones or labels, key=lambda one: instant(one[1].time))
        journal.carry([(history.last(name).task, *row) for row in rows], label)


def _remove_labels_of_reviews(clips: Sequence[_Old], journal: Journal) -> int:
    """Remove clips whose passage was not found again, if their label comes from a review, which is kept; returns their number."""
    removed = [clip for clip in clips if journal.history.is_of_review(clip.name) and digests.of_file(clip.lying.path) == clip.stored.digest]
    for clip in removed:
        clip.lying.path.unlink()
        while journal.history.is_of_review(clip.name):  # so that the review may label it when it comes back
            before = journal.history.last(clip.name).before
            decision = before.decision if before else UNDONE
            journal.add([(f"{UNDO}{REVIEW}", clip.lying.split, clip.name.rsplit("_", 2)[0], "", clip.name, decision)])
    return len(removed)
