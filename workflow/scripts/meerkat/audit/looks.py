"""The looks, looks.csv in the folder of clips: what people have seen in moments that were drawn, and when. Rows are only ever added."""

import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from ..own_tables import decimal
from ..row_log import RowLog
from ..video.moments import Moment
from ..visits.truth import Span
from .draws import Drawn

COLUMNS = ("time", "person", "draw", "film", "video", "begin", "end", "stratum", "rank", "of", "answer", "seen")
# Answers, and the word for a look that was taken back.
YES, NO, UNSURE, UNDONE = "yes", "no", "unsure", "undone"
ANSWERS = (YES, NO, UNSURE)


class Look(NamedTuple):
    """What a person has said about a moment.

    draw, moment  which one
    answer  one of ANSWERS: whether there is an animal
    seen    when animals are there, in seconds from the beginning of the film, for the answer YES
    person, time  who said so, and when
    """

    draw: str
    moment: Moment
    answer: str
    seen: tuple[Span, ...] = ()
    person: str = ""
    time: str = ""


class Looks:
    """The present looks.

    current  the looks by draw and moment, in the order of time
    """

    def __init__(self, path: Path, for_writing: bool = False):
        """path  the table; it may be missing
        for_writing  looks will be added

        Raises UserError as `RowLog.rows` does."""
        self._log = RowLog(path, COLUMNS, _look, f"the answer is one of {', '.join((*ANSWERS, UNDONE))}, times are in seconds")
        self.current: dict[tuple, Look] = {}
        for cells in self._log.rows(for_writing):
            self._note(_look(cells))

    def of(self, drawn: Drawn) -> Look | None:
        """The look at a moment that was drawn."""
        return self.current.get(key_of(drawn))

    def add(self, person: str, drawn: Drawn, answer: str, seen: Iterable[Span] = ()) -> None:
        """Note a look. Raises OSError: then nothing has changed."""
        look = Look(drawn.draw, drawn.moment, answer, tuple(seen), person, self._log.now())
        self._log.add([_row(look, drawn)])
        self._note(look)

    def undo(self, person: str, drawn: Mapping[tuple, Drawn]) -> tuple[Drawn, Look] | None:
        """Take back this person's last look; returns its moment and the look, None if there is none. Raises OSError as `add` does.

        drawn  the moments that were drawn, by `key_of`
        """
        last = next((key for key, look in reversed(self.current.items()) if look.person == person and key in drawn), None)
        if last is None:
            return None
        look = self.current[last]
        self.add(person, drawn[last], UNDONE)
        return drawn[last], look

    def _note(self, look: Look) -> None:
        key = key_of(look)
        self.current.pop(key, None)
        if look.answer != UNDONE:
            self.current[key] = look


def key_of(one: Drawn | Look) -> tuple:
    """What distinguishes a moment that was drawn from all others. The film's name may change."""
    return one.draw, one.moment.film, one.moment.begin


def _row(look: Look, drawn: Drawn) -> tuple:
    film, video, begin, end = look.moment
    seen = ";".join(f"{span.begin:.3f} {span.end:.3f}" for span in look.seen)
    times = (f"{begin:.3f}", f"{end:.3f}")
    return (look.time, look.person, look.draw, film, video, *times, drawn.stratum, drawn.rank, drawn.of, look.answer, seen)


def _look(cells: Sequence[str]) -> Look:
    named = dict(zip(COLUMNS, cells, strict=True))
    spans = [Span(*map(decimal, span.split())) for span in filter(None, named["seen"].split(";"))]
    moment = Moment(named["film"], named["video"], decimal(named["begin"]), decimal(named["end"]))
    answer, are_times = named["answer"], all(0 <= span.begin <= span.end < math.inf for span in (moment, *spans))
    if not are_times or answer not in (*ANSWERS, UNDONE) or (answer == YES) != bool(spans):
        raise ValueError
    return Look(named["draw"], moment, answer, tuple(spans), named["person"], named["time"])
