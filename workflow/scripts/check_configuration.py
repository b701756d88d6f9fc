"""Check configuration files before Snakemake reads them: what it says itself names neither the line nor what to write, and comes late."""

import argparse
from pathlib import Path

import yaml
from meerkat.errors import run_program
from meerkat.running import configuration

ROOT = Path(__file__).resolve().parents[2]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", help="configuration files (YAML)")
    schema = yaml.safe_load((ROOT / "workflow/schemas/config.schema.yaml").read_text())
    configuration.check_files(parser.parse_args().files, ROOT / "config.yaml", schema)


run_program(main)
