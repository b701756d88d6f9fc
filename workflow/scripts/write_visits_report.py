"""Write the page that shows the visits of animals: what to watch, with pictures, and which videos gave nothing."""

import argparse
import json
from pathlib import Path

from meerkat import atomic, tables
from meerkat.errors import run_program
from meerkat.report import visits_report


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--visits", required=True, help="visits.csv of find_visits.py, with the pictures in folders beside it")
    parser.add_argument("--videos", required=True, help="videos.csv of find_visits.py")
    parser.add_argument("--quiet_minutes", required=True, help="quiet_minutes.csv of sample_quiet_minutes.py")
    parser.add_argument("--check", type=Path, help="check.json of check_visits.py, if a person saw some of the videos")
    parser.add_argument("--template", required=True, type=Path, help="the page (Jinja)")
    parser.add_argument("--report", required=True, type=Path, help="HTML file to write")
    args = parser.parse_args()

    page = visits_report.render(
        args.template,
        args.report.parent,
        videos=tables.read(args.videos, "find_visits.py"),
        visits=tables.read(args.visits, "find_visits.py"),
        quiet_minutes=tables.read(args.quiet_minutes, "sample_quiet_minutes.py"),
        check=json.loads(args.check.read_text()) if args.check else None,
    )
    atomic.write_text(args.report, page)


run_program(main)
