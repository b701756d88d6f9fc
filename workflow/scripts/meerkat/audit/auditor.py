"""What a person who audits sees and says. Safe for several threads."""

from collections.abc import Iterable, Sequence
from threading import Lock
from typing import NamedTuple

from ..review.films import ReviewedFilm
from ..video.moments import Moment, moments_of
from ..video.sheets import times_of
from ..visits.joining import together
from ..visits.passages import Passage
from ..visits.truth import Span
from .draws import Drawn, Draws
from .looks import YES, Look, Looks, key_of
from .sample import Sample
from .seen import finder
from .strata import highest_score, stratum_of

# An animal that is marked at a time of the film is there for this many seconds around it.
_AROUND = 0.5
# So many passages of a moment are shown, those with the highest scores.
_SHOWN = 12


class Marks(NamedTuple):
    """Where a person has seen animals: the places of pictures in the sheet, tracks, and times in seconds."""

    pictures: Sequence[int]
    tracks: Sequence[int]
    times: Sequence[float]


class Auditor:
    """Asks about moments, and estimates from the answers how many visits are missed.

    films  by their ids
    """

    def __init__(self, films: Iterable[ReviewedFilm], draws: Draws, looks: Looks, person: str, pause: float, within: float):
        self.films = {film.film: film for film in films}
        self._looks, self._person, self._pause, self._within = looks, person, pause, within
        self._drawn = {key_of(one): one for one in draws.moments if one.moment.film in self.films}
        found_in = finder({film.film: film.passages for film in self.films.values()}, pause)
        self._sample = Sample(self._drawn.values(), found_in, looks.current)
        self._unreachable: set[tuple] = set()
        self._lock = Lock()

    def upcoming(self, number: int) -> list[Drawn]:
        """The moments to look at next."""
        with self._lock:
            return self._sample.upcoming(number, self._unreachable)

    def drawn(self, draw: str, film: str, begin: float) -> Drawn:
        """A moment. Raises KeyError if it is none of this audit."""
        return self._drawn[draw, film, begin]

    def answer(self, drawn: Drawn, answer: str, marks: Marks) -> tuple[Sequence[Span], Sequence[Span]]:
        """Note what a person has seen in a moment. Returns when animals were there according to the look before, if there is one, and to
        this one. Raises ValueError for marks that cannot be, and OSError: then nothing has changed."""
        spans = self._spans(drawn.moment, marks) if answer == YES else []
        if (answer == YES) != bool(spans):
            raise ValueError("an animal, but no time when it is there")
        with self._lock:
            before = self._looks.of(drawn)
            self._looks.add(self._person, drawn, answer, spans)
            self._sample.note(key_of(drawn), self._looks.of(drawn))
        return before.seen if before else (), spans

    def undo(self) -> tuple[Drawn, Look] | None:
        """Take back this person's last look; returns its moment and the look. Raises OSError as `answer` does."""
        with self._lock:
            undone = self._looks.undo(self._person, self._drawn)
            if undone:
                self._sample.note(key_of(undone[0]), None)
            return undone

    def seen(self) -> list[tuple[str, Sequence[Span]]]:
        """The film's id of each look at which a person saw animals, and when they are there."""
        return [(look.moment.film, look.seen) for key, look in self._looks.current.items() if look.seen and key in self._drawn]

    def leave_out(self, drawn: Drawn) -> None:
        """Ask no more about a moment whose film cannot be read now."""
        with self._lock:
            self._unreachable.add(key_of(drawn))

    def passages(self, moment: Moment) -> list[Passage]:
        """What moved in a moment, in the order of time. If that is much, what scores low is left out."""
        here = [one for one in self.films[moment.film].passages if one.begin < moment.end and moment.begin < one.end]
        return sorted(sorted(here, key=lambda one: -one.score)[:_SHOWN], key=lambda one: one.begin)

    def state(self) -> dict:
        """How far the audit is."""
        with self._lock:
            found = self._sample.estimate()
            needed = self._sample.looks_needed(found.share.half, self._within) if self._sample.looks else None
            return {
                "looks": self._sample.looks,
                "moments": self._sample.moments,
                "share": found.share._asdict(),
                "missed": (found.below.value or 0) + (found.unmoved.value or 0),
                "needed": needed,
                "within": self._within,
                "unreachable": len(self._unreachable),
                "elsewhere": len(self._looks.current.keys() - self._drawn.keys()),
            }

    def _spans(self, moment: Moment, marks: Marks) -> list[Span]:
        """When animals are there: the marks, each for the time that it stands for, without pauses between them."""
        film = self.films[moment.film]
        first, last = film.decoded
        times = times_of(moment, film.stills)
        half = (moment.end - moment.begin) / len(times) / 2
        spans = [(times[place] - half, times[place] + half) for place in marks.pictures if 0 <= place < len(times)]
        spans += [(one.begin, one.end) for one in film.passages if one.track in marks.tracks]
        spans += [(time - _AROUND, time + _AROUND) for time in marks.times if moment.begin <= time <= moment.end]
        within = [Span(max(first, begin), min(last, end)) for begin, end in spans]
        groups = together((span for span in within if span.begin <= span.end), self._pause)
        return [Span(group[0].begin, max(span.end for span in group)) for group in groups]


def draw_new_films(draws: Draws, films: Sequence[ReviewedFilm], threshold: float, pause: float, seed: int) -> int:
    """Draw the moments of films that were never drawn; returns how many films that are. Raises OSError."""
    known = draws.films
    decoded = {film.film: film.decoded for film in films if film.film not in known}
    new = [film for film in films if film.film in decoded and decoded[film.film][0] < decoded[film.film][1]]
    found_in = finder({film.film: film.passages for film in new}, pause)
    strata: dict[str, list[tuple[Moment, tuple]]] = {}
    for film in new:
        for moment in moments_of(film.film, film.video, *decoded[film.film]):
            highest = highest_score(film.passages, moment)
            stratum = stratum_of(found_in(moment).has_visit, highest, threshold)
            key = (highest > 0, film.site, film.start[11:13], film.video, moment.begin)
            strata.setdefault(stratum, []).append((moment, key))
    draws.draw(strata, threshold, seed)
    return len(new)
