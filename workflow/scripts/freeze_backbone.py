"""Freeze a backbone with its weights into one TensorFlow graph, and say what it is in a JSON file beside it."""

import argparse

from meerkat.errors import run_program
from meerkat.log import log
from meerkat.preprocess import backbones
from meerkat.settings import options
from meerkat.settings.preprocess import Backbone


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    options.add(parser, Backbone)
    parser.add_argument("--graph", required=True, help="file for the graph (*.pb)")
    args = parser.parse_args()

    backbone = backbones.freeze(args.name, args.weights)
    backbones.save(backbone, args.graph)
    log.info(f"{backbone.name}: {backbone.size} px in, {backbone.width} numbers out; {backbone.weights}")


run_program(main)
