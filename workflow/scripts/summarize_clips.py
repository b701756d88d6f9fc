"""List the videos that could not be read, or not to the end, and count what was found in the others."""

import argparse
from pathlib import Path

from meerkat import atomic
from meerkat.errors import run_program
from meerkat.log import log
from meerkat.video import video_files, video_report


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--motion", required=True, type=Path, help="folder with a folder of tables for each video")
    parser.add_argument("--clips", required=True, type=Path, help="folder with a folder of clips for each video")
    parser.add_argument("--videos", required=True, help="CSV file with the videos: name (also that of its folder),path")
    parser.add_argument("--rejected", required=True, help="CSV file to write: path,reason")
    args = parser.parse_args()

    names = list(video_files.read_list(args.videos).paths)
    found = [video_report.read(args.motion / name / "parameters.csv") for name in names]
    atomic.write_text(args.rejected, video_report.rejected_csv(found))
    log.info(video_report.summary(found, args.rejected) + video_report.leftovers(args.clips, names))


run_program(main)
