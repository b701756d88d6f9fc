"""How many answers does it take? Simulates a person who answers the page, and one who sorts at random.

A set is a folder from generate.py or photographs.py, which the workflow embeds. The pool is its Training clips, with one positive in ten.
Ten of its videos stand for one film, so that films contain both classes. A card is a clip. Look-alikes of a film lie on one pile, as on the
page: a pile takes one answer, and one more for each clip of the rarer class, which the person takes out. A quick model (see
meerkat/sorting/choice.py) from the labels is tested on the Testing clips: ROC AUC, mean over the seeds with a 95 % interval of that mean. A
careless person gives one wrong answer in twenty.
"""

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from machine import run
from meerkat.data import origins, records
from meerkat.data.labels import NEGATIVE, POSITIVE
from meerkat.sorting import enough
from meerkat.sorting.choice import Choice, Chooser, quick_model
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import cross_val_predict
from threadpoolctl import threadpool_limits

SEEDS = 10
BATCH, SHOWN = 12, (20, 40, 60, 80, 100, 120, 200)
AT_RANDOM = (100, 200, 400, 800, 1600)
WRONG = 0.05
VIDEOS_A_FILM = 10
# When does the page say that it is enough? We ask after every so many answers, up to the last.
STOP_EVERY, STOP_LAST = 20, 400
SAMPLE = 2000
# After this many answers, the cross-validated ROC AUC of their labels.
SEEMING = (100, 300)


class Clips(NamedTuple):
    """Clips: their paths, embeddings, labels and films."""

    paths: np.ndarray
    embeddings: np.ndarray
    labels: np.ndarray
    films: np.ndarray

    def part(self, rows: np.ndarray) -> "Clips":
        return Clips(*(values[rows] for values in self))


def main(sets: Sequence[str]) -> None:
    for clips in map(Path, sets):
        training, testing = embedded(clips)
        with threadpool_limits(1):
            pools = [pool(training, seed) for seed in range(SEEDS)]
            every = [auc(drawn, dict(enumerate(drawn.labels)), testing) for drawn in pools]
            print(f"{clips.name}: {len(pools[0].labels)} clips, {SEEDS} seeds; all labels give {cell(every)}\n")
            tell_curves(pools, testing)
            tell_piles(pools)
            tell_when_it_is_enough(pools, testing)


def embedded(folder: Path) -> tuple[Clips, Clips]:
    """The Training and the Testing clips of a set; their films are their videos."""
    with tempfile.TemporaryDirectory() as work:
        (Path(work) / "clips").symlink_to(folder.absolute())
        run(Path(work), "--until", "preprocess")
        training, testing = (_read(Path(work), split, folder) for split in ("train", "eval"))
    return training, testing


def _read(work: Path, split: str, folder: Path) -> Clips:
    data = records.read(sorted((work / "results/preprocessed").glob(f"{split}-*.tfrecord.gz")), work)
    videos, _ = origins.Origins().of(data.paths)
    paths = np.array([str(folder.absolute() / Path(path).relative_to("clips")) for path in data.paths], object)
    return Clips(paths, np.asarray(data.embeddings[:], np.float16), np.asarray(data.labels), videos)


def pool(clips: Clips, seed: int) -> Clips:
    """All negatives, and so many positives that one clip in ten is positive, in films of ten videos each."""
    random = np.random.default_rng(seed)
    negatives, positives = np.flatnonzero(clips.labels == NEGATIVE), np.flatnonzero(clips.labels == POSITIVE)
    rows = random.permutation([*negatives, *random.choice(positives, min(len(positives), len(negatives) // 9), replace=False)])
    drawn = clips.part(rows)
    videos, video = np.unique(drawn.films, return_inverse=True)
    return drawn._replace(films=random.permutation(len(videos))[video] // VIDEOS_A_FILM)


def tell_curves(pools: list[Clips], testing: Clips) -> None:
    print(f"| asked for | {' | '.join(f'{number} answers' for number in SHOWN)} |")
    print("|---|" + "---|" * len(SHOWN))
    people = {
        "at random": (at_random, 0.0),
        "by the page, without piles": (by_the_page, 0.0),
        "by the page": (by_the_page_in_piles, 0.0),
        "by the page, 5 % wrong": (by_the_page_in_piles, WRONG),
    }
    for person, (ask, wrong) in people.items():
        curves = [curve(clips, testing, ask, wrong, seed) for seed, clips in enumerate(pools)]
        print(f"| {person} | {' | '.join(cell(aucs) for aucs in zip(*curves, strict=True))} |", flush=True)
    print(f"\n| at random | {' | '.join(f'{number} labels' for number in AT_RANDOM)} |")
    print("|---|" + "---|" * len(AT_RANDOM))
    found = []
    for number in AT_RANDOM:
        drawn = [np.random.default_rng(seed).choice(len(clips.labels), number, replace=False) for seed, clips in enumerate(pools)]
        found.append(
            [auc(clips, dict(zip(rows, clips.labels[rows], strict=True)), testing) for clips, rows in zip(pools, drawn, strict=True)]
        )
    print(f"| ROC AUC | {' | '.join(map(cell, found))} |\n")


def curve(clips: Clips, testing: Clips, ask: Callable, wrong: float, seed: int) -> list[float]:
    """ROC AUC after each number of answers in SHOWN."""
    random, chooser, known = np.random.default_rng(seed), chooser_of(clips, seed), {}
    found: list[float] = []
    answers = 0
    while len(found) < len(SHOWN):
        for pile in ask(chooser, known, len(clips.labels), random):
            slips = random.random() < wrong
            known |= {card: int(POSITIVE + NEGATIVE - clips.labels[card] if slips else clips.labels[card]) for card in pile}
            answers += answers_for(clips, pile)
            while len(found) < len(SHOWN) and answers >= SHOWN[len(found)]:
                found.append(auc(clips, known, testing))
    return found


def chooser_of(clips: Clips, seed: int) -> Chooser:
    return Chooser(clips.embeddings, clips.films, [""] * len(clips.films), np.zeros((len(clips.films), 4)), seed)


def answers_for(clips: Clips, pile: list[int]) -> int:
    """The answers for a pile: one, and one for each clip that is taken out."""
    return 1 + min(np.bincount(clips.labels[pile], minlength=2))


def at_random(chooser: Chooser, known: dict[int, int], number: int, random: np.random.Generator) -> list[list[int]]:
    rest = np.setdiff1d(np.arange(number), list(known))
    return [[card] for card in random.choice(rest, BATCH, replace=False).tolist()]


def by_the_page(chooser: Chooser, known: dict[int, int], number: int, random: np.random.Generator) -> list[list[int]]:
    return [[choice.card] for choice in chooser.next(known, np.setdiff1d(np.arange(number), list(known)), BATCH)]


def by_the_page_in_piles(chooser: Chooser, known: dict[int, int], number: int, random: np.random.Generator) -> list[list[int]]:
    is_open = np.ones(number, bool)
    is_open[list(known)] = False
    return [pile for _, pile in chooser.piles(chooser.next(known, np.flatnonzero(is_open), BATCH), is_open)]


def tell_piles(pools: list[Clips]) -> None:
    """Sort whole films, as for Testing."""
    found = []
    for seed, clips in enumerate(pools):
        is_open = np.ones(len(clips.labels), bool)
        choices = (Choice(card, None, False) for card in np.argsort(clips.films, kind="stable").tolist())
        piles = [pile for _, pile in chooser_of(clips, seed).piles(choices, is_open)]
        answers = sum(answers_for(clips, pile) for pile in piles)
        found.append((len(is_open) / answers, 1 - (answers - len(piles)) / len(is_open)))
    per_answer, purity = zip(*found, strict=True)
    print(
        f"Whole films, in piles: {cell(per_answer)} clips an answer; {cell(purity)} of the clips are of the class of most on their pile.\n"
    )


def tell_when_it_is_enough(pools: list[Clips], testing: Clips) -> None:
    """Print after how many answers the page says that they are enough, how good a model is then, and what its own labels seem to say."""
    runs = [sorted_for_long(clips, testing, seed) for seed, clips in enumerate(pools)]
    stops, aucs, seeming = zip(*runs, strict=True)
    said = [stop for stop in stops if stop]
    when = f"after {min(said)} to {max(said)} answers (median {np.median(said):.0f})" if said else "never"
    print(f"The page says that it is enough {when}; in {stops.count(None)} of {len(runs)} runs not within {STOP_LAST}.")
    print(f"The AUC is {cell(aucs)} then.")
    for place, number in enumerate(SEEMING):
        print(
            f"Cross-validated on the labels alone it would seem to be {cell([of_run[place] for of_run in seeming])} after {number} answers."
        )
    print()


def sorted_for_long(clips: Clips, testing: Clips, seed: int) -> tuple[int | None, float, list[float]]:
    """After how many answers the page says that it is enough (if ever), the AUC then, and the cross-validated AUC after SEEMING answers."""
    random, chooser, known = np.random.default_rng(seed), chooser_of(clips, seed), {}
    sample = clips.embeddings[random.permutation(len(clips.labels))[:SAMPLE]].astype(np.float32)
    answers, asked, stop, worth = 0, STOP_EVERY, None, 0.5
    seeming: list[float] = []
    while answers < STOP_LAST:
        for pile in by_the_page_in_piles(chooser, known, len(clips.labels), random):
            known |= {card: int(clips.labels[card]) for card in pile}
            answers += answers_for(clips, pile)
        if answers >= asked and stop is None:
            asked += STOP_EVERY
            cards = chooser.distinct(list(known))
            worth = auc(clips, known, testing)
            if enough.is_enough(enough.changes(chooser.rows(cards), clips.labels[cards] == POSITIVE, sample, seed)):
                stop = answers
        if len(seeming) < len(SEEMING) and answers >= SEEMING[len(seeming)]:
            cards = chooser.distinct(list(known))
            positive = clips.labels[cards] == POSITIVE
            scores = cross_val_predict(quick_model(), chooser.rows(cards), positive, cv=5, method="decision_function")
            seeming.append(roc_auc_score(positive, scores))
    return stop, worth, seeming


def auc(clips: Clips, known: dict[int, int], testing: Clips) -> float:
    """The AUC on Testing of a quick model from the known labels; 0.5 if they are all of one class."""
    truth = np.array(list(known.values())) == POSITIVE
    if truth.all() or not truth.any():
        return 0.5
    model = quick_model().fit(np.asarray(clips.embeddings[list(known)], np.float32), truth)
    return roc_auc_score(testing.labels == POSITIVE, model.decision_function(np.asarray(testing.embeddings, np.float32)))


def cell(values: list[float]) -> str:
    margin = 1.96 * np.std(values, ddof=1) / np.sqrt(len(values))
    return f"{np.mean(values):.3f} ± {margin:.3f}"
