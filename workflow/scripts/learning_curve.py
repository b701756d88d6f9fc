"""Would more clips help? Train heads on growing shares of the Training videos and test each on the Testing clips."""

import argparse
import math
import sys
from pathlib import Path

import numpy as np
from meerkat import atomic
from meerkat.data import records, sampling, video_names
from meerkat.data.labels import POSITIVE
from meerkat.data.predictions import THRESHOLD
from meerkat.errors import UserError, run_program
from meerkat.evaluate import figures, intervals
from meerkat.evaluate.metrics import METRICS
from meerkat.settings import options
from meerkat.settings.data import Data
from meerkat.settings.evaluate import Evaluate
from meerkat.settings.train import Train
from meerkat.tables import csv_text
from meerkat.train import head, training, validation

_SHARES = (0.1, 0.2, 0.35, 0.6, 1.0)
# Enough to compare the shares; the head itself may be trained longer.
_STEPS = 1000
_METRICS = ("accuracy", "roc_auc")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--training", nargs="+", required=True, help="record files (*.tfrecord.gz) of the Training clips, or patterns")
    parser.add_argument("--testing", nargs="+", required=True, help="record files (*.tfrecord.gz) of the Testing clips, or patterns")
    parser.add_argument("--head", required=True, help="the head (*.npz), for its settings")
    options.add(parser, Data, ["video_pattern"])
    options.add(parser, Train, ["validation"])
    options.add(parser, Evaluate, ["replicates"])
    parser.add_argument("--output", required=True, type=Path, help="folder for learning_curve.csv and learning_curve.svg")
    args = parser.parse_args()
    training.fix_threads()

    trained = head.load(args.head)
    data, testing = (records.read(files, args.output) for files in (args.training, args.testing))
    if not testing.paths:
        raise UserError("There is no Testing clip. Add clips to Testing/Positive and Testing/Negative.")
    head.check_fits(trained, testing.embeddings.shape[1], testing.fingerprints, args.testing)
    pattern = video_names.compile_pattern(args.video_pattern)
    settings = training.Settings(**trained.facts["settings"])
    settings = settings.model_copy(update={"max_steps": min(settings.max_steps, _STEPS)})
    videos = np.array([video_names.video_of(path, pattern) for path in data.paths], object)
    testing_videos = [video_names.video_of(path, pattern) for path in testing.paths]
    order = sorted(set(videos), key=lambda video: (sampling.rank(video, settings.seed), video))

    rows = []
    for number in sorted({math.ceil(share * len(order)) for share in _SHARES}):
        used = np.isin(videos, order[:number])
        row = {"videos": number, "clips": int(used.sum())}
        if len(np.unique(data.labels[used])) == 2:
            p_positive = _scores(data, used, testing, pattern, args.validation, settings)
            row |= intervals.with_intervals(
                (testing.labels == POSITIVE).astype(int),
                p_positive,
                (p_positive >= THRESHOLD).astype(int),
                testing_videos,
                args.replicates,
                settings.seed,
                {name: METRICS[name] for name in _METRICS},
            )
        else:
            row |= {name: {"value": None, "low": None, "high": None, "reason": "one class only"} for name in _METRICS}
        rows.append(row)
        accuracy = row["accuracy"].get("reason") or f"{row['accuracy']['value']:.3f}"
        print(f"{number} videos, {row['clips']} clips: accuracy {accuracy}", file=sys.stderr)
    columns = [f"{name}_{end}" for name in _METRICS for end in ("value", "low", "high")]
    lines = [(row["videos"], row["clips"], *(row[name][end] for name in _METRICS for end in ("value", "low", "high"))) for row in rows]
    atomic.write_text(args.output / "learning_curve.csv", csv_text([("videos", "clips", *columns), *lines]))
    figures.learning_curve(rows, args.output / "learning_curve.svg")


def _scores(data: records.Records, used: np.ndarray, testing: records.Records, pattern, share: float, settings) -> np.ndarray:
    """Scores of the Testing clips by a head trained on the used clips as the head itself is, float32 [clips]."""
    embeddings, labels = data.embeddings.part(used), data.labels[used]
    paths = [path for path, taken in zip(data.paths, used, strict=True) if taken]
    parts = validation.parts(paths, labels, pattern, share, settings.seed)
    state = training.initial_state(embeddings.shape[1], settings)
    train_set, eval_set = ((embeddings.part(part), labels[part]) for part in (parts.train, parts.held_out))
    state = training.train(state, train_set, eval_set, settings)
    return head.Head(*state.best_parameters, {}).scores(testing.embeddings)[:, POSITIVE]


run_program(main)
