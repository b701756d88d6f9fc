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
    """A decision on the card with this number, and the one before it, if there was one."""

    card: int
    before: str | None
    decision: str


class Session:
    """The state of sorting. Cards are known by their numbers, which are their places in the list."""

    def __init__(self, cards: list[Card], chooser: Chooser, folders: Folders, journal: Journal, seed: int):
        self.cards = cards
        self._chooser, self._folders, self._journal = chooser, folders, journal
        self._lock = Lock()
        self._splits = [split_of(card.video, seed) for card in cards]
        self._totals = Counter(self._splits)
        self._history: list[Decided] = []
        self._decisions = self._found()

    def _found(self) -> dict[int, str]:
        """What the folders say of the cards. Where a killed program has left a card with two decisions, the one in the journal counts.
        Else the journal is brought in line: a person may have sorted clips with a file manager."""
        lies_there, noted = self._folders.sorted_files(), self._journal.decisions()
        decisions: dict[int, str] = {}
        for number, card in enumerate(self.cards):
            here = [lies_there[file] for file in card.files if file in lies_there]
            last = noted.get((card.video, card.track))
            if any(len(of_file) > 1 for of_file in here):  # killed between putting a clip anew and taking it back
                for decision in set().union(*here) - {last}:
                    self._folders.take_back(card, self._splits[number], decision)
                here = [of_file & {last} or of_file for of_file in here]
            counts = Counter(decision for of_file in here for decision in of_file)
            if counts:
                decisions[number] = counts.most_common(1)[0][0]
            if decisions.get(number, UNDONE) != (last or UNDONE):
                self._journal.add(card.video, card.track, self._splits[number], decisions.get(number, UNDONE))
        return decisions

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
            before = self._decisions.get(card)
            if before != decision:
                self._change(card, before, decision)
                self._history.append(Decided(card, before, decision))

    def undo(self) -> int | None:
        """Take back the last decision of this session; gives its card, None where there is none."""
        with self._lock:
            if not self._history:
                return None
            last = self._history[-1]
            self._change(last.card, last.decision, last.before)
            self._history.pop()
            return last.card

    def _change(self, card: int, before: str | None, decision: str | None) -> None:
        """Move a card from one decision to another. Where that fails, with an OSError, all is as before."""
        split, track = self._splits[card], self.cards[card]
        if decision:
            self._folders.put(track, split, decision)
        try:
            self._journal.add(track.video, track.track, split, decision or UNDONE)
        except OSError:
            if decision:
                self._folders.take_back(track, split, decision)
            raise
        if decision:
            self._decisions[card] = decision
        else:
            del self._decisions[card]
        if before:
            self._folders.take_back(track, split, before)

    def split(self, card: int) -> str:
        """`train` or `eval`."""
        return self._splits[card]

    def progress(self) -> dict[str, dict[str, int]]:
        """For each split, how many cards have each decision, and how many there are in all."""
        with self._lock:
            counts = Counter((self._splits[card], decision) for card, decision in self._decisions.items())
        return {
            split: {decision: counts[split, decision] for decision in DECISIONS} | {"all": self._totals[split]}
            for split in ("train", "eval")
        }
