"""Prints now and then how far a long job is."""

import time
from collections.abc import Callable

from .log import log
from .wording import duration

# Seconds between two messages; a short job prints nothing.
_EVERY = 30.0


class Progress:
    """The progress of a job, in its own units."""

    def __init__(self, total: float, words: Callable[[float, float], str]):
        """total  how much there is to do, 0 if unknown; words  gives the text for the amount done and the amount done in a second"""
        self._total, self._words = total, words
        self._first: float | None = None
        self._started = self._told = time.monotonic()

    def tell(self, done: float) -> None:
        """Note how much is done, and print it if it is time."""
        now = time.monotonic()
        self._first = done if self._first is None else self._first  # A job may continue where an earlier one stopped.
        if now - self._told > _EVERY:
            self._told, rate = now, (done - self._first) / (now - self._started)
            left = f", {duration((self._total - done) / rate)} left" if rate > 0 and self._total > done else ""
            log.info(f"{self._words(done, rate)}{left}")
