"""Would more clips help? Train heads on growing shares of the Training videos and test each on the Testing clips."""

import argparse
import math
from pathlib import Path

import numpy as np
from meerkat.data import origins, records, sampling
from meerkat.data.labels import POSITIVE
from meerkat.data.predictions import THRESHOLD
from meerkat.errors import UserError, run_program
from meerkat.evaluate import figures, intervals
from meerkat.evaluate.metrics import METRICS
from meerkat.log import log
from meerkat.quiet_tensorflow import limit_threads
from meerkat.settings import options
from meerkat.settings.data import ClipOrigins
from meerkat.settings.evaluate import NearDuplicates, Replicates
from meerkat.settings.train import Folds
from meerkat.tables import write_rows
from meerkat.train import cross_fitting, head, training, training_clips

_SHARES = (0.1, 0.2, 0.35, 0.6, 1.0)
_METRICS = ("accuracy", "roc_auc")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--training", nargs="+", required=True, help="record files (*.tfrecord.gz) of the Training clips, or patterns")
    parser.add_argument("--testing", nargs="+", required=True, help="record files (*.tfrecord.gz) of the Testing clips, or patterns")
    origins.add_options(parser)
    parser.add_argument("--head", required=True, help="the head (*.npz), whose settings are used")
    options.add(parser, ClipOrigins, Folds, NearDuplicates, Replicates)
    parser.add_argument("--output", required=True, type=Path, help="folder for learning_curve.csv and learning_curve.svg")
    options.add_threads(parser)
    args = parser.parse_args()
    limit_threads(args.threads)

    trained = head.load(args.head)
    data, testing = (records.read(files, args.output) for files in (args.training, args.testing))
    if not testing.paths:
        raise UserError("There is no Testing clip. Add clips to Testing/Positive and Testing/Negative.")
    head.check_fits(trained, testing.embeddings.shape[1], testing.fingerprints, args.testing)
    where = origins.listed(args.video_pattern, args.sites)
    given = dict(trained.facts["settings"])
    balance, settings = given.pop("balance"), training.Settings(**given)
    testing_videos = list(map(where.video, testing.paths))
    clips = training_clips.gather(data, where, args.near_duplicate, args.threads)
    order = sorted(set(clips.videos), key=lambda video: (sampling.rank(video, settings.seed), video))

    rows = []
    for number in sorted({math.ceil(share * len(order)) for share in _SHARES}):
        used = clips.part(np.isin(clips.videos, order[:number]))
        row = {"videos": number, "clips": len(used.labels)}
        if len(np.unique(used.labels)) == 2:
            states = cross_fitting.CrossFitting(used, balance, args.folds, settings).fit(args.threads)
            p_positive = head.mean(list(map(cross_fitting.head_of, states))).scores(testing.embeddings)[:, POSITIVE]
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
        log.info(f"{number} videos, {row['clips']} clips: accuracy {accuracy}")
    columns = [f"{name}_{end}" for name in _METRICS for end in ("value", "low", "high")]
    lines = [(row["videos"], row["clips"], *(row[name][end] for name in _METRICS for end in ("value", "low", "high"))) for row in rows]
    write_rows([("videos", "clips", *columns), *lines], args.output / "learning_curve.csv")
    figures.learning_curve(rows, args.output / "learning_curve.svg")


run_program(main)
