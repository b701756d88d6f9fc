"""List the videos below a folder with the names they have in results."""

import argparse
import sys

from meerkat import atomic
from meerkat.data.file_tree import litter_line
from meerkat.errors import printable, run_program
from meerkat.tables import csv_text
from meerkat.video import video_files


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", required=True, help="folder with videos, also in sub-folders")
    parser.add_argument("--leave_out", help="a folder that is no part of it, such as that of the results")
    parser.add_argument("--videos", required=True, help="CSV file to write: name,path")
    args = parser.parse_args()

    litter: list[str] = []
    videos = video_files.list_videos(args.folder, args.leave_out, litter)
    atomic.write_text(args.videos, csv_text([("name", "path"), *videos.items()]))
    if litter:
        print(printable(litter_line(litter)), file=sys.stderr)
    print(f"{len(videos)} videos in {args.folder}", file=sys.stderr)


run_program(main)
