"""Score the Testing records with the head: predictions, metrics with intervals, thresholds, and a table of the videos."""

import argparse
import json
import sys
from pathlib import Path

import numpy as np
from meerkat import atomic, tables
from meerkat.data import predictions, records
from meerkat.data.labels import LABELS, POSITIVE
from meerkat.errors import UserError, run_program
from meerkat.evaluate import evaluation, leaks, operating_points
from meerkat.evaluate.metrics import METRICS
from meerkat.settings import options
from meerkat.settings.evaluate import Evaluate
from meerkat.settings.section import Seeded
from meerkat.train import calibration, head


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", nargs="+", required=True, help="record files (*.tfrecord.gz) of the Testing clips, or patterns")
    parser.add_argument("--lists", nargs="*", default=[], help="lists, or patterns of them, whose clips the records must hold exactly")
    parser.add_argument("--head", required=True, help="the head (*.npz)")
    parser.add_argument("--held_out", required=True, help="scores of the held-out Training clips, which set the thresholds")
    parser.add_argument("--leaks", required=True, help="what find_leaks.py found out about the Testing clips")
    options.add(parser, Evaluate, ["recalls", "operating_recall", "replicates"])
    options.add(parser, Seeded)
    parser.add_argument("--predictions", required=True, help="CSV file to write: path,label,p_positive,predicted")
    parser.add_argument("--metrics", required=True, help="JSON file to write")
    parser.add_argument("--videos", required=True, help="CSV file to write: one row a video")
    args = parser.parse_args()
    options.given(args, Evaluate)  # Refuses what is out of range.

    trained, data = head.load(args.head), records.read(args.records, Path(args.metrics).parent, args.lists)
    if not data.paths:
        raise UserError("There is no Testing clip. Add clips to Testing/Positive and Testing/Negative.")
    head.check_fits(trained, data.embeddings.shape[1], data.fingerprints, args.records)
    leak_table = leaks.read(args.leaks)
    if list(leak_table["path"]) != data.paths:
        raise UserError(f"{args.leaks} is about other clips than {', '.join(args.records)}. Make it anew with find_leaks.py.")
    table = predictions.table(data.paths, data.labels, trained.scores(data.embeddings)[:, POSITIVE])
    scored = evaluation.Scored(predictions.truth(table), table["p_positive"].to_numpy(), leak_table["video"].to_numpy(object))

    held_out = predictions.read(args.held_out)
    recalls = sorted({*args.recalls, args.operating_recall})
    rules = operating_points.rules(predictions.truth(held_out), held_out["p_positive"].to_numpy(), recalls)
    chosen = next(rule for rule in rules if rule.wanted == args.operating_recall)
    result = evaluation.describe(scored, rules, args.replicates, args.seed)
    uncalibrated = trained.at_temperature(1 / trained.facts["temperature"])
    free = ~leak_table["video_in_training"].to_numpy(bool)
    threshold = predictions.THRESHOLD if chosen.threshold is None else chosen.threshold
    result |= {
        "operating_point": {
            "wanted_recall": chosen.wanted,
            "threshold": threshold,
            "held_out_recall": chosen.reached,
            "reason": chosen.reason,
        },
        "held_out": {name: int((held_out["label"] == name).sum()) for name in LABELS} | {"origin": trained.facts["held_out"]["origin"]},
        "free_of_leaks": _free_of_leaks(result, scored, free, rules, args),
        "near_duplicates": int((leak_table["near_duplicates"] > 0).sum()),
        "calibration": {
            "temperature": trained.facts["temperature"],
            "before": calibration.errors(scored.truth, uncalibrated.scores(data.embeddings)[:, POSITIVE]),
            "after": calibration.errors(scored.truth, scored.p_positive),
        },
    }
    result["warnings"] = evaluation.warnings(result, trained.facts["held_out"]["warning"], recalls)
    predictions.write(table, args.predictions)
    tables.write_frame(evaluation.by_video(scored, threshold), args.videos)
    atomic.write_text(args.metrics, json.dumps(result, indent=2) + "\n")
    for name in (name for name, metric in METRICS.items() if metric.first):
        print(f"{name:11s} {_shown(result[name])}", file=sys.stderr)
    for warning in result["warnings"]:
        print(f"WARNING: {warning}", file=sys.stderr)


def _free_of_leaks(result: dict, scored: evaluation.Scored, free: np.ndarray, rules: list, args: argparse.Namespace) -> dict | None:
    """As `result`, for the Testing clips whose video is not in Training; None when there is none."""
    if free.all():
        return dict(result)
    return evaluation.describe(scored.part(free), rules, args.replicates, args.seed) if free.any() else None


def _shown(metric: dict) -> str:
    if metric["value"] is None:
        return f"not defined: {metric['reason']}"
    interval = f" (95 % interval {metric['low']:.3f} to {metric['high']:.3f})" if metric["low"] is not None else ""
    return f"{metric['value']:.3f}{interval}"


run_program(main)
