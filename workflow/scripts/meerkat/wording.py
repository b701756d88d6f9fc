"""Numbers in words, as people read them."""

import math


def count(number: int, noun: str, several: str = "") -> str:
    """`1 clip`, `2 clips`; `several` is for nouns with another plural."""
    return f"{number} {noun if number == 1 else several or f'{noun}s'}"


def duration(seconds: float) -> str:
    """A length of time in the unit that people would use: `8 seconds`, `3.4 minutes`, `12.0 hours`."""
    if seconds < 90:
        return count(round(seconds), "second")
    return f"{seconds / 60:.1f} minutes" if seconds < 5400 else f"{seconds / 3600:.1f} hours"


def moment(clock: str) -> str:
    """A time from the beginning without its thousandths: `0:01:07`."""
    return clock.partition(".")[0]


def score(threshold: float) -> str:
    """A threshold with four digits, rounded down: a clip with the score that is shown is kept."""
    return f"{math.floor(threshold * 10_000) / 10_000:.4f}"


def percent(share: float) -> str:
    """0.9375 as `94 %`; near the ends as `99.6 %`. The space does not break."""
    return f"{_number(share)}\u00a0%"


def interval(metric: dict) -> str:
    """The ends of a metric's interval as percentages: `79 to 99.6 %`."""
    return "no interval" if metric["low"] is None else f"{_number(metric['low'])} to {percent(metric['high'])}"


def value(metric: dict, share: bool = True) -> str:
    """A metric with its interval, or why it is not defined."""
    if metric["value"] is None:
        return f"not defined: {metric['reason']}"
    if share:
        return f"{percent(metric['value'])} ({interval(metric)})"
    ends = f" ({metric['low']:.3f} to {metric['high']:.3f})" if metric["low"] is not None else ""
    return f"{metric['value']:.3f}{ends}"


def by_audit(share: dict) -> str:
    """A share that an audit gives; without brackets if it was counted."""
    return percent(share["value"]) if share["low"] == share["high"] else value(share)


def number_by_audit(number: dict) -> str:
    """How many visits there are by an audit; without brackets if they were counted."""
    low, middle, high = (round(number[name]) for name in ("low", "value", "high"))
    return f"{middle}" if number["low"] == number["high"] else f"about {middle} ({low} to {high})"


def _number(share: float) -> str:
    return f"{100 * share:.1f}" if 0.98 < share < 1 or 0 < share < 0.02 else f"{100 * share:.0f}"
