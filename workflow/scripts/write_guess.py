"""Write a model that guesses, from ImageNet alone, whether a clip shows an animal. It serves until something is sorted."""

import argparse
from pathlib import Path

from meerkat.errors import run_program
from meerkat.export import guess


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", required=True, type=Path, help="folder for saved_model.pb")
    args = parser.parse_args()
    guess.write(args.output)


run_program(main)
