"""Score the Testing records with the head: predictions, metrics with intervals, thresholds, figures, a table of the videos, and a table of
which Testing clips the model may have seen in Training.

The thresholds come from the Training clips, each scored by a head that never saw it, and so does an estimate of how good the model is.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import pandas as pd
from meerkat import atomic, tables
from meerkat.data import origins, predictions, records
from meerkat.data.labels import POSITIVE
from meerkat.errors import UserError, run_program
from meerkat.evaluate import evaluation, figures, leaks, operating_points
from meerkat.evaluate.metrics import FIRST
from meerkat.log import log
from meerkat.settings import options
from meerkat.settings.data import ClipOrigins
from meerkat.settings.evaluate import Evaluate
from meerkat.settings.section import Seeded
from meerkat.train import calibration, head
from meerkat.wording import value
from threadpoolctl import threadpool_limits


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--training", nargs="+", required=True, help="record files (*.tfrecord.gz) of the Training clips, or patterns")
    parser.add_argument("--testing", nargs="+", required=True, help="record files (*.tfrecord.gz) of the Testing clips, or patterns")
    parser.add_argument(
        "--lists", nargs="*", default=[], help="lists, or patterns of them; the Testing records must contain exactly their clips"
    )
    origins.add_options(parser)
    parser.add_argument("--head", required=True, help="the head (*.npz)")
    parser.add_argument("--out_of_fold", required=True, help="scores of the Training clips by heads that never saw them")
    options.add(parser, Evaluate, ClipOrigins, Seeded)
    parser.add_argument("--predictions", required=True, help="CSV file to write: path,label,p_positive,predicted")
    parser.add_argument("--metrics", required=True, help="JSON file to write")
    parser.add_argument("--videos", required=True, help="CSV file to write: one row a video")
    parser.add_argument("--leaks", required=True, help="CSV file to write: one row a Testing clip")
    parser.add_argument("--figures", required=True, type=Path, help="folder for the figures and their captions")
    options.add_threads(parser)
    args = parser.parse_args()
    options.given(args, Evaluate)  # Refuses values that are out of range.

    trained, data = head.load(args.head), records.read(args.testing, Path(args.metrics).parent, args.lists)
    if not data.paths:
        raise UserError("There is no Testing clip. Add clips to Testing/Positive and Testing/Negative.")
    head.check_fits(trained, data.embeddings.shape[1], data.fingerprints, args.testing)
    where = origins.listed(args.video_pattern, args.sites)
    with threadpool_limits(args.threads, "blas"):
        leak_table = leaks.find(args.training, data, where, args.near_duplicate)
    table = predictions.table(data.paths, data.labels, trained.scores(data.embeddings)[:, POSITIVE])
    scored = evaluation.Scored(predictions.truth(table), table["p_positive"].to_numpy(), leak_table["video"].to_numpy(object))

    training = predictions.read(args.out_of_fold, "train.py")
    held_out = evaluation.Scored(predictions.truth(training), training["p_positive"].to_numpy(), training["group"].to_numpy(object))
    recalls = sorted({*args.recalls, args.operating_recall})
    rules = operating_points.rules(held_out.truth, held_out.p_positive, recalls)
    chosen = next(rule for rule in rules if rule.wanted == args.operating_recall)
    result = evaluation.describe(scored, rules, args.replicates, args.seed)
    folds, calibrated = trained.facts["folds"], trained.facts["calibration"]
    temperature, offset = calibrated["temperature"], calibrated["offset"]
    uncalibrated = trained.scaled(temperature, offset * (1 - temperature))
    weights = calibration.weights_for(scored.truth, calibrated["positive_share"])
    free = ~leak_table["video_in_training"].to_numpy(bool)
    threshold = predictions.THRESHOLD if chosen.threshold is None else chosen.threshold
    result |= {
        "operating_point": {
            "wanted_recall": chosen.wanted,
            "threshold": threshold,
            "held_out_recall": chosen.reached,
            "reason": chosen.reason,
        },
        "estimate": evaluation.describe(held_out, rules, args.replicates, args.seed, FIRST)
        | {"origin": folds["origin"], "unit": folds["unit"]},
        "sites": _sites(scored, leak_table, rules, args),
        "free_of_leaks": _free_of_leaks(result, scored, free, rules, args),
        "near_duplicates": int((leak_table["near_duplicates"] > 0).sum()),
        "calibration": {
            **calibrated,
            "before": calibration.errors(scored.truth, uncalibrated.scores(data.embeddings)[:, POSITIVE], weights),
            "after": calibration.errors(scored.truth, scored.p_positive, weights),
        },
    }
    result["warnings"] = evaluation.warnings(result, folds["warning"], recalls)
    tables.write_frame(table, args.predictions)
    tables.write_frame(leak_table, args.leaks)
    tables.write_frame(evaluation.by_video(scored, threshold), args.videos)
    atomic.write_text(args.metrics, json.dumps(result, indent=2) + "\n")
    drawn_from = figures.Evaluated(
        scored.truth,
        scored.p_positive,
        scored.videos,
        leak_table["site"].to_numpy(object),
        operating_points=result["operating_points"],
        heads=trained.facts["heads"],
        positive_share=calibrated["positive_share"],
    )
    figures.draw_all(drawn_from, args.figures)
    log.info("On the Testing clips, with 95 % intervals:")
    for name in FIRST:
        log.info(f"  {name:{max(map(len, FIRST))}} {value(result[name], share=False)}")
    log.info(
        f"Of {len(leak_table)} Testing clips, {leak_table['video_in_training'].sum()} come from a Training video and "
        f"{result['near_duplicates']} look like a Training clip (similarity {args.near_duplicate:g} or more)."
    )
    for warning in result["warnings"]:
        log.warning(warning)


def _free_of_leaks(result: dict, scored: evaluation.Scored, free: np.ndarray, rules: list, args: argparse.Namespace) -> dict | None:
    """As `result`, for the Testing clips whose video is not in Training; None if there are none."""
    if free.all():
        return dict(result)
    return evaluation.describe(scored.part(free), rules, args.replicates, args.seed) if free.any() else None


def _sites(scored: evaluation.Scored, leak_table: pd.DataFrame, rules: list, args: argparse.Namespace) -> dict:
    """How good the model is at sites that are not in Training ("new"), and at those that are ("seen"); None if there are no such clips."""
    site, seen = leak_table["site"].to_numpy(object), leak_table["site_in_training"].to_numpy(bool)
    by_site = evaluation.Scored(scored.truth, scored.p_positive, site)

    def part(mask: np.ndarray) -> dict | None:
        return evaluation.describe(by_site.part(mask), rules, args.replicates, args.seed, FIRST) if mask.any() else None

    return {"known": int((site != "").sum()), "new": part((site != "") & ~seen), "seen": part(seen)}


run_program(main)
