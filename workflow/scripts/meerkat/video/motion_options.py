"""The settings of motion detection as command-line options and as rows of parameters.csv."""

import argparse
from dataclasses import fields

from .motion import Settings

_TYPES = {"kernel_size": int}


def add(parser: argparse.ArgumentParser) -> None:
    """Add an option for each setting, and `--every`."""
    parser.add_argument("--frame_step", type=int, default=1, help="look at each so many-th frame")
    for field in fields(Settings):
        if field.name == "roi":
            parser.add_argument("--roi", type=float, nargs=4, help="look at this part only: left top width height, as fractions")
        elif field.name == "ignore":
            parser.add_argument("--ignore", type=float, nargs=4, action="append", default=[], help="pass this part over; can be repeated")
        else:
            parser.add_argument(f"--{field.name}", type=_TYPES.get(field.name, float), default=field.default)


def settings(args: argparse.Namespace) -> Settings:
    """The settings that the options say."""
    return Settings(**{field.name: getattr(args, field.name) for field in fields(Settings)})


def parameters(args: argparse.Namespace) -> dict[str, object]:
    """The options as rows of parameters.csv."""
    return {"video": args.video, "frame_step": args.frame_step} | {field.name: getattr(args, field.name) for field in fields(Settings)}
