"""How far two people, or two models, agree beyond chance: Cohen's kappa (1960)."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

_REPLICATES = 2000


class Agreement(NamedTuple):
    """How many things were judged twice, how many of these alike, kappa (1: always alike, 0: as by chance), and its 95 % interval. Kappa
    and its interval are None if all things are of one class."""

    number: int
    alike: int
    kappa: float | None
    low: float | None
    high: float | None


def agreement(first: Sequence, second: Sequence, seed: int) -> Agreement:
    """The agreement of two judgments on each thing. The interval is that of the bootstrap over the things."""
    classes, coded = np.unique(np.array([first, second]), return_inverse=True)
    number = len(classes)
    pairs = np.ravel_multi_index(coded.reshape(2, -1), (number, number)) if number else np.empty(0, int)
    table = np.bincount(pairs, minlength=number**2)
    alike = int(table[:: number + 1].sum())
    if number < 2:
        return Agreement(len(first), alike, None, None, None)
    drawn = np.random.default_rng(seed).multinomial(len(first), table / len(first), _REPLICATES)
    spread = _kappa(drawn.reshape(-1, number, number))
    low, high = np.percentile(spread[np.isfinite(spread)], [2.5, 97.5])
    return Agreement(len(first), alike, float(_kappa(table.reshape(1, number, number))[0]), float(low), float(high))


def _kappa(tables: np.ndarray) -> np.ndarray:
    """float [tables] from int [tables, classes, classes]; NaN if both judge all things to be of one class."""
    shares = tables / tables.sum(axis=(1, 2), keepdims=True)
    seen = np.trace(shares, axis1=1, axis2=2)
    by_chance = (shares.sum(axis=1) * shares.sum(axis=2)).sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return (seen - by_chance) / (1 - by_chance)
