"""List the videos below a folder with the names they have in results."""

import argparse
import sys
from pathlib import Path

from meerkat import atomic
from meerkat.data.file_tree import litter_line
from meerkat.errors import printable, run_program
from meerkat.tables import csv_text
from meerkat.video import video_files
from meerkat.video.estimate import estimate
from meerkat.wording import duration


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", required=True, help="folder with videos, also in sub-folders")
    parser.add_argument("--leave_out", help="a folder that is no part of it, such as that of the results")
    parser.add_argument("--motion", required=True, type=Path, help="folder with a folder for each video that has been searched")
    parser.add_argument("--videos", required=True, help="CSV file to write: name,path")
    args = parser.parse_args()

    litter: list[str] = []
    videos = video_files.list_videos(args.folder, args.leave_out, litter)
    atomic.write_text(args.videos, csv_text([("name", "path"), *videos.items()]))
    if litter:
        print(printable(litter_line(litter)), file=sys.stderr)
    new = [path for name, path in videos.items() if not (args.motion / name / "parameters.csv").is_file()]
    print(f"{len(videos)} videos in {args.folder}, {len(new)} of them new.", file=sys.stderr)
    if new:
        found = estimate(new)
        print(
            f"About {duration(found.film)} of new film: the search for motion takes about {duration(found.core)} on one core, half of it "
            f"on two, and the pictures up to {found.gigabytes:.1f} GB.",
            file=sys.stderr,
        )


run_program(main)
