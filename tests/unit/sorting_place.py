"""Films with a few cards each, for the tests of sorting."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace

import numpy as np
from meerkat.sorting import moved_films, pool, renewal, sides
from meerkat.sorting.answers import Answers
from meerkat.sorting.choice import Chooser
from meerkat.sorting.folders import Folders
from meerkat.sorting.journal import Journal
from meerkat.sorting.opinions import Opinions
from meerkat.sorting.questions import Questions
from meerkat.sorting.second_looks import Contradicted, SecondLooks

SEED = 1
WIDTH = 8


def clouds(number: int, seed: int = 0) -> np.ndarray:
    """Embeddings in two clouds that overlap a little: the first half is positive."""
    random = np.random.default_rng(seed)
    centres = np.where(np.arange(number) < number / 2, 1.0, -1.0)[:, None]
    return (random.normal(size=(number, WIDTH)) + centres).astype(np.float16)


def video_for(split: str) -> str:
    """The first video that is drawn for a side."""
    return next(name for number in range(100) if sides.split_of(identity_of(name := f"film{number}"), SEED) == split)


def identity_of(film: str) -> str:
    """What tells the content of a film, as 16 hex digits."""
    return hashlib.sha256(film.encode()).hexdigest()[:16]


class Place:
    """A folder with the clips of two films, one for each side, with two cards of two clips each; the first film is at a creek."""

    def __init__(self, folder: Path, site: str = "creek"):
        self.folder, self.cards, self.told = folder, [], []
        for video, of in [(video_for("train"), site), (video_for("eval"), "")]:
            (folder / "motion" / video).mkdir(parents=True)
            for track in (1, 2):
                paths = [folder / "motion" / video / f"{video}_{track}{number}_0.jpg" for number in range(2)]
                for path in paths:
                    path.write_bytes(path.name.encode())
                clips = [pool.CardClip(str(path), pool.place(path.name, of)) for path in paths]
                self.cards.append(pool.Card(video, of, str(track), clips, identity_of(video)))

    def names(self, card: int) -> list[str]:
        """The files of a card's clips."""
        return [path.name for path in self.paths(card)]

    def paths(self, card: int) -> list[Path]:
        """Where the clips of a card come from."""
        return [Path(clip.path) for clip in self.cards[card].clips]

    def lie(self) -> list[str]:
        """Where clips lie in the folders."""
        return sorted(str(path.relative_to(self.folder / "clips")) for path in (self.folder / "clips").rglob("*.jpg"))

    def open(self, person: str = "ann", contradicted: Sequence[Contradicted] = ()) -> SimpleNamespace:
        """All that the page works with."""
        folders = Folders(self.folder / "clips")
        renamed, self.told = moved_films.follow(self.cards, folders)
        journal = Journal(self.folder / "clips/labels.csv", person, renamed)
        self.told = self.told + renewal.renew(self.cards, folders, journal)
        labels = Answers(self.cards, folders, journal, SEED)
        chooser = Chooser(clouds(4), [card.video for card in self.cards], [card.site for card in self.cards], pool.boxes(self.cards), SEED)
        opinions = Opinions(labels, journal, SEED)
        looks = SecondLooks(labels, opinions, contradicted)
        questions = Questions(labels, chooser, looks, opinions)
        return SimpleNamespace(
            labels=labels, folders=folders, journal=journal, chooser=chooser, looks=looks, opinions=opinions, questions=questions
        )
