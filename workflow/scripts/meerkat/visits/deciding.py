"""Decides which visits there are in a film. What a person has said stands above the score of the model."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from ..data.labels import LABELS, NEGATIVE, POSITIVE, UNSURE
from ..row_log import instant
from . import reviews as answers
from .joining import Visit, join
from .passages import Passage
from .reviews import Review
from .sorted_passages import Said

# A passage belongs to a reviewed visit if it begins and ends within its time, give or take a second.
_SLACK = 1.0


class FilmVisits(NamedTuple):
    """The visits of a film in the order of their beginnings, and the label of each passage on which a person has decided, by track."""

    visits: list[Visit]
    said: dict[int, str]


def decide(
    passages: Sequence[Passage],
    sorted_as: Mapping[int, Said],
    reviews: Sequence[Review],
    track_at: Callable[[str], int | None],
    threshold: float,
    pause: float,
) -> FilmVisits:
    """The visits of a film.

    sorted_as  what was said about its passages when clips were sorted, by track
    reviews    what was said about its visits
    track_at   gives the track at a place of a review; None if nothing is found there
    threshold  a passage of which nothing was said is an animal from this score on
    pause      passages of animals that at most this many seconds separate are one visit

    A confirmed visit stays as the person has left it, with its passages that are there at its time, and any other passage within its time
    that is an animal. The passages of a rejected visit are no animals. If a passage was both sorted and reviewed, the later answer counts.
    """
    tracks = {review.id: {track_at(place) for place in review.places} - {None} for review in reviews}
    said = dict(sorted_as)
    for review in sorted(reviews, key=lambda review: instant(review.time)):
        for track in tracks[review.id]:
            if track not in said or instant(said[track].time) <= instant(review.time):
                said[track] = Said(_LABEL_OF[review.answer], review.person, review.time)
    labels = {track: one.label for track, one in said.items()}
    kept = [review for review in reviews if review.answer != answers.NO]
    owner = {
        passage.track: review.id
        for review in kept
        for passage in passages
        if passage.track in tracks[review.id] and labels[passage.track] != LABELS[NEGATIVE] and _meets(passage, review)
    }
    animals = [passage for passage in passages if passage.track not in owner and _is_animal(passage, labels, threshold)]
    for passage in animals:
        if around := next((review for review in kept if _lies_in(passage, review)), None):
            owner[passage.track] = around.id
    free = [passage for passage in animals if passage.track not in owner]
    visits = [Visit([passage for passage in passages if owner.get(passage.track) == review.id], review) for review in kept]
    visits += [Visit(visit.passages, sorted_by=_sorted_by(visit.passages, said)) for visit in join(free, pause)]
    return FilmVisits(sorted(visits, key=lambda visit: (visit.begin, visit.end)), labels)


def number_visits(passages: Iterable[Passage], decided: FilmVisits, by_score: FilmVisits) -> list[Passage]:
    """The passages with the numbers of their visits; `by_score` is what the scores alone decide."""
    numbers, scored = (
        {passage.track: number for number, visit in enumerate(of.visits, 1) for passage in visit.passages} for of in (decided, by_score)
    )
    return [
        passage._replace(visit=numbers.get(passage.track), scored_visit=scored.get(passage.track), said=decided.said.get(passage.track, ""))
        for passage in passages
    ]


_LABEL_OF = {answers.YES: LABELS[POSITIVE], answers.NO: LABELS[NEGATIVE], answers.UNSURE: UNSURE}


def _is_animal(passage: Passage, labels: Mapping[int, str], threshold: float) -> bool:
    label = labels.get(passage.track)
    return passage.score >= threshold if label in (None, UNSURE) else label == LABELS[POSITIVE]


def _meets(passage: Passage, review: Review) -> bool:
    return review.begin - _SLACK <= passage.end and passage.begin <= review.end + _SLACK


def _lies_in(passage: Passage, review: Review) -> bool:
    return review.begin - _SLACK <= passage.begin and passage.end <= review.end + _SLACK


def _sorted_by(passages: Iterable[Passage], said: Mapping[int, Said]) -> Said | None:
    """The last answer that made one of these passages an animal."""
    own = [said[passage.track] for passage in passages if passage.track in said and said[passage.track].label == LABELS[POSITIVE]]
    return max(own, key=lambda one: instant(one.time), default=None)
