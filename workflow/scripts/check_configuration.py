"""Check configuration files before Snakemake reads them: its own messages come late, and name neither the line nor what to write."""

import argparse
import os
from pathlib import Path

from meerkat.errors import UserError, run_program
from meerkat.running import own_configuration


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", help="configuration file (YAML)")
    parser.add_argument("targets", nargs="*", help="targets of Snakemake; the folders and tables that they need must exist")
    args = parser.parse_args()
    if not os.access(Path.cwd(), os.W_OK):
        raise UserError(f"{Path.cwd()} cannot be written to, and a run keeps its records in the folder where you type. Type it elsewhere.")
    own_configuration.check_places(own_configuration.read([args.file]), [args.file], args.targets)


run_program(main)
