"""Draws items evenly in time from a stream of unknown length, with bounded space."""

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

import numpy as np

Item = TypeVar("Item")


class EvenDraw(Generic[Item]):
    """Keeps at most `size` of the items that come, spread as evenly over time as they allow; all when `size` is None.

    Until the end up to twice as many are held. `let_go` is called with each item that is dropped.
    """

    def __init__(self, size: int | None, let_go: Callable[[Item], None]):
        self._size, self._let_go = size, let_go
        self._items: list[Item] = []
        self._times: list[float] = []

    def add(self, item: Item, time: float) -> None:
        """Hold an item; times never fall."""
        self._items.append(item)
        self._times.append(time)
        if self._size is not None and len(self._items) > 2 * self._size:
            self._thin_out()

    def finish(self) -> list[Item]:
        """The items that are kept, in their order."""
        if self._size is not None and len(self._items) > self._size:
            self._thin_out()
        return self._items

    def _thin_out(self) -> None:
        kept = spread(self._times, self._size)
        for place in sorted(set(range(len(self._items))) - set(kept)):
            self._let_go(self._items[place])
        self._items, self._times = [self._items[place] for place in kept], [self._times[place] for place in kept]


def spread(times: Sequence[float], size: int) -> list[int]:
    """The places of `size` of the times, which never fall, near to equal steps from the first to the last."""
    order = np.arange(size)
    places = np.searchsorted(times, np.linspace(times[0], times[-1], size))
    # Each place once: where many are wanted from a time with few, the next ones are taken.
    places = np.maximum.accumulate(places - order) + order
    return np.minimum(places, len(times) - size + order).tolist()
