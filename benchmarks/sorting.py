"""How many labels does it take? Simulates a person who sorts what the page asks for, and one who sorts at random.

python benchmarks/sorting.py --sets FOLDER ...

A set is a folder of generate.py or photographs.py, which the workflow embeds. The pool is its Training clips, with one positive in ten; a
card is a clip. After every ten labels a quick model (see meerkat/sorting/choice.py) is tested on the Testing clips: ROC AUC, mean of the
seeds with a 95 % interval of that mean. A careless person gives one label in twenty wrongly.
"""

import argparse
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

import machine  # noqa: F401 (makes the package known)
import numpy as np
import whole_run
from meerkat.data import records
from meerkat.data.labels import NEGATIVE, POSITIVE
from meerkat.sorting.choice import Chooser, quick_model
from sklearn.metrics import roc_auc_score
from threadpoolctl import threadpool_limits

SEEDS = 10
BATCH, SHOWN = 10, (20, 40, 60, 80, 100, 120, 200)
AT_RANDOM = (100, 200, 400, 800, 1600)
WRONG = 0.05


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sets", type=Path, nargs="+", required=True, help="folders of clips")
    args = parser.parse_args()
    for clips in args.sets:
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "clips").symlink_to(clips.absolute())
            whole_run.run(Path(folder), os.cpu_count(), "--until", "preprocess")
            training, testing = (read(Path(folder), split) for split in ("train", "eval"))
        with threadpool_limits(1):
            tell(clips.name, training, testing)


def tell(name: str, training: tuple[np.ndarray, np.ndarray], testing: tuple[np.ndarray, np.ndarray]) -> None:
    pools = [pool(*training, seed) for seed in range(SEEDS)]
    every = [auc(embeddings, labels, np.arange(len(labels)), labels, testing) for embeddings, labels in pools]
    print(f"{name}: {len(pools[0][1])} clips, {SEEDS} seeds; all labels give {cell(every)}\n")
    print(f"| asked for | {' | '.join(f'{number} labels' for number in SHOWN)} |")
    print("|---|" + "---|" * len(SHOWN))
    people = {"at random": (at_random, 0.0), "by the page": (by_the_page, 0.0), "by the page, 5 % wrong": (by_the_page, WRONG)}
    for person, (ask, wrong) in people.items():
        curves = [curve(*drawn, testing, ask, wrong, seed) for seed, drawn in enumerate(pools)]
        print(f"| {person} | {' | '.join(cell([one[number] for one in curves]) for number in SHOWN)} |", flush=True)
    print(f"\n| at random | {' | '.join(f'{number} labels' for number in AT_RANDOM)} |")
    print("|---|" + "---|" * len(AT_RANDOM))
    found = []
    for number in AT_RANDOM:
        aucs = []
        for seed, (embeddings, labels) in enumerate(pools):
            rows = np.random.default_rng(seed).choice(len(labels), number, replace=False)
            aucs.append(auc(embeddings, labels, rows, labels, testing))
        found.append(cell(aucs))
    print(f"| ROC AUC | {' | '.join(found)} |\n")


def read(run: Path, split: str) -> tuple[np.ndarray, np.ndarray]:
    """Embeddings and labels of a split."""
    data = records.read(sorted((run / "results/preprocessed").glob(f"{split}-*.tfrecord.gz")), run)
    return np.asarray(data.embeddings[:], np.float16), np.asarray(data.labels)


def pool(embeddings: np.ndarray, labels: np.ndarray, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """All negatives, and as many positives that one clip in ten is one."""
    random = np.random.default_rng(seed)
    negatives, positives = np.flatnonzero(labels == NEGATIVE), np.flatnonzero(labels == POSITIVE)
    rows = random.permutation([*negatives, *random.choice(positives, min(len(positives), len(negatives) // 9), replace=False)])
    return embeddings[rows], labels[rows]


def curve(embeddings: np.ndarray, labels: np.ndarray, testing: tuple, ask: Callable, wrong: float, seed: int) -> dict[int, float]:
    """ROC AUC by the number of labels."""
    random, chooser = np.random.default_rng(seed), Chooser(embeddings, seed)
    given = np.where(random.random(len(labels)) < wrong, POSITIVE + NEGATIVE - labels, labels)
    known: dict[int, int] = {}
    found = {}
    while len(known) < max(SHOWN):
        rest = [card for card in range(len(labels)) if card not in known]
        known |= {card: int(given[card]) for card in ask(chooser, known, rest, random)}
        if len(known) in SHOWN:
            found[len(known)] = auc(embeddings, labels, np.array(list(known)), given, testing)
    return found


def by_the_page(chooser: Chooser, known: dict[int, int], rest: list[int], random: np.random.Generator) -> list[int]:
    return chooser.next(known, rest, BATCH)


def at_random(chooser: Chooser, known: dict[int, int], rest: list[int], random: np.random.Generator) -> list[int]:
    return random.choice(rest, BATCH, replace=False).tolist()


def auc(embeddings: np.ndarray, labels: np.ndarray, rows: np.ndarray, given: np.ndarray, testing: tuple) -> float:
    """Of a quick model of the rows with the given labels, on Testing; half where they are of one class."""
    truth = given[rows] == POSITIVE
    if truth.all() or not truth.any():
        return 0.5
    model = quick_model().fit(np.asarray(embeddings[rows], np.float32), truth)
    return roc_auc_score(testing[1] == POSITIVE, model.decision_function(np.asarray(testing[0], np.float32)))


def cell(values: list[float]) -> str:
    margin = 1.96 * np.std(values, ddof=1) / np.sqrt(len(values))
    return f"{np.mean(values):.3f} ± {margin:.3f}"


if __name__ == "__main__":
    main()
