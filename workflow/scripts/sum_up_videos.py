"""List the videos that could not be read, or not to their end, and count what the others gave."""

import argparse
import sys

from meerkat import atomic, video_report
from meerkat.errors import listing, run_program
from meerkat.tables import csv_text


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--parameters", nargs="+", required=True, help="the parameters.csv of each video")
    parser.add_argument("--rejected", required=True, help="CSV file to write: path,reason")
    args = parser.parse_args()

    videos = [video_report.read(path) for path in args.parameters]
    rejected = [(video["video"], video[video_report.PROBLEM]) for video in videos if video[video_report.PROBLEM]]
    atomic.write_text(args.rejected, csv_text([("path", "reason"), *rejected]))
    frames, events = (sum(int(video[name]) for video in videos) for name in ("Total Frames", "Motion Events"))
    print(f"{len(videos)} videos, {frames} frames, {events} with motion.", file=sys.stderr)
    if rejected:
        lines = [f"{path}: {reason}" for path, reason in rejected]
        print(f"{len(rejected)} videos could not be read, or not whole; all in {args.rejected}:\n{listing(lines)}", file=sys.stderr)


run_program(main)
