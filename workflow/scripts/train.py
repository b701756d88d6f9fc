"""Train the head on records and write its weights, and its scores of the held-out clips; TensorBoard shows the steps."""

import argparse
import sys
import time
from dataclasses import asdict
from pathlib import Path

import numpy as np
from meerkat.data import predictions, records, video_names
from meerkat.data.labels import LABELS, POSITIVE
from meerkat.errors import UserError, run_program
from meerkat.settings import options
from meerkat.settings.data import Data
from meerkat.settings.section import Seeded
from meerkat.settings.train import Train
from meerkat.train import calibration, checkpoint, head, training, validation
from meerkat.train.tensorboard_log import Board


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", nargs="+", required=True, help="record files (*.tfrecord.gz) of the Training clips, or patterns")
    parser.add_argument("--lists", nargs="*", default=[], help="lists, or patterns of them, whose clips the records must hold exactly")
    parser.add_argument("--head", required=True, help="file for the head (*.npz)")
    parser.add_argument("--held_out", required=True, help="CSV file for the held-out clips: path,label,p_positive,predicted")
    parser.add_argument("--logs", required=True, help="folder for the TensorBoard logs train and eval")
    parser.add_argument("--state", required=True, help="folder for the checkpoints of an unfinished training")
    options.add(parser, Data, ["video_pattern"])
    options.add(parser, Train)
    options.add(parser, Seeded)
    args = parser.parse_args()
    training.fix_threads()

    data = records.read(args.records, Path(args.head).parent, args.lists)
    fingerprints = data.fingerprints - {""}  # "" stands for an unknown backbone
    if len(fingerprints) > 1:
        raise UserError(f"{', '.join(args.records)} were made with different backbones. Use records of one backbone.")
    for label, name in enumerate(LABELS):
        if not np.any(data.labels == label):
            raise UserError(f"No {name} clip to train on in {', '.join(args.records)}. Add clips to Training/{name.capitalize()}.")
    settings = options.given(args, training.Settings)
    pattern = video_names.compile_pattern(args.video_pattern)
    parts = validation.parts(data.paths, data.labels, pattern, args.validation, settings.seed)
    print(parts.sentence, *([f"WARNING: {parts.warning}"] if parts.warning else []), sep="\n", file=sys.stderr)

    saved = checkpoint.Checkpoint(args.state, settings, data.embeddings, data.labels, parts.held_out)
    state = saved.load() or training.initial_state(data.embeddings.shape[1], settings)
    if state.step:
        print(f"Going on from step {state.step}.", file=sys.stderr)
    board = Board(args.logs)
    for progress in state.history:
        board.progress(progress)
    started = last_save = time.monotonic()

    def report(state: training.State, rate: float) -> None:
        nonlocal last_save
        now, progress = time.monotonic(), state.history[-1]
        print(
            f"step {progress.step:5d}  {now - started:6.1f} s  {rate:5.0f} steps/s  "
            f"train loss {progress.train_loss:.4f} accuracy {progress.train_accuracy:.3f}  "
            f"eval loss {progress.eval_loss:.4f} accuracy {progress.eval_accuracy:.3f}",
            file=sys.stderr,
        )
        board.progress(progress)
        if now - last_save > checkpoint.SAVE_EVERY:
            saved.save(state)
            last_save = now

    train_set, eval_set = ((data.embeddings.part(part), data.labels[part]) for part in (parts.train, parts.held_out))
    state = training.train(state, train_set, eval_set, settings, report)
    best = next(progress for progress in state.history if progress.step == state.best_step)
    print(f"Stopped after step {state.step}; kept the weights of step {best.step}.", file=sys.stderr)
    trained = head.Head(*state.best_parameters, {})
    truth = (eval_set[1] == POSITIVE).astype(int)
    temperature = calibration.fit_temperature(trained.margins(eval_set[0]), truth) if args.calibrate else 1.0
    trained = trained.at_temperature(temperature)
    trained.facts.update(
        {
            "fingerprint": next(iter(fingerprints), ""),
            "settings": settings.model_dump(),
            "clips": {name: int(np.sum(data.labels == label)) for label, name in enumerate(LABELS)},
            "held_out": {"clips": int(np.sum(parts.held_out)), "origin": parts.origin, "warning": parts.warning},
            "steps": state.step,
            "kept": asdict(best),
            "temperature": temperature,
            "history": [asdict(progress) for progress in state.history],
        }
    )
    p_positive = trained.scores(eval_set[0])[:, POSITIVE]
    board.finish(settings.model_dump(), best.step, truth, p_positive)
    paths = [path for path, held in zip(data.paths, parts.held_out, strict=True) if held]
    predictions.write(predictions.table(paths, eval_set[1], p_positive), args.held_out)
    head.save(trained, args.head)
    saved.clear()


run_program(main)
