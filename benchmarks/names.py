"""How often are suggested names right? Simulates a person who names visits of five kinds of animals.

A visit is three clips of one cut-out (see generate.py) in one scene, with the same light; three visits are a film. Five kinds, each with
three or four animals that look different; the page gets what it has after sorting: the mean embedding of each visit. The person names 30
visits; the other visits that get a name are counted. "Seen": each animal can be among the 30. "New": one animal of each kind never is, and
only visits of these are counted, which is as hard as another herd. The 95 % intervals take films as clusters.
"""

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import cv2
import generate
import machine  # noqa: F401 (makes the package known)
import numpy as np
from embedding import frozen
from meerkat.data.clips import Clip
from meerkat.digests import of_file
from meerkat.evaluate.intervals import share_interval
from meerkat.preprocess.embedding import Embedder
from meerkat.quiet_tensorflow import limit_threads
from meerkat.review.suggestions import NameHead, Subject
from meerkat.sorting.pool import Card

KINDS = {
    "deer": ["deer/caribou", "deer/deer", "deer/doe", "deer/wapiti"],
    "pig": ["pig", "pig_golden", "pig_golden2", "wildboar"],
    "cattle": ["bovines/bull", "bovines/cow", "bovines/cow_white", "bovines/zebu"],
    "rabbit": ["rodents/rabbit", "rodents/rabbit-2", "rabbit_little"],
    "horse": ["equines/donkey", "equines/donkey_eating", "equines/horse"],
}
VISITS, CLIPS, VISITS_OF_A_FILM = 600, 3, 3
NAMED = (30, 60, 120)
SEEDS = 20


class Visits(NamedTuple):
    """Visits: mean embeddings, float [visits, width]; their kinds and animals, as texts; and their films."""

    embeddings: np.ndarray
    kinds: np.ndarray
    animals: np.ndarray
    films: np.ndarray


def main() -> None:
    limit_threads(2)
    with tempfile.TemporaryDirectory() as folder:
        visits = made(Path(folder))
    print("| visits named | other animals | get a name, % | of these right, % (95 % interval) | the page says |\n|---|---|---|---|---|")
    for number in NAMED:
        for what, is_new in (("seen", False), ("new", True)):
            print(f"| {number} | {what} | {' | '.join(tried(visits, number, is_new))} |", flush=True)


def made(folder: Path) -> Visits:
    """The visits; the same ones each time."""
    generate.fetch(folder, generate.PACKAGES)
    scenes = [cv2.imread(str(path)) for path in sorted(folder.glob("**/backgrounds/mate/nature/*.jpg"))]
    scenes = [scene for scene in scenes if scene is not None]
    mammals = folder / "usr/share/tuxpaint/stamps/animals/mammals"
    stamps = {(kind, name): generate.cut_out(mammals / f"{name}.png") for kind, names in KINDS.items() for name in names}
    random, clips, seen = np.random.default_rng(1), [], []
    for number in range(VISITS):
        if number % VISITS_OF_A_FILM == 0:
            scene, light = scenes[random.choice(len(scenes))], random.uniform(0.4, 1.2)
        kind = list(KINDS)[random.choice(len(KINDS))]
        name = KINDS[kind][random.choice(len(KINDS[kind]))]
        for place in range(CLIPS):
            path = folder / f"{number}_{place}.jpg"
            cv2.imwrite(str(path), generate.compose(scene, stamps[kind, name], light, random), [cv2.IMWRITE_JPEG_QUALITY, 90])
            clips.append(Clip(str(path), 0, of_file(path)))
        seen.append((kind, name))
    found = np.array([vector for _, vector in Embedder(frozen("efficientnet_lite0", folder / "backbone.pb"), 2).embed(clips)])
    kinds, animals = np.array(seen, object).T
    return Visits(found.reshape(VISITS, CLIPS, -1).mean(axis=1), kinds, animals, np.arange(VISITS) // VISITS_OF_A_FILM)


def tried(visits: Visits, number: int, is_new: bool) -> list[str]:
    """The cells of a row."""
    cards = [Card(f"film{film}", "", str(place), []) for place, film in enumerate(visits.films)]
    right, suggested = np.zeros((2, len(set(visits.films))), int)
    asked = told = of = 0
    for seed in range(SEEDS):
        random = np.random.default_rng(seed)
        hidden = {random.choice(names) for names in KINDS.values()} if is_new else set()
        can_be_named = np.flatnonzero(~np.isin(visits.animals, list(hidden)))
        named = set(random.choice(can_be_named, number, replace=False).tolist())
        subjects = subjects_of(visits, named)
        found = NameHead(cards, visits.embeddings).suggest(subjects)
        told, of = told + found.right, of + found.of
        for place in range(VISITS):
            if place in named or (hidden and visits.animals[place] not in hidden):
                continue
            asked += 1
            if name := found.names.get(str(place)):
                suggested[visits.films[place]] += 1
                right[visits.films[place]] += name == visits.kinds[place]
    low, high = share_interval(right, suggested) if suggested.any() else (0, 1)
    share = f"{100 * right.sum() / max(1, suggested.sum()):.0f} ({100 * low:.0f} to {100 * high:.0f})"
    return [f"{100 * suggested.sum() / asked:.0f}", share, f"{100 * told / max(1, of):.0f} %"]


def subjects_of(visits: Visits, named: set[int]) -> Sequence[Subject]:
    """The visits as the page gives them to the head."""
    return [
        Subject(str(place), f"film{film}", [place], "", kind if place in named else "")
        for place, (kind, film) in enumerate(zip(visits.kinds, visits.films, strict=True))
    ]
