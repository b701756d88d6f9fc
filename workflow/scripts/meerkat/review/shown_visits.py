"""The visits of a film as the page shows them, also those that a person has rejected."""

from collections.abc import Mapping, Sequence

from ..row_log import instant
from ..visits.deciding import decide
from ..visits.joining import Visit
from ..visits.passages import Passage
from ..visits.reviews import NO, Review
from ..visits.sorted_passages import Said
from .films import ReviewedFilm

_REJECTED = "rejected"


def visits_of(
    film: ReviewedFilm, sorted_as: Mapping[int, Said], reviews: Sequence[Review], threshold: float, pause: float
) -> dict[str, Visit]:
    """The visits in the order of their beginnings, by keys that stay as long as they are the same. Arguments are those of `decide`."""
    decided = decide(film.passages, sorted_as, reviews, film.track_at, threshold, pause)
    rejected = [Visit(_passages_at(film, review), review) for review in reviews if review.answer == NO]
    visits = sorted([*decided.visits, *rejected], key=lambda visit: (visit.begin, visit.end))
    return {_key(film, visit): visit for visit in visits}


def answers(film: ReviewedFilm, reviews: Sequence[Review], tracks: set[int]) -> dict[int, str | None]:
    """The last answer on each of these tracks; None where there is none."""
    said: dict[int, str | None] = dict.fromkeys(tracks)
    for review in sorted(reviews, key=lambda review: instant(review.time)):
        said |= {track: review.answer for place in review.places if (track := film.track_at(place)) in tracks}
    return said


def shown(film: ReviewedFilm, number: int, key: str, visit: Visit) -> dict:
    """A visit for the page; `number` is that of its film there."""
    best, review = visit.best, visit.review
    return {
        "key": key,
        "film": number,
        "begin": round(visit.begin, 3),
        "end": round(visit.end, 3),
        "state": _REJECTED if review and review.answer == NO else visit.state,
        "name": review.name if review else "",
        "count": review.count if review else None,
        "score": round(best.score, 4) if best else None,
        "by": visit.said.person if visit.said else "",
        "at": visit.said.time if visit.said else "",
        "isSorted": visit.sorted_by is not None,
        "tracks": [passage.track for passage in visit.passages],
        "best": best.track if best else None,
        "clip": best.clip if best else None,
        "box": film.share(best.box) if best else None,
    }


def _passages_at(film: ReviewedFilm, review: Review) -> list[Passage]:
    tracks = {film.track_at(place) for place in review.places}
    return [passage for passage in film.passages if passage.track in tracks]


def _key(film: ReviewedFilm, visit: Visit) -> str:
    return f"r{visit.review.id}" if visit.review else f"m{film.film}-{visit.passages[0].track}"
