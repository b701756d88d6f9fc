"""Where and when a passage was in its film: a crop of 40 pixels cannot be decided on, but the whole frame can."""

from collections.abc import Sequence
from pathlib import Path

from ..video.film_pieces import LENGTH
from ..video.shown_film import ShownFilm
from ..video.video_files import Videos
from .pool import Card


class Surroundings:
    """The films of the cards.

    videos  those that were searched; None if all cards are loose clips
    motion  the folder with a folder for each of them
    """

    def __init__(self, cards: Sequence[Card], videos: Videos | None, motion: Path):
        self._cards, self._films = cards, {}
        if videos:
            self._films = {name: ShownFilm(name, path, videos.films[name].id, motion) for name, path in videos.paths.items()}

    def film(self, card: int) -> ShownFilm | None:
        """The film of a card; None if it is a loose clip, or there is no such card."""
        of = self._cards[card] if 0 <= card < len(self._cards) else None
        return self._films.get(of.video) if of and of.track else None

    def described(self, card: int) -> dict | None:
        """What the page needs to show the passage in its film; None if it is a loose clip."""
        if (film := self.film(card)) is None:
            return None
        track = int(self._cards[card].track)
        if (best := film.best(track)) is None:
            return None
        begin, end = film.span(track)
        return {"begin": begin, "end": end, "track": track, "box": best.box, "stills": film.stills, "pieceLength": LENGTH}
