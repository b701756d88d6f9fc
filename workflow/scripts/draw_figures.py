"""Draw the figures of an evaluation and of the training behind it, each with its caption beside it."""

import argparse
import json
from pathlib import Path

from meerkat import atomic
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

    table, facts = predictions.read(args.predictions), head.load(args.head).facts
    data = figures.Evaluated(
        truth=predictions.truth(table),
        called=(table["predicted"] == LABELS[POSITIVE]).to_numpy(int),
        p_positive=table["p_positive"].to_numpy(float),
        operating_points=json.loads(args.metrics.read_text())["operating_points"],
        heads=facts["heads"],
        positive_share=facts["calibration"]["positive_share"],
    )
    for name in figures.FIGURES:
        figures.draw(name, data, args.output / f"{name}.svg")
        atomic.write_text(args.output / f"{name}.rst", figures.caption_text(name))


run_program(main)
