"""A draw that is even in time from a stream whose length nobody knows, with bounded space."""

from collections.abc import Callable
from typing import Generic, TypeVar

import numpy as np

Item = TypeVar("Item")


class EvenDraw(Generic[Item]):
    """Keeps at most `size` of the items that come, spread evenly over their order; all when `size` is None.

    Until the end up to twice as many are held: every second one is let go when there are more, and from then on only
    every second (fourth, ...) of those that come is taken. `let_go` is called with each item that is dropped after it
    was taken.
    """

    def __init__(self, size: int | None, let_go: Callable[[Item], None]):
        self._size, self._let_go = size, let_go
        self._step, self._seen = 1, 0
        self._held: list[Item] = []

    def takes_next(self) -> bool:
        """Whether the next item is wanted; call `add` with it if so. Counts the item either way."""
        self._seen += 1
        return (self._seen - 1) % self._step == 0

    def add(self, item: Item) -> None:
        """Hold the item."""
        self._held.append(item)
        if self._size is not None and len(self._held) > 2 * self._size:
            self._keep(range(0, len(self._held), 2))
            self._step *= 2

    def finish(self) -> list[Item]:
        """The items that are kept, in their order."""
        if self._size is not None and len(self._held) > self._size:
            self._keep(np.linspace(0, len(self._held) - 1, self._size).round().astype(int).tolist())
        return self._held

    def _keep(self, places) -> None:
        places = set(places)
        for place, item in enumerate(self._held):
            if place not in places:
                self._let_go(item)
        self._held = [item for place, item in enumerate(self._held) if place in places]
