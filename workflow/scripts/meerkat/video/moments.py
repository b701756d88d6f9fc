"""Moments: the parts of films at which a person looks, each at a glance."""

import math
from typing import NamedTuple

# Seconds of a moment at most. A film of a triggered camera is one moment.
LONGEST = 120.0


class Moment(NamedTuple):
    """Part of a film: the id of the film, its name in results, and when it begins and ends, in seconds from the beginning of the film."""

    film: str
    video: str
    begin: float
    end: float

    def contains(self, seconds: float) -> bool:
        """Whether something that begins at this time begins in this moment."""
        return self.begin <= seconds < self.end


def moments_of(film: str, video: str, first: float, last: float) -> list[Moment]:
    """The moments of a film that could be read from `first` to `last`, in seconds: equally long, and without gaps."""
    number = math.ceil((last - first) / LONGEST)
    ends = [round(first + (last - first) * place / number, 3) for place in range(1, number + 1)]
    return [Moment(film, video, begin, end) for begin, end in zip([round(first, 3), *ends], ends, strict=False)]
