"""Do thresholds keep what they promise? Draws Training sets, makes thresholds as the workflow does, and tries them on other videos.

The clips come from generate.py. Each draw takes 3,000 of them (of few clips, a third) for Training, in whole videos of both classes. The
truth is the recall on all other videos. The interval is the one that the report gives for the Training clips.
"""

import os
import tempfile
from pathlib import Path

import numpy as np
from machine import run
from meerkat.data import records
from meerkat.data.labels import POSITIVE
from meerkat.data.origins import Origins
from meerkat.evaluate import evaluation, operating_points
from meerkat.quiet_tensorflow import limit_threads
from meerkat.settings.data import Data
from meerkat.settings.evaluate import Evaluate
from meerkat.settings.train import Train
from meerkat.train import calibration, cross_fitting, folds, head, training, training_clips
from scipy.special import expit

CLIPS = 3_000
RECALLS = [0.90, 0.95, 0.99]


def main(clips: str, draws: int = 60) -> None:
    limit_threads(os.cpu_count())
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "clips").symlink_to(Path(clips).absolute())
        run(Path(folder), "--until", "preprocess")
        data = records.read([f"{folder}/results/preprocessed/*"], folder)
        embeddings = data.embeddings[:]
    results = [draw(data.paths, data.labels, embeddings, seed) for seed in range(draws)]
    print("| wanted recall | reached on other videos, mean | mean difference, points | interval holds it | false alarms there |")
    print("|---|---|---|---|---|")
    for place, wanted in enumerate(RECALLS):
        reached, low, high, alarms = np.array([result[place] for result in results]).T
        holds = int(np.sum((low <= reached) & (reached <= high)))
        cells = f"{reached.mean():.3f} | {100 * (reached.mean() - wanted):+.1f} | {holds} of {len(results)} | {alarms.mean():.2f}"
        print(f"| {wanted:g} | {cells} |")
    every = [low <= reached <= high for result in results for reached, low, high, _ in result]
    print(f"\nOf all {len(every)} intervals, {np.mean(every):.0%} hold the recall on the other videos.")


def draw(paths: list[str], labels: np.ndarray, embeddings: np.ndarray, seed: int) -> list[tuple[float, float, float, float]]:
    """For each of RECALLS: the recall on videos that were not drawn, the ends of its stated interval, and the share of false alarms."""
    where, random = Origins(), np.random.default_rng(seed)
    videos = np.array([where.video(path) for path in paths], object)
    chosen, clips = [], min(CLIPS, len(paths) // 3)
    for label in np.unique(labels):
        of_class, number = np.unique(videos[labels == label], return_counts=True)
        order = random.permutation(len(of_class))
        chosen += of_class[order[: np.searchsorted(np.cumsum(number[order]), clips / 2) + 1]].tolist()
    drawn = np.isin(videos, chosen)
    chosen_paths = [path for path, taken in zip(paths, drawn, strict=True) if taken]
    trained, p_positive, parts = fit(chosen_paths, labels[drawn], embeddings[drawn], seed)
    scored = evaluation.Scored((labels[drawn] == POSITIVE).astype(int), p_positive, parts.groups)
    rules = operating_points.rules(scored.truth, scored.p_positive, RECALLS)
    stated = evaluation.describe(scored, rules, Evaluate().replicates, seed, {})["operating_points"]
    others, truth = trained.scores(embeddings[~drawn])[:, POSITIVE], labels[~drawn] == POSITIVE
    return [
        (
            float(np.mean(others[truth] >= point["threshold"])),
            point["recall"]["low"],
            point["recall"]["high"],
            float(np.mean(others[~truth] >= point["threshold"])),
        )
        for point in stated
        if point["wanted_recall"]
    ]


def fit(paths: list[str], labels: np.ndarray, embeddings: np.ndarray, seed: int) -> tuple[head.Head, np.ndarray, folds.Folds]:
    """The head as train.py makes it, the scores of the clips by heads that never saw them, and the folds."""
    data = records.Records(paths, labels, embeddings, np.zeros(len(paths), "S64"), frozenset())
    clips = training_clips.gather(data, Origins(), Evaluate().near_duplicate, os.cpu_count())
    fitting = cross_fitting.CrossFitting(clips, Data().balance, Train().folds, training.Settings(seed=seed))
    heads = list(map(cross_fitting.head_of, fitting.fit(os.cpu_count())))
    margins, parts = fitting.margins(heads), fitting.folds
    chosen = calibration.calibrate(margins, labels, fitting.examples.weights, parts.fold, Train().positive_share, True)
    return head.mean(heads).scaled(1 / chosen.temperature, chosen.offset), expit(chosen.apply(margins)), parts
