"""Draw the figures of an evaluation and of the training behind it."""

import argparse
import json
from pathlib import Path

from meerkat.data import predictions
from meerkat.data.labels import LABELS, POSITIVE
from meerkat.errors import run_program
from meerkat.evaluate import figures
from meerkat.train import head


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--predictions", required=True, help="predictions.csv")
    parser.add_argument("--metrics", required=True, type=Path, help="metrics.json")
    parser.add_argument("--head", required=True, help="the head (*.npz)")
    parser.add_argument("--output", required=True, type=Path, help="folder for the figures")
    args = parser.parse_args()

    table, points = predictions.read(args.predictions), json.loads(args.metrics.read_text())["operating_points"]
    truth, p_positive = predictions.truth(table), table["p_positive"].to_numpy(float)
    called = (table["predicted"] == LABELS[POSITIVE]).to_numpy(int)
    facts = head.load(args.head).facts
    figures.confusion_matrix(truth, called, args.output / "confusion_matrix.svg")
    figures.review_rate(truth, p_positive, points, args.output / "review_rate.svg")
    figures.roc(truth, p_positive, args.output / "roc.svg")
    figures.precision_recall(truth, p_positive, args.output / "precision_recall.svg")
    figures.scores(truth, p_positive, args.output / "scores.svg")
    figures.reliability(truth, p_positive, args.output / "reliability.svg")
    figures.training(facts["history"], facts["kept"]["step"], args.output / "training.svg")


run_program(main)
