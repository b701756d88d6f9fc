"""Tells now and then how far a long job is."""

import sys
import time
from collections.abc import Callable

from .wording import duration

# Seconds between two messages: a short job says nothing.
_EVERY = 30.0


class Progress:
    """How far a job is, in units of its own."""

    def __init__(self, total: float, words: Callable[[float, float], str]):
        """total  what there is to do, 0 where that is not known; words  says how much is done, and how much of it in a second"""
        self._total, self._words = total, words
        self._first: float | None = None
        self._started = self._told = time.monotonic()

    def tell(self, done: float) -> None:
        """Take note of how much is done, and say so if it is time."""
        now = time.monotonic()
        self._first = done if self._first is None else self._first  # A job may go on where an earlier one was.
        if now - self._told > _EVERY:
            self._told, rate = now, (done - self._first) / (now - self._started)
            left = f", {duration((self._total - done) / rate)} left" if rate > 0 and self._total > done else ""
            print(f"{self._words(done, rate)}{left}", file=sys.stderr)
