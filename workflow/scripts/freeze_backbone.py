"""Freeze a backbone with its weights into one TensorFlow graph, and say what it is in a JSON file beside it."""

import argparse
import sys

from meerkat.errors import run_program
from meerkat.preprocess import backbones


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--name", required=True, help="efficientnet_lite0, efficientnet_lite2 or a class of keras.applications")
    parser.add_argument("--weights", help="weights file; ImageNet weights if not given")
    parser.add_argument("--graph", required=True, help="file for the graph (*.pb)")
    args = parser.parse_args()

    backbone = backbones.freeze(args.name, args.weights)
    backbones.save(backbone, args.graph)
    print(f"{backbone.name}: {backbone.size} px in, {backbone.width} numbers out; {backbone.weights}", file=sys.stderr)


run_program(main)
