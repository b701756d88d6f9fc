"""Write the page that shows the visits of animals: what to watch, with pictures, and which videos gave nothing."""

import argparse
import json
from pathlib import Path

from meerkat import atomic, tables
from meerkat.errors import run_program
from meerkat.report import visits_report
from meerkat.video import video_report


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--motion", required=True, type=Path, help="folder with a folder of tables for each video")
    parser.add_argument("--videos", required=True, help="CSV file with the names of the videos, which their folders have: name,path")
    parser.add_argument("--visits", required=True, type=Path, help="visits.csv of find_visits.py, with the pictures in folders beside it")
    parser.add_argument("--check", type=Path, help="check.json of check_visits.py, if a person saw some of the videos")
    parser.add_argument("--template", required=True, type=Path, help="the page (Jinja)")
    parser.add_argument("--report", required=True, type=Path, help="HTML file to write")
    args = parser.parse_args()

    paths = {row["name"]: row["path"] for row in tables.read(args.videos, "list_videos.py")}
    videos = {name: video_report.read(args.motion / name / "parameters.csv") for name in paths}
    visits = tables.read(args.visits, "find_visits.py")
    check = json.loads(args.check.read_text()) if args.check else None
    page = visits_report.render(args.template.read_text(), args.report.parent, paths, videos, visits, check)
    atomic.write_text(args.report, page)


run_program(main)
