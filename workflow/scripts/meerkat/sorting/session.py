"""A person's sorting: what is decided, what is asked next, and how far it is. Safe for several threads."""

from collections import Counter
from dataclasses import dataclass
from threading import Lock

from ..data.labels import LABELS
from .cards import Card
from .choice import Chooser
from .folders import DECISIONS, Folders
from .journal import UNDONE, Journal
from .sides import split_of


@dataclass(frozen=True)
class Decided:
    """A decision on the card with this number."""

    card: int
    split: str
    decision: str


class Session:
    """The state of sorting. Cards are known by their numbers, which are their places in the list."""

    def __init__(self, cards: list[Card], chooser: Chooser, folders: Folders, journal: Journal, seed: int):
        self.cards = cards
        self._chooser, self._folders, self._journal = chooser, folders, journal
        self._lock = Lock()
        self._splits = [split_of(card.video, seed) for card in cards]
        self._history: list[Decided] = []
        lies_there = folders.sorted_files()
        found = {number: [lies_there[file] for file in card.files if file in lies_there] for number, card in enumerate(cards)}
        # A person may have sorted some of a track's clips with a file manager: what most of them are, the track is.
        self._decisions = {number: Counter(those).most_common(1)[0][0] for number, those in found.items() if those}

    def next(self, split: str, number: int, held: set[int]) -> list[int]:
        """The cards that are asked for next, without those that the page holds already.

        Cards for Training are chosen by what is known; those for Testing come video by video, so that whole videos get sorted.
        """
        with self._lock:
            decided = dict(self._decisions)
        rest = [card for card, of in enumerate(self._splits) if of == split and card not in decided and card not in held]
        if split == "eval":
            return rest[:number]
        of_training = {card: decision for card, decision in decided.items() if decision in LABELS and self._splits[card] == "train"}
        labels = {card: LABELS.index(decision) for card, decision in of_training.items()}
        return self._chooser.next(labels, rest, number)

    def decide(self, card: int, decision: str) -> None:
        """Put the clips of a card where they belong, and note it. A card that is decided otherwise is moved."""
        if decision not in DECISIONS or not 0 <= card < len(self.cards):
            raise ValueError("no such card or decision")
        with self._lock:
            split = self._splits[card]
            before = self._decisions.get(card)
            if before == decision:
                return
            if before:
                self._folders.take_back(self.cards[card], split, before)
            self._folders.put(self.cards[card], split, decision)
            self._journal.add(self.cards[card].video, self.cards[card].track, split, decision)
            self._decisions[card] = decision
            self._history.append(Decided(card, split, decision))

    def undo(self) -> int | None:
        """Take back the last decision of this session; gives its card, None where there is none."""
        with self._lock:
            if not self._history:
                return None
            last = self._history.pop()
            self._folders.take_back(self.cards[last.card], last.split, last.decision)
            self._journal.add(self.cards[last.card].video, self.cards[last.card].track, last.split, UNDONE)
            del self._decisions[last.card]
            return last.card

    def progress(self) -> dict[str, dict[str, int]]:
        """For each split, how many cards have each decision, and how many there are in all."""
        with self._lock:
            counts = Counter((self._splits[card], decision) for card, decision in self._decisions.items())
        return {
            split: {decision: counts[split, decision] for decision in DECISIONS} | {"all": self._splits.count(split)}
            for split in ("train", "eval")
        }
