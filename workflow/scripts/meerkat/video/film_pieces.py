"""Short pieces of films that play in the browser, made when they are asked for, and kept."""

from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from threading import Lock

from . import film_cut
from .shown_film import ShownFilm

# The folder below the results.
PIECES = "state/film_pieces"
# Seconds of a piece: a longer one would be waited for. A visit is played piece after piece.
LENGTH = 20.0
# Lines of the picture: enough to see what it is, and quick to make.
_LINES = 480


class FilmPieces:
    """The pieces of films, in a folder. It may be deleted at any time."""

    def __init__(self, folder: Path, threads: int):
        self._folder, self._threads = folder, threads
        self._locks: Mapping[str, Lock] = defaultdict(Lock)

    def piece(self, film: ShownFilm, number: int) -> Path:
        """The file of the piece that begins at `number` times LENGTH seconds. Raises UnreadableVideo if there is no such piece."""
        path = self._folder / f"{film.film}_{number}{film_cut.ENDING}"
        with self._locks[path.name]:  # so that it is made once, however often it is asked for
            if not path.is_file():
                film_cut.cut(film.recording, number * LENGTH, (number + 1) * LENGTH, path, self._threads, _LINES)
        return path
