"""Write one of the outputs that are made from the visits; the first word says which."""

import argparse
from importlib import import_module

from meerkat.errors import run_program
from meerkat.settings import options
from meerkat.visits.found_visits import FoundVisits
from meerkat.visits.outputs import OUTPUTS, files_beside


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="OUTPUT")
    for output in OUTPUTS:
        command = commands.add_parser(output.name, help=", ".join(output.files))
        FoundVisits.add_options(command)
        command.add_argument("--folder", required=True, help="the folder of videos")
        options.add(command, *output.settings)
        options.add_threads(command)
        command.set_defaults(output=output)
    args = parser.parse_args()
    args.earlier = files_beside(args.output, args.annotations)
    import_module(args.output.module).write(FoundVisits(args.annotations, args.motion), args)


run_program(main)
