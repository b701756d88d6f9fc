"""Score the Testing records with the head: predictions.csv and metrics.json."""

import argparse
import json
import sys

import numpy as np
from meerkat import atomic, clips, head, metrics, predictions, records
from meerkat.errors import UserError, run_program
from meerkat.labels import LABELS, POSITIVE


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", nargs="+", required=True, help="record files (*.tfrecord.gz) of the Testing clips")
    parser.add_argument("--head", required=True, help="the head (*.npz)")
    parser.add_argument("--predictions", required=True, help="CSV file to write: path,label,p_positive,predicted")
    parser.add_argument("--metrics", required=True, help="JSON file to write")
    parser.add_argument("--video_pattern", default=clips.DEFAULT_VIDEO_PATTERN, help="regular expression with a group `video`")
    parser.add_argument("--replicates", type=int, default=200, help="bootstrap replicates behind the intervals")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()

    trained, data = head.load(args.head), records.read(args.records)
    if not data.paths:
        raise UserError("There is no Testing clip. Add clips to Testing/Positive and Testing/Negative.")
    head.check_fits(trained, data.embeddings.shape[1], data.fingerprints, args.records)
    table = predictions.table(data.paths, data.labels, trained.scores(data.embeddings)[:, POSITIVE])
    truth = (data.labels == POSITIVE).astype(int)
    predicted = (table["predicted"] == LABELS[POSITIVE]).to_numpy(int)
    pattern = clips.compile_video_pattern(args.video_pattern)
    videos = [clips.video_of(path, pattern) for path in data.paths]
    result = {
        "clips": {name: int(np.sum(data.labels == label)) for label, name in enumerate(LABELS)},
        "videos": len(set(videos)),
        "threshold": predictions.THRESHOLD,
        "confusion": metrics.confusion(truth, predicted),
        **metrics.with_intervals(truth, table["p_positive"].to_numpy(float), predicted, videos, args.replicates, args.seed),
    }
    predictions.write(table, args.predictions)
    atomic.write_text(args.metrics, json.dumps(result, indent=2) + "\n")
    for name in ("accuracy", "recall", "precision", "roc_auc"):
        print(f"{name:10s} {_shown(result[name])}", file=sys.stderr)


def _shown(metric: dict) -> str:
    if metric["value"] is None:
        return "not defined: the Testing clips are all of one class"
    interval = f" (95 % interval {metric['low']:.3f} to {metric['high']:.3f})" if metric["low"] is not None else ""
    return f"{metric['value']:.3f}{interval}"


run_program(main)
