"""The threshold that would keep a wanted share of the visits, by the looks of an audit."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence

from ..visits.joining import join
from ..visits.passages import Passage
from ..visits.truth import Span
from .draws import Drawn
from .looks import Looks
from .sample import Sample
from .seen import finder

# With fewer visits that were seen and that move, chance would choose the threshold.
_FEWEST = 20


def visits_at(threshold: float, passages: Sequence[Passage], pause: float) -> list[Span]:
    """The visits of a film if a passage is an animal from this score on."""
    return [Span(visit.begin, visit.end) for visit in join((one for one in passages if one.score >= threshold), pause)]


def keeping(wanted: float, drawn: Sequence[Drawn], looked: Looks, passages: Mapping[str, Sequence[Passage]], pause: float) -> float | None:
    """The highest threshold that finds the wanted share of the visits in which something was seen to move. None if the looks have seen too
    few such visits.

    passages  those of each film, by its id
    """
    seen = [(look.moment.film, span) for one in drawn if (look := looked.of(one)) for span in look.seen]
    highest = [max((one.score for one in passages[film] if span.meets(one.begin, one.end)), default=None) for film, span in seen]
    scores = sorted({score for score in highest if score is not None}, reverse=True)
    if sum(score is not None for score in highest) < _FEWEST:
        return None

    def is_enough(threshold: float) -> bool:
        found_in = finder(passages, pause, lambda of_film: visits_at(threshold, of_film, pause))
        estimate = Sample(drawn, found_in, looked.current).estimate()
        found, below = estimate.found.value or 0.0, estimate.below.value or 0.0
        return found + below > 0 and found >= wanted * (found + below)

    # The lower the threshold, the more visits are found.
    place = bisect_left(scores, True, key=is_enough)
    return scores[place] if place < len(scores) else None
