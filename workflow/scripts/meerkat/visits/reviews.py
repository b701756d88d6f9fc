"""The reviews, reviews.csv in the folder of clips: what people have said about visits, and when. Rows are only ever added."""

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from ..own_tables import decimal
from ..row_log import RowLog

NAME = "reviews.csv"
COLUMNS = ("time", "person", "action", "review", "film", "video", "begin", "end", "answer", "name", "count", "change", "places")
# Answers, and the word for a review that was taken back, or joined to another.
YES, NO, UNSURE, UNDONE = "yes", "no", "unsure", "undone"
ANSWERS = (YES, NO, UNSURE)
# How a person has changed the times of a visit.
MOVED, SPLIT, JOINED, ADDED = "moved", "split", "joined", "added"
UNDO = "undo "
_FILM = re.compile(r"[0-9a-f]{16}|path-[0-9a-f]+")


class Review(NamedTuple):
    """What a person has said about a visit. It belongs to a time of a film, whatever a model finds there later.

    id          stays when the person changes the review
    film        id of the film; video  its name in results at that time
    begin, end  seconds from the beginning of the film
    answer      one of ANSWERS: whether there is an animal
    name        what it is, in the person's own words; empty if nobody has said it
    count       how many there are; None if nobody has said it
    change      how the person has changed the times of the visit; empty if they are as they were found
    places      frame and box, x y w h in pixels, of the best clip of each passage that the visit had
    person, time  who said so, and when
    """

    id: str
    film: str
    video: str
    begin: float
    end: float
    answer: str
    name: str = ""
    count: int | None = None
    change: str = ""
    places: tuple[str, ...] = ()
    person: str = ""
    time: str = ""


class _Action(NamedTuple):
    """What a person did at once: who did it, and the reviews before it."""

    person: str
    before: dict[str, Review | None]


class Reviews:
    """The present reviews.

    current  the reviews by their ids
    """

    def __init__(self, path: Path, for_writing: bool = False):
        """path  the table; it may be missing
        for_writing  reviews will be added

        Raises UserError as `RowLog.rows` does."""
        self._log = RowLog(path, COLUMNS, _review, f"the answer is one of {', '.join((*ANSWERS, UNDONE))}, times are in seconds")
        self.current: dict[str, Review] = {}
        self._of_film: dict[str, dict[str, Review]] = defaultdict(dict)
        self._actions: dict[int, _Action] = {}  # those that can be undone, by number, the last one last
        self._undone: dict[int, _Action] = {}
        self._last = 0
        for cells in self._log.rows(for_writing):
            self._note(*_review(cells))

    def of(self, film: str, video: str) -> list[Review]:
        """The reviews of a film, in the order of time. If a spreadsheet has damaged a film's id, the name of the video decides."""
        own = [*self._of_film[film].values(), *self._of_film[video].values()]
        return sorted(own, key=lambda one: (one.begin, one.end, one.id))

    def add(self, person: str, reviews: Iterable[Review]) -> list[Review]:
        """Note the reviews as one action; returns them as they are now. Raises OSError: then nothing has changed."""
        number = self._last + 1
        return self._write(person, str(number), reviews)

    def undo(self, person: str) -> list[Review]:
        """Take back the last action; returns its reviews as they are now, with the answer UNDONE for one that no longer exists. Empty if
        there is no action, or if another person did it. Raises OSError as `add` does."""
        number, last = next(reversed(self._actions.items()), (0, None))
        if last is None or last.person != person:
            return []
        before = [before or self.current[id_]._replace(answer=UNDONE) for id_, before in last.before.items()]
        return self._write(person, f"{UNDO}{number}", before)

    def _write(self, person: str, action: str, reviews: Iterable[Review]) -> list[Review]:
        time = self._log.now()
        written = [review._replace(person=person, time=time) for review in reviews]
        self._log.add([_row(action, review) for review in written])
        for review in written:
            self._note(action, review)
        return [self.current.get(review.id, review) for review in written]

    def _note(self, action: str, review: Review) -> None:
        """Take in a row."""
        number = int(action.removeprefix(UNDO))
        self._last = max(self._last, number)
        now: Review | None = None if review.answer == UNDONE else review
        if action.startswith(UNDO):
            if number in self._actions:
                self._undone[number] = self._actions.pop(number)
            if number in self._undone:  # as it was, with the person who said so, and the time
                now = self._undone[number].before.get(review.id, now)
        else:
            before = self._actions.setdefault(number, _Action(review.person, {})).before
            before.setdefault(review.id, self.current.get(review.id))
        if (old := self.current.pop(review.id, None)) is not None:
            del self._of_film[_film(old)][review.id]
        if now:
            self.current[review.id] = self._of_film[_film(now)][review.id] = now


def _film(review: Review) -> str:
    """The film's id; the name of the video if the id is damaged."""
    return review.film if _FILM.fullmatch(review.film) else review.video


def _row(action: str, review: Review) -> tuple[str, ...]:
    number = "" if review.count is None else str(review.count)
    seconds = (f"{review.begin:.3f}", f"{review.end:.3f}")
    said = (review.answer, review.name, number, review.change, ";".join(review.places))
    return (review.time, review.person, action, review.id, review.film, review.video, *seconds, *said)


def _review(cells: Sequence[str]) -> tuple[str, Review]:
    """The action and the review of a row."""
    named = dict(zip(COLUMNS, cells, strict=True))
    begin, end, places = decimal(named["begin"]), decimal(named["end"]), tuple(filter(None, named["places"].split(";")))
    int(named["action"].removeprefix(UNDO))  # raises ValueError if it is no number
    are_whole = all(len(list(map(int, place.split()))) == 5 for place in places)
    is_counted = not named["count"] or named["count"].isdecimal()
    if not (0 <= begin <= end < math.inf and are_whole and is_counted and named["answer"] in (*ANSWERS, UNDONE)):
        raise ValueError
    texts = {field: named[field] for field in ("film", "video", "answer", "name", "change", "person", "time")}
    number = int(named["count"]) if named["count"] else None
    return named["action"], Review(named["review"], begin=begin, end=end, count=number, places=places, **texts)
