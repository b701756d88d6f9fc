"""Draw the figures of an evaluation from its predictions."""

import argparse
from pathlib import Path

from meerkat import figures, predictions
from meerkat.errors import run_program
from meerkat.labels import LABELS, POSITIVE


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--predictions", required=True, help="predictions.csv")
    parser.add_argument("--output", required=True, type=Path, help="folder for the figures")
    args = parser.parse_args()

    table = predictions.read(args.predictions)
    truth = (table["label"] == LABELS[POSITIVE]).to_numpy(int)
    predicted = (table["predicted"] == LABELS[POSITIVE]).to_numpy(int)
    p_positive = table["p_positive"].to_numpy(float)
    figures.confusion_matrix(truth, predicted, args.output / "confusion_matrix.svg")
    figures.roc(truth, p_positive, args.output / "roc.svg")
    figures.precision_recall(truth, p_positive, args.output / "precision_recall.svg")


run_program(main)
