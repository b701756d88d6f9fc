"""Visits: the passages of animals in one film, joined over short pauses."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .passages import Passage


@dataclass(frozen=True)
class Visit:
    """One or more animals in one film without a long pause: their passages, in the order of their beginnings."""

    passages: Sequence[Passage]

    @property
    def begin(self) -> float:
        """Seconds of the first box."""
        return min(passage.begin for passage in self.passages)

    @property
    def end(self) -> float:
        """Seconds of the last box."""
        return max(passage.end for passage in self.passages)

    @property
    def best(self) -> Passage:
        """The passage with the highest score."""
        return max(self.passages, key=lambda passage: passage.score)


def join(passages: Iterable[Passage], pause: float) -> list[Visit]:
    """The visits from passages of animals in one film: a pause longer than `pause` seconds separates two visits."""
    visits: list[list[Passage]] = []
    end = float("-inf")
    for passage in sorted(passages, key=lambda passage: passage.begin):
        if passage.begin - end > pause:
            visits.append([])
        visits[-1].append(passage)
        end = max(end, passage.end)
    return [Visit(members) for members in visits]
