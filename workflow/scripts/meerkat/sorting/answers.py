"""The decisions of a person on clips, in the folders and in the journal. Safe for several threads."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from threading import Lock
from typing import NamedTuple

import numpy as np

from ..data.clips import SPLITS
from ..data.labels import LABELS, NEGATIVE, POSITIVE, UNSURE
from ..log import log
from ..wording import count
from .folders import DECISIONS, Folders, SortedClip
from .journal import NAME, UNDONE, Journal
from .pool import Card
from .sides import split_of
from .tasks import BY_HAND, OPINION, UNDO

# Names in counts: all cards, and cards without a label.
ALL, _OPEN = "all", ""


class Answer(NamedTuple):
    """An answer: the task and the clips (by number) of each question, and the earlier decisions on these clips, None if there was none."""

    questions: list[tuple[str, list[int]]]
    before: dict[int, str | None]


class Answers:
    """The labels of the clips. Cards and clips are known by their numbers.

    cards  the cards of the pool, then cards of single clips that exist only in the folders (see `clip_of_file`)
    clips  the clips of all cards
    is_testing  bool [cards of the pool], which cards are for Testing
    open  int [cards of the pool], how many clips of each card have no label
    """

    def __init__(self, cards: Sequence[Card], folders: Folders, journal: Journal, seed: int):
        self.cards: list[Card] = list(cards)
        self.clips: list[SortedClip] = []
        self._clips_of: list[range] = []
        self._card_of: list[int] = []
        self._folders, self._journal = folders, journal
        self._lock = Lock()
        self._history: list[Answer] = []
        self._labels: dict[int, str] = {}
        self._outside: dict[str, int] = {}
        sides = self._sides(seed)
        splits = [sides[card.video] for card in self.cards]
        for number, (card, split) in enumerate(zip(self.cards, splits, strict=True)):
            self._lay(number, [SortedClip(split, clip.place, clip.path, card.film, clip.where) for clip in card.clips])
        self._number = {clip.key: number for number, clip in enumerate(self.clips)}
        self.open = np.array([len(clips) for clips in self._clips_of], int)
        self.is_testing = np.array([split == "eval" for split in splits], bool)
        self._counts = Counter((split, card.site, _OPEN) for card, split in zip(self.cards, splits, strict=True))
        self._read()

    def _lay(self, card: int, clips: Sequence[SortedClip]) -> None:
        """Add the clips of a card."""
        self._clips_of.append(range(len(self.clips), len(self.clips) + len(clips)))
        self._card_of += [card] * len(clips)
        self.clips += clips

    def _sides(self, seed: int) -> dict[str, str]:
        """The side of each video: the side where its clips lie, whatever was drawn. If it has none, or has clips on both sides, the drawn
        side. So a video never changes sides."""
        lies: dict[str, set[str]] = {}
        films = {card.video: card.film or card.video for card in self.cards}
        for card in self.cards:
            sides = lies.setdefault(card.video, set())
            sides |= {lying.split for clip in card.clips for lying in self._folders.where(SortedClip("train", clip.place, clip.path))}
        return {video: next(iter(sides)) if len(sides) == 1 else split_of(films[video], seed) for video, sides in lies.items()}

    def _read(self) -> None:
        """Read the labels from the folders. If a killed program has left a clip in two folders, the journal says which one counts.
        Otherwise the journal is updated: a person may have sorted clips with a file manager."""
        noted = self._journal.history.labels
        found: dict[str, str] = {}
        changed: list[tuple[int, str]] = []
        for number, clip in enumerate(self.clips):
            here, last = {lying.decision for lying in self._folders.where(clip)}, noted.get(clip.key)
            if len(here) > 1:
                stays = last.decision if last and last.decision in here else min(here)
                self._folders.put([clip], stays)
                self._folders.clear([clip], stays)
                here = {stays}
            decision = next(iter(here), UNDONE)
            if here:
                found[clip.key] = decision
            if decision != (last.decision if last else UNDONE):
                changed.append((number, decision))
        self._folders.note(self.clips[self._number[key]] for key in found)
        if changed:
            if contradicted := sum(self.clips[number].key in noted for number, _ in changed):
                log.warning(
                    f"{count(contradicted, 'clip does', 'clips do')} not lie where {NAME} says. The folders count, and {NAME} now says the "
                    "same. To change a label, move the clip to another folder, or answer again on the page."
                )
            self._journal.add([(BY_HAND, *self._row(number, decision)) for number, decision in changed])
        for file in self._journal.history.labels:  # in the order in which they were decided
            if file in found and file in self._number:
                self._set(self._number[file], found[file])

    def decision(self, clip: int) -> str | None:
        """The decision on a clip; None if there is none."""
        return self._labels.get(clip)

    def label(self, card: int) -> str | None:
        """The label of a card (see `of_passage`)."""
        return of_passage({self._labels.get(clip) for clip in self._clips_of[card]})

    def known(self, split: str) -> dict[int, int]:
        """The classes of the pool's cards of a split, 0 for positive, in the order in which they were decided. Unsure cards are left out. A
        card with an animal on one decided clip is included, even if its other clips are not decided."""
        with self._lock:
            cards = dict.fromkeys(self._card_of[clip] for clip in self._labels)
            found = ((card, self.label(card)) for card in cards if card < len(self.open) and self.is_testing[card] == (split == "eval"))
            return {card: LABELS.index(label) for card, label in found if label in LABELS}

    def was_asked(self, task: str, clip: int) -> bool:
        """Whether a clip was decided on in a task."""
        return self.clips[clip].key in self._journal.history.asked[task]

    def was_decided(self, clip: int) -> bool:
        """Whether anybody has ever decided on a clip, also with a file manager, and if it was not undone."""
        return self._journal.history.last(self.clips[clip].key) is not None

    def clips_of(self, card: int) -> range:
        """The numbers of a card's clips."""
        return self._clips_of[card]

    def card_of(self, clip: int) -> int | None:
        """The card of a clip; None if there is no such clip."""
        return self._card_of[clip] if 0 <= clip < len(self.clips) else None

    def by_card(self, clips: Sequence[int]) -> list[list[int]]:
        """The clips, grouped by card."""
        found: dict[int, list[int]] = {}
        for clip in clips:
            found.setdefault(self._card_of[clip], []).append(clip)
        return list(found.values())

    def clip_of_key(self, key: str) -> int | None:
        """The clip of the pool with this name in the journal; None if there is none."""
        return self._number.get(key)

    def clip_of_file(self, path: str) -> int | None:
        """The clip that lies in the folders at this path. If it is not in the pool, it gets its own card. None if it is gone."""
        if (clip := self._number.get(Path(path).name)) is not None:
            return clip if clip in self._labels else None
        if path in self._outside:
            return self._outside[path]
        if found := self._folders.find(path):
            clip, decision = found
            with self._lock:
                number = self._outside[path] = len(self.clips)
                self._lay(len(self.cards), [clip])
                self.cards.append(Card(path, "", "", []))
                self._labels[number] = decision
            return number
        return None

    def decide(self, questions: Sequence[tuple[str, Sequence[int]]], decision: str) -> None:
        """Put clips where they belong, and note it. Clips with another decision are moved. A second opinion is only noted.

        questions  the task of each, and the numbers of its clips

        Raises ValueError if this is not a decision, and OSError if it fails: everything is then as before.
        """
        clips = [clip for _, of_question in questions for clip in of_question]
        if decision not in DECISIONS or not clips or len(set(clips)) < len(clips) or not all(0 <= clip < len(self.clips) for clip in clips):
            raise ValueError("no such clips or decision")
        with self._lock:
            last = Answer([(task, list(of)) for task, of in questions], {clip: self._labels.get(clip) for clip in clips})
            self._change(last, dict.fromkeys(clips, decision), "")
            self._history.append(last)

    def undo(self) -> Answer | None:
        """Take back the last decision of this session; None if there is none. Raises OSError as `decide` does."""
        with self._lock:
            if not self._history:
                return None
            self._change(self._history[-1], self._history[-1].before, UNDO)
            return self._history.pop()

    def is_of_review(self, clip: int) -> bool:
        """Whether the label of a clip comes from the review of a visit."""
        return self._journal.history.is_of_review(self.clips[clip].key)

    def take_back(self, task: str, clips: Sequence[int]) -> None:
        """Give clips the labels that they had before the last decision, which was made in this task, also in an earlier session. Raises
        OSError as `decide` does."""
        with self._lock:
            labels = {clip: self._journal.history.last(self.clips[clip].key).before for clip in clips}
            decided = Answer([(task, list(clips))], {clip: label and label.decision for clip, label in labels.items()})
            self._change(decided, decided.before, UNDO)

    def _change(self, decided: Answer, decisions: Mapping[int, str | None], undo: str) -> None:
        """Move clips to decisions. First they lie in both places, then the journal says which one counts, then the old place is cleared."""
        moved = {clip: decisions[clip] for task, clips in decided.questions if task != OPINION for clip in clips}
        before = {clip: self._labels.get(clip) for clip in decisions}
        self._refresh_if_moved({clip: before[clip] for clip in moved})
        try:
            for decision in filter(None, set(moved.values())):
                self._folders.put([self.clips[clip] for clip in moved if moved[clip] == decision], decision)
            self._journal.add(self._rows(decided, decisions, undo))
        except OSError:
            self._clear({clip: before[clip] for clip in moved})
            raise
        try:
            self._clear(moved)
        except OSError:  # the old place is read-only
            self._journal.add(self._rows(decided, before, "" if undo else UNDO))
            self._clear({clip: before[clip] for clip in moved})
            raise
        for clip, decision in moved.items():
            self._set(clip, decision)

    def _rows(self, decided: Answer, decisions: Mapping[int, str | None], undo: str) -> list[tuple[str, ...]]:
        """The rows of the journal for decisions, or for taking them back."""
        clips = ((f"{undo}{task}", clip) for task, of_question in decided.questions for clip in of_question)
        return [(task, *self._row(clip, decisions[clip] or UNDONE)) for task, clip in clips]

    def _refresh_if_moved(self, labels: Mapping[int, str | None]) -> None:
        """Read the folders again if a clip is not where it was put."""
        for clip, label in labels.items():
            if label and label not in {lying.decision for lying in self._folders.where(self.clips[clip])}:
                self._folders.refresh()
                return

    def _clear(self, decisions: Mapping[int, str | None]) -> None:
        for clip, decision in decisions.items():
            self._folders.clear([self.clips[clip]], decision)

    def _set(self, clip: int, decision: str | None) -> None:
        card = self._card_of[clip]
        label = self.label(card)
        before = self._labels.pop(clip, None)
        if decision:
            self._labels[clip] = decision
        if card < len(self.open):
            self.open[card] += (before is not None) - (decision is not None)
            self._count(card, label, -1)
            self._count(card, self.label(card), 1)

    def _count(self, card: int, label: str | None, number: int) -> None:
        self._counts[self.clips[self._clips_of[card][0]].split, self.cards[card].site, label or _OPEN] += number

    def counts(self) -> dict[str, dict[str, dict[str, int]]]:
        """For each split and site, how many cards of the pool have each label, and how many there are altogether."""
        with self._lock:
            counts = dict(self._counts)
        found: dict[str, dict[str, dict[str, int]]] = {split: {} for split in SPLITS}
        for (split, site, label), number in sorted(counts.items()):
            of_site = found[split].setdefault(site, dict.fromkeys([*DECISIONS, ALL], 0))
            of_site[ALL] += number
            if label in DECISIONS:
                of_site[label] += number
        return found

    def _row(self, clip: int, decision: str) -> tuple[str, str, str, str, str]:
        """The part of a row of the journal that describes a clip."""
        card, named = self.cards[self._card_of[clip]], self.clips[clip]
        return named.split, card.video, card.track, named.key, decision


def of_passage(decisions: Collection[str | None]) -> str | None:
    """The label of a passage from those of its clips: animal if one clip shows an animal; else None if one has no label yet; else unsure if
    one is unsure; else background."""
    if LABELS[POSITIVE] in decisions:
        return LABELS[POSITIVE]
    return None if None in decisions else UNSURE if UNSURE in decisions else LABELS[NEGATIVE]
