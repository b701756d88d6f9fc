"""Train heads on records, each without a fold of the clips, and write their mean, the scores of the clips by the heads that never
saw them, and the clips whose label these scores contradict. TensorBoard shows the steps."""

import argparse
import time
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pandas as pd
from meerkat.data import origins, predictions, records
from meerkat.data.embedding_file import blocks
from meerkat.data.labels import LABELS, POSITIVE
from meerkat.errors import UserError, run_program
from meerkat.log import log
from meerkat.quiet_tensorflow import limit_threads
from meerkat.settings import options
from meerkat.settings.data import Balance, ClipOrigins
from meerkat.settings.evaluate import NearDuplicates
from meerkat.settings.section import Seeded
from meerkat.settings.train import Train
from meerkat.tables import write_frame, write_frames
from meerkat.train import calibration, cross_fitting, head, training, training_clips
from meerkat.train.folds import Folds
from meerkat.train.tensorboard_log import Board
from scipy.special import expit, logit


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", nargs="+", required=True, help="record files (*.tfrecord.gz) of the Training clips, or patterns")
    parser.add_argument("--lists", nargs="*", default=[], help="lists, or patterns of them, whose clips the records must hold exactly")
    origins.add_options(parser)
    parser.add_argument("--head", required=True, help="file for the head (*.npz)")
    parser.add_argument("--out_of_fold", required=True, help="CSV file for the held-out scores: path,label,p_positive,predicted,group,fold")
    parser.add_argument("--label_issues", required=True, help="CSV file for contradicted labels: path,label,p_positive,predicted")
    parser.add_argument("--logs", required=True, help="folder for the TensorBoard logs")
    options.add(parser, ClipOrigins, Balance, NearDuplicates, Train, Seeded)
    options.add_threads(parser)
    args = parser.parse_args()
    limit_threads(args.threads)

    # The digests have done their work when the records are checked, and would take memory until the end.
    data = replace(records.read(args.records, Path(args.head).parent, args.lists), digests=np.zeros(0, "S64"))
    fingerprints = data.fingerprints - {""}  # "" stands for an unknown backbone
    if len(fingerprints) > 1:
        raise UserError(f"{', '.join(args.records)} were made with different backbones. Use records of one backbone.")
    for label, name in enumerate(LABELS):
        if not np.any(data.labels == label):
            raise UserError(f"No {name} clip to train on in {', '.join(args.records)}. Add clips to Training/{name.capitalize()}.")
    settings = options.given(args, training.Settings)
    where = origins.listed(args.video_pattern, args.sites)
    fitting = cross_fitting.CrossFitting(
        training_clips.gather(data, where, args.near_duplicate, args.threads), args.balance, args.folds, settings
    )
    examples, parts = fitting.examples, fitting.folds
    log.info(parts.sentence)
    if parts.warning:
        log.warning(parts.warning)

    board = Board(args.logs)
    started = time.monotonic()

    def report(turn: int, state: training.State, rate: float) -> None:
        progress = state.history[-1]
        log.info(
            f"head {turn + 1}/{parts.number}  step {progress.step:5d}  {time.monotonic() - started:6.1f} s  {rate:5.0f} steps/s  "
            f"train loss {progress.train_loss:.4f} accuracy {progress.train_accuracy:.3f}  "
            f"held-out loss {progress.eval_loss:.4f} accuracy {progress.eval_accuracy:.3f}"
        )

    states = fitting.fit(args.threads, report, board)
    heads = list(map(cross_fitting.head_of, states))
    margins = fitting.margins(heads)
    chosen = calibration.calibrate(margins, data.labels, examples.weights, parts.fold, args.positive_share, args.calibrate)
    trained = head.mean(heads).scaled(1 / chosen.temperature, chosen.offset)
    trained.facts.update(
        {
            "fingerprint": next(iter(fingerprints), ""),
            "settings": settings.model_dump() | {"balance": args.balance},
            "clips": {name: int(np.sum(data.labels == label)) for label, name in enumerate(LABELS)},
            "folds": {"number": parts.number, "unit": parts.unit, "origin": parts.origin, "warning": parts.warning},
            "heads": [_facts(state) for state in states],
            "calibration": asdict(chosen) | {"positive_share": args.positive_share},
        }
    )
    p_positive, truth = expit(chosen.apply(margins)).astype(np.float32), data.labels == POSITIVE
    write_frames(_out_of_fold(data, p_positive, parts), args.out_of_fold)
    # Contradicted: the head would call it otherwise if both classes were equally frequent.
    even = chosen.apply(margins) - logit(args.positive_share)
    doubtful = (even >= 0) != truth
    strongest = sorted(np.flatnonzero(doubtful).tolist(), key=lambda place: (-abs(even[place]), data.paths[place]))
    issues = predictions.table([data.paths[place] for place in strongest], data.labels[strongest], p_positive[strongest])
    write_frame(issues.assign(predicted=[LABELS[1 - label] for label in data.labels[strongest]]), args.label_issues)
    board.finish(settings.model_dump(), truth.astype(int), p_positive)
    head.save(trained, args.head)
    log.info(f"{doubtful.sum()} of {len(truth)} labels are contradicted: scored by {parts.origin}.")


def _facts(state: training.State) -> dict:
    """What the report tells of the training of a head."""
    kept = next((progress for progress in state.history if progress.step == state.best_step), state.history[-1])
    return {"steps": state.step, "kept": asdict(kept), "history": [asdict(progress) for progress in state.history]}


def _out_of_fold(clips: records.Records, p_positive: np.ndarray, parts: Folds) -> Iterator[pd.DataFrame]:
    """The rows of out_of_fold.csv, some at a time: the whole table would take as much memory as all else that is known of the clips."""
    for some in blocks(len(p_positive)):
        table = predictions.table(clips.paths[some], clips.labels[some], p_positive[some])
        yield table.assign(group=parts.groups[some], fold=parts.fold[some] + 1)


run_program(main)
