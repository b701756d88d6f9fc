"""Check configuration files before Snakemake reads them: its own messages name neither the line nor what to write."""

import argparse

from meerkat.errors import run_program
from meerkat.running import config_file


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", help="configuration files (YAML)")
    for file in parser.parse_args().files:
        config_file.check(file)


run_program(main)
