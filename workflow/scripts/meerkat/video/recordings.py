"""What a camera has recorded: a film, or a burst of stills."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from . import bursts, film_ids
from .burst_file import BurstFile
from .videos import Video


class Recording(NamedTuple):
    """A film, or a burst of stills.

    path      of the film, or of the first still
    pictures  the stills of a burst (see `bursts.Burst.pictures`); empty for a film
    """

    path: str
    pictures: str = ""

    @property
    def stills(self) -> list[tuple[str, float]]:
        """Path and seconds of each still of a burst; empty for a film."""
        return bursts.in_folder(self.path, self.pictures) if self.pictures else []

    @property
    def seconds(self) -> list[float]:
        """When each still of a burst was taken, from the first one; empty for a film."""
        return [seconds for _, seconds in self.stills]

    @property
    def files(self) -> Sequence[str]:
        """The files that it consists of."""
        return [still for still, _ in self.stills] or [self.path]

    def open(self, threads: int = 1) -> Video | BurstFile:
        """Its pictures. Raises as `Video` does."""
        return BurstFile(self.path, self.pictures) if self.pictures else Video(self.path, threads)

    def is_of(self, film: str) -> bool:
        """Whether it has this id; assumed to be true of ids that do not come from content. Raises OSError."""
        if film_ids.is_by_path(film):
            return True
        ids = [film_ids.id_of(file, Path(file).stat().st_size) for file in self.files]
        return film == (film_ids.id_of_burst(ids) if self.pictures else ids[0])
