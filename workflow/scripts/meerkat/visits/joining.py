"""Visits: the passages of animals in one film, joined over short pauses."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from .passages import Passage
from .reviews import UNSURE, Review
from .sorted_passages import Said

# Who says that a visit is one.
MACHINE, CONFIRMED, CORRECTED = "machine", "confirmed", "corrected"


class _HasTimes(Protocol):
    begin: float
    end: float


_Lasting = TypeVar("_Lasting", bound=_HasTimes)


@dataclass(frozen=True)
class Visit:
    """One or more animals in one film without a long pause.

    passages   in the order of their beginnings; there may be none if a person has added the visit
    review     what a person has said about it, if anything
    sorted_by  the answer that made it an animal, if one of its passages was sorted and the visit was not reviewed
    """

    passages: Sequence[Passage]
    review: Review | None = None
    sorted_by: Said | None = None

    @property
    def begin(self) -> float:
        """Seconds from the beginning of the film: as the person has said, else of the first box."""
        return self.review.begin if self.review else min(passage.begin for passage in self.passages)

    @property
    def end(self) -> float:
        """Seconds from the beginning of the film: as the person has said, else of the last box."""
        return self.review.end if self.review else max(passage.end for passage in self.passages)

    @property
    def best(self) -> Passage | None:
        """The passage with the highest score; None if there is no passage."""
        return max(self.passages, key=lambda passage: passage.score, default=None)

    @property
    def state(self) -> str:
        """Who says that this is a visit: MACHINE, CONFIRMED by a person, CORRECTED in its times by a person; UNSURE if a person could not
        say."""
        if self.review:
            return UNSURE if self.review.answer == UNSURE else CORRECTED if self.review.change else CONFIRMED
        return CONFIRMED if self.sorted_by else MACHINE

    @property
    def said(self) -> Review | Said | None:
        """The answer of a person (`person` and `time`), if there is one."""
        return self.review or self.sorted_by


def join(passages: Iterable[Passage], pause: float) -> list[Visit]:
    """The visits from passages of animals in one film (see `together`)."""
    return [Visit(members) for members in together(passages, pause)]


def together(passages: Iterable[_Lasting], pause: float) -> list[list[_Lasting]]:
    """Passages in groups, each in the order of their beginnings: a pause longer than `pause` seconds separates two groups."""
    visits: list[list[_Lasting]] = []
    end = float("-inf")
    for passage in sorted(passages, key=lambda passage: passage.begin):
        if passage.begin - end > pause:
            visits.append([])
        visits[-1].append(passage)
        end = max(end, passage.end)
    return visits
