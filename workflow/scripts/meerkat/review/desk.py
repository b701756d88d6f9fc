"""What is on the desk of a person who reviews visits: the visits as they are now, and what the person says about them. Safe for several
threads."""

import secrets
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from threading import Lock

from ..serving.guarded import Refused
from ..visits.joining import Visit
from ..visits.names import Names, completions, is_person_or_vehicle, problem
from ..visits.reviews import ADDED, JOINED, MOVED, NO, SPLIT, UNDONE, YES, Review, Reviews
from ..visits.sorted_passages import Said
from ..visits.truth import Span
from . import shown_visits
from .films import ReviewedFilm
from .labels import Labels
from .suggestions import Subject

# Nobody counts more animals than this in a visit.
_MOST = 10_000
# A visit is at least this many seconds long when its times are changed.
_SHORTEST = 0.1


class Desk:
    """The visits of all films, by keys that the page knows.

    films      the films on the page
    reviews    what was said about visits
    labels     gives labels for training
    sorted_as  what was said about the passages of each film when clips were sorted
    threshold, pause  as for `decide`
    """

    def __init__(
        self,
        films: Sequence[ReviewedFilm],
        reviews: Reviews,
        labels: Labels,
        sorted_as: Mapping[str, Mapping[int, Said]],
        names: Names,
        person: str,
        threshold: float,
        pause: float,
    ):
        self.films, self._reviews, self._labels, self._names, self._person = films, reviews, labels, names, person
        self._sorted_as, self._threshold, self._pause = sorted_as, threshold, pause
        self._number = {film.film: number for number, film in enumerate(films)}
        self._lock = Lock()
        self._film_of: dict[str, int] = {}
        self._visits = [self._decide(film) for film in films]
        for film in films:
            labels.complete(film.video, shown_visits.answers(film, self._of(film), {passage.track for passage in film.passages}))

    def visits(self, film: int) -> list[dict]:
        """The visits of a film for the page, also rejected ones, in the order of their beginnings."""
        return [shown_visits.shown(self.films[film], film, key, visit) for key, visit in self._visits[film].items()]

    def names(self) -> list[str]:
        """Names to choose from."""
        return completions(self._names, Counter(review.name for review in self._reviews.current.values() if review.name))

    def subjects(self) -> list[Subject]:
        """The visits that have a name, or could get one."""
        with self._lock:
            found = [(film, key, visit) for film, visits in zip(self.films, self._visits, strict=True) for key, visit in visits.items()]
        return [
            Subject(key, film.video, [passage.track for passage in visit.passages], film.site, visit.review.name if visit.review else "")
            for film, key, visit in found
            if not visit.review or visit.review.answer == YES
        ]

    def kinds(self) -> dict[str, str]:
        """The visits without a name in which a detector has seen persons or vehicles, by their keys: this is how they could be called."""
        with self._lock:
            found = [(key, visit) for visits in self._visits for key, visit in visits.items() if not (visit.review and visit.review.name)]
        kinds = {key: Counter(one.kind for one in visit.passages if is_person_or_vehicle(one.kind)) for key, visit in found}
        return {key: kind.most_common(1)[0][0] for key, kind in kinds.items() if kind}

    def visit(self, key: str) -> tuple[ReviewedFilm, Visit]:
        """A visit and its film. Raises KeyError if there is none of this key any more."""
        number = self._film_of[key]
        return self.films[number], self._visits[number][key]

    def answer(self, keys: Sequence[str], answer: str | None, name: str | None, count: int | None) -> dict:
        """Say what visits are; None leaves a part as it is, and an empty name or a count of 0 takes it away. A name or a count says that
        there is an animal. Raises Refused, KeyError, and OSError if it cannot be noted: then nothing has changed."""
        if name and (wrong := problem(name)):
            raise Refused(wrong)
        if count is not None and not 0 <= count <= _MOST:
            raise Refused(f"A count is a number from 1 to {_MOST}, or nothing. If there is no animal, answer no.")

        def said(review: Review) -> Review:
            if answer == NO:
                return review._replace(answer=NO, name="", count=None)
            given = {part: value for part, value in (("name", name), ("count", count or None)) if value is not None}
            given |= {"count": None} if count == 0 else {}
            return review._replace(answer=answer or (YES if name or count else review.answer or YES), **given)

        return self._change(lambda: [said(self._review(key)) for key in keys])

    def move(self, key: str, begin: float, end: float) -> dict:
        """Let a visit begin and end at other times. Raises as `answer` does."""
        film, visit = self.visit(key)
        _check_times(film, begin, end)
        places = tuple(passage.place for passage in visit.passages if passage.begin <= end and begin <= passage.end)
        return self._change(lambda: [_confirmed(self._review(key)._replace(begin=begin, end=end, places=places), MOVED)])

    def split(self, key: str, at: float) -> dict:
        """Make two visits of one. Raises as `answer` does."""

        def parts() -> list[Review]:
            _, visit = self.visit(key)
            if not visit.begin + _SHORTEST <= at <= visit.end - _SHORTEST:
                raise Refused("Go to a moment within the visit, and split it there.")
            one = _confirmed(self._review(key), SPLIT)._replace(count=None)
            first, second = ([], [])
            for passage in visit.passages:
                (first if (passage.begin + passage.end) / 2 < at else second).append(passage.place)
            # The new part is noted first: if the program is killed in between, nothing is missing.
            return [
                one._replace(id=_new_id(), begin=at, places=tuple(second)),
                one._replace(end=at, places=tuple(first)),
            ]

        return self._change(parts)

    def join(self, keys: Sequence[str]) -> dict:
        """Make one visit of several in one film. Raises as `answer` does."""

        def joined() -> list[Review]:
            films = {self.visit(key)[0].film for key in keys}
            parts = sorted((self._review(key) for key in keys), key=lambda review: review.begin)
            if len(parts) < 2 or len(films) > 1:
                raise Refused("Select two or more visits of one film to join them.")
            if NO in {part.answer for part in parts}:
                raise Refused("One of these visits is no animal. Join only visits with an animal.")
            if len({part.name for part in parts if part.name}) > 1:
                raise Refused("These visits have different names. Give them the same name first.")
            if len({part.count for part in parts if part.count}) > 1:
                raise Refused("These visits have different counts. Give them the same count first.")
            first, *others = parts
            whole = first._replace(
                end=max(part.end for part in parts),
                name=next((part.name for part in parts if part.name), ""),
                count=next((part.count for part in parts if part.count), None),
                places=tuple(dict.fromkeys(place for part in parts for place in part.places)),
            )
            known = [part._replace(answer=UNDONE) for part in others if part.id in self._reviews.current]
            return [_confirmed(whole, JOINED), *known]

        return self._change(joined)

    def add(self, film: int, begin: float, end: float) -> dict:
        """Add a visit where none was found. Raises as `answer` does."""
        if film < 0:
            raise IndexError(film)
        of = self.films[film]
        _check_times(of, begin, end)
        return self._change(lambda: [Review(_new_id(), of.film, of.video, begin, end, YES, change=ADDED)])

    def see(self, film: int, spans: Iterable[Span]) -> None:
        """Add the visits that a person has seen in the audit. Where the film has a visit already, also a rejected one, none is added.
        Raises OSError as `answer` does."""
        of = self.films[film]
        new = [span for span in spans if not any(span.meets(visit.begin, visit.end) for visit in self._visits[film].values())]
        if new:
            self._change(lambda: [Review(_new_id(), of.film, of.video, span.begin, span.end, YES, change=ADDED) for span in new])

    def unsee(self, film: int, spans: Iterable[Span]) -> None:
        """Take back visits that `see` has added, unless they were changed since. Raises OSError as `answer` does."""
        of, times = self.films[film], {_rounded(span.begin, span.end) for span in spans}
        added = [review for review in self._of(of) if _rounded(review.begin, review.end) in times]
        added = [review for review in added if review.change == ADDED and not review.name and review.count is None]
        if added:
            self._change(lambda: [review._replace(answer=UNDONE) for review in added])

    def undo(self) -> dict:
        """Take back the last action of this person, also of an earlier session. Raises OSError as `answer` does."""
        with self._lock:
            before = dict(self._reviews.current)
            return self._follow(self._reviews.undo(self._person), before, is_undone=True)

    def _change(self, make: Callable[[], list[Review]]) -> dict:
        with self._lock:
            reviews, before = make(), dict(self._reviews.current)
            return self._follow(self._reviews.add(self._person, reviews), before)

    def _follow(self, changed: Sequence[Review], before: Mapping[str, Review], is_undone: bool = False) -> dict:
        """After reviews have changed: the visits of their films as they are now, and the keys of those that changed, as far as they are
        still there.

        before  all reviews before: their passages may be nobody's now
        """
        of_films = {self._number[review.film] for review in changed if review.film in self._number}
        for number in of_films:
            self._visits[number] = self._decide(self.films[number])
        for number in of_films:
            film = self.films[number]
            touched = [one for review in changed if review.film == film.film for one in (review, before.get(review.id)) if one]
            tracks = {film.track_at(place) for review in touched for place in review.places} - {None}
            self._labels.follow(film.video, shown_visits.answers(film, self._of(film), tracks), is_undone)
        keys = [key for review in changed if (key := f"r{review.id}") in self._film_of and review.answer != UNDONE]
        return {"films": {number: self.visits(number) for number in sorted(of_films)}, "changed": keys}

    def _decide(self, film: ReviewedFilm) -> dict[str, Visit]:
        of_film, sorted_as = self._of(film), self._sorted_as.get(film.video, {})
        found = shown_visits.visits_of(film, sorted_as, of_film, self._threshold, self._pause)
        self._film_of |= dict.fromkeys(found, self._number[film.film])
        return found

    def _of(self, film: ReviewedFilm) -> list[Review]:
        return self._reviews.of(film.film, film.video)

    def _review(self, key: str) -> Review:
        """The review of a visit, or a new one without an answer."""
        film, visit = self.visit(key)
        places = tuple(passage.place for passage in visit.passages)
        if visit.review:
            return visit.review._replace(film=film.film, video=film.video)
        return Review(_new_id(), film.film, film.video, visit.begin, visit.end, "", places=places)


def _confirmed(review: Review, change: str) -> Review:
    """The review with changed times. Who changes them says that there is an animal."""
    return review._replace(answer=YES if review.answer in ("", NO) else review.answer, change=change)


def _check_times(film: ReviewedFilm, begin: float, end: float) -> None:
    if not 0 <= begin < end or end - begin < _SHORTEST:
        raise Refused("A visit must end after it begins.")
    if end > film.seconds + 1:
        raise Refused(f"The film lasts {film.seconds:.1f} seconds, so the visit cannot end at {end:.1f}.")


def _new_id() -> str:
    return secrets.token_hex(4)


def _rounded(begin: float, end: float) -> tuple[float, float]:
    """Times as the tables contain them."""
    return round(begin, 3), round(end, 3)
