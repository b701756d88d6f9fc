"""Check configuration files before Snakemake reads them: what it says itself names neither the line nor what to write, and comes late."""

import argparse

from meerkat.errors import run_program
from meerkat.running import configuration


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", help="configuration file (YAML)")
    parser.add_argument("targets", nargs="*", help="what is to be made: folders and tables that it needs must be there")
    args = parser.parse_args()
    configuration.check_places(configuration.read([args.file]), [args.file], args.targets)


run_program(main)
