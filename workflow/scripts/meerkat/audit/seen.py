"""What a look at a moment says about what the program has found there. Another threshold, model or search changes
what was found, never the look."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from ..video.moments import Moment
from ..visits.passages import Passage
from ..visits.truth import Span, scored_visits

VisitsOf = Callable[[Sequence[Passage]], Sequence[Span]]


@dataclass(frozen=True)
class FoundIn:
    """What the program has found in and around a moment.

    visits    the visits that the scores alone give
    passages  everything that moved
    pause     visits that at most this many seconds separate are one
    """

    moment: Moment
    visits: Sequence[Span]
    passages: Sequence[Passage]
    pause: float

    @property
    def has_visit(self) -> bool:
        """Whether a visit in this moment can be one of those that were found."""
        return any(self._meets(visit, self.moment.begin, self.moment.end) for visit in self.visits)

    @property
    def has_room(self) -> bool:
        """Whether some part of this moment is so far from all visits that were found that a visit there would count as missed."""
        free = self.moment.begin
        for visit in sorted(self.visits, key=lambda visit: visit.begin):
            if visit.begin - self.pause > free:
                break
            free = max(free, visit.end + self.pause)
        return free < self.moment.end

    def compare(self, seen: Sequence[Span]) -> "Counts":
        """What became of the visits that a person saw, if they begin here; and how many visits were found here where nobody saw one."""
        begin_here = [span for span in seen if self.moment.contains(span.begin)]
        found = [span for span in begin_here if any(self._meets(visit, span.begin, span.end) for visit in self.visits)]
        missed = [span for span in begin_here if span not in found]
        below = [span for span in missed if any(span.meets(passage.begin, passage.end) for passage in self.passages)]
        false = [
            visit
            for visit in self.visits
            if self.moment.contains(visit.begin) and not any(self._meets(visit, span.begin, span.end) for span in seen)
        ]
        return Counts(len(found), len(below), len(missed) - len(below), len(false))

    def _meets(self, visit: Span, begin: float, end: float) -> bool:
        return visit.begin - self.pause <= end and begin <= visit.end + self.pause


@dataclass(frozen=True)
class Counts:
    """How many of the visits that begin in a moment were found, missed because their scores are too low, and missed because nothing was
    seen to move; and how many visits were found that are none."""

    found: int
    below: int
    unmoved: int
    false: int

    @property
    def missed(self) -> int:
        """All that were missed."""
        return self.below + self.unmoved


def finder(passages: Mapping[str, Sequence[Passage]], pause: float, visits_of: VisitsOf = scored_visits) -> Callable[[Moment], FoundIn]:
    """A function that gives what was found in a moment. The visits of a film are made once, for all its moments.

    passages   those of each film, by its id
    visits_of  makes the visits of a film from its passages
    """
    visits = {film: visits_of(of_film) for film, of_film in passages.items()}
    return lambda moment: FoundIn(moment, visits[moment.film], passages[moment.film], pause)
