"""Stretches: the parts of films that are searched separately, of ten minutes at most, and the shards that they belong to."""

import hashlib
import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ..data import shards

# Seconds of a stretch at most. A killed search loses the stretches that were at work.
LONGEST = 600.0
# The number of shards is a power of two, so that it seldom changes when films are added: about a shard for each ten minutes of film, but
# not fewer than the cores of a computer, and not more than a cluster's queue takes.
_FEWEST, _MOST = 8, 256
_KIND = "motion"


class Film(NamedTuple):
    """A film as known by its content.

    id         see `film_ids`
    seconds    its length according to its header, 0 if that gives none
    stretches  how many it is divided into; they are equally long
    region     which part of the frame is looked at, if its camera has one of its own (see `regions`)
    pictures   the stills of a burst (see `bursts.Burst.pictures`), which counts as a film; empty for a real one
    detected   a digest of the boxes that a detector has found in it; empty if there are none
    batch      bursts with the same batch are searched by one job, because they are compared with each other; empty for a film
    """

    id: str
    seconds: float
    stretches: int
    region: str = ""
    pictures: str = ""
    detected: str = ""
    batch: str = ""


class Stretch(NamedTuple):
    """Part of a film; `number` counts from 0."""

    film: Film
    number: int

    @property
    def begin(self) -> float:
        """When it begins, in seconds."""
        return self.film.seconds * self.number / self.film.stretches

    @property
    def end(self) -> float:
        """When it ends, in seconds; the last one goes on to the end of the film, whatever the header says."""
        is_last = self.number == self.film.stretches - 1
        return math.inf if is_last else self.film.seconds * (self.number + 1) / self.film.stretches


def of(films: Iterable[Film]) -> list[Stretch]:
    """All stretches of these films, in an order that depends only on their ids."""
    return [Stretch(film, number) for film in sorted(films) for number in range(film.stretches)]


def by_shard(stretches: Sequence[Stretch]) -> dict[str, list[Stretch]]:
    """The stretches by the name of their shard; shards without a stretch are left out."""
    number = _number_of_shards(stretches)
    found: dict[str, list[Stretch]] = defaultdict(list)
    for stretch in stretches:
        found[shards.shard_name(_KIND, _shard_of(stretch, number), number)].append(stretch)
    return found


def _number_of_shards(stretches: Sequence[Stretch]) -> int:
    seconds = sum(stretch.film.seconds / stretch.film.stretches for stretch in stretches)
    return min(_MOST, max(_FEWEST, 1 << math.ceil(math.log2(max(1.0, seconds / LONGEST)))))


def _shard_of(stretch: Stretch, number: int) -> int:
    """The stretches of a film are in different shards, so that several cores share a long film."""
    together = stretch.film.batch or stretch.film.id
    return (shards.shard_of(hashlib.sha256(together.encode()).hexdigest(), number) + stretch.number) % number
