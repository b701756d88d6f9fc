"""The sample: the moments that were drawn, what was found in them, and the looks so far."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from itertools import islice
from types import MappingProxyType

from ..video.moments import Moment
from . import allocation
from .draws import Drawn
from .estimate import Estimate, Looked, Stratum, estimate
from .looks import UNSURE, Look, key_of
from .seen import FoundIn

# Chance plays a small part in an interval; with the same looks it is the same.
_SEED = 1


class Sample:
    """Moments in strata, in the order in which they are looked at. Each draw has its own strata."""

    def __init__(self, drawn: Iterable[Drawn], found_in: Callable[[Moment], FoundIn], looks: Mapping[tuple, Look] = MappingProxyType({})):
        """found_in  gives what was found in a moment; looks  those so far, by `looks.key_of`"""
        groups: dict[tuple[str, str], list[Drawn]] = defaultdict(list)
        self.found: dict[tuple, FoundIn] = {}
        for one in drawn:
            groups[one.draw, one.stratum].append(one)
            self.found[key_of(one)] = found_in(one.moment)
        self._groups = [sorted(group, key=lambda one: one.rank) for group in groups.values()]
        self._with_visit = [sum(self.found[key_of(one)].has_visit for one in group) for group in self._groups]
        self._with_room = [sum(self.found[key_of(one)].has_room for one in group) for group in self._groups]
        self._looked: list[dict[tuple, Looked]] = [{} for _ in self._groups]
        self._group_of = {key_of(one): number for number, group in enumerate(self._groups) for one in group}
        for key, look in looks.items():
            self.note(key, look)

    @property
    def looks(self) -> int:
        """How many moments were looked at."""
        return sum(map(len, self._looked))

    @property
    def moments(self) -> int:
        """How many moments there are."""
        return len(self.found)

    def note(self, key: tuple, look: Look | None) -> None:
        """Take in the look at a moment; None if it was taken back. Looks at other moments are left out.

        key  see `looks.key_of`
        """
        if key not in self._group_of:
            return
        looked, found = self._looked[self._group_of[key]], self.found[key]
        looked.pop(key, None)
        if look:
            compared = None if look.answer == UNSURE else found.compare(look.seen)
            looked[key] = Looked(compared, found.has_visit, found.has_room)

    def upcoming(self, number: int, without: Collection[tuple] = ()) -> list[Drawn]:
        """The next moments to look at: the next one, then those that may follow it, some of each stratum.

        without  moments that are not asked about, as keys
        """
        first = allocation.next_stratum(self._strata(), self._sizes())
        if first is None:
            return []
        waiting = []
        for place in sorted(range(len(self._groups)), key=lambda place: place != first):
            looked, group = self._looked[place], self._groups[place]
            waiting.append(list(islice((one for one in group if key_of(one) not in looked and key_of(one) not in without), number)))
        return [group[place] for place in range(number) for group in waiting if place < len(group)]

    def estimate(self) -> Estimate:
        """The estimate from the looks so far."""
        return estimate(self._strata(), _SEED)

    def looks_needed(self, half: float, within: float) -> int | None:
        """About how many more looks it takes (see `allocation.looks_needed`)."""
        return allocation.looks_needed(self._strata(), self._sizes(), half, within)

    def _strata(self) -> list[Stratum]:
        parts = zip(self._with_visit, self._with_room, self._looked, strict=True)
        return [Stratum(with_visit, with_room, list(looked.values())) for with_visit, with_room, looked in parts]

    def _sizes(self) -> list[int]:
        return [len(group) for group in self._groups]
