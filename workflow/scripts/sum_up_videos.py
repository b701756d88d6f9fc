"""List the videos that could not be read, or not to their end, and count what the others gave."""

import argparse
import sys
from pathlib import Path

from meerkat import atomic, video_report
from meerkat.errors import run_program


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", required=True, type=Path, help="folder with a folder for each video")
    parser.add_argument("--videos", nargs="+", required=True, help="the videos' folders in it")
    parser.add_argument("--rejected", required=True, help="CSV file to write: path,reason")
    args = parser.parse_args()

    found = [video_report.read(args.folder / name / "parameters.csv") for name in args.videos]
    atomic.write_text(args.rejected, video_report.rejected_csv(found))
    print(video_report.summary(found, args.rejected), file=sys.stderr)


run_program(main)
