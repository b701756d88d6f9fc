"""Write the page that shows the visits of animals: what to watch, with pictures, and which videos could not be read."""

import argparse
import json
from pathlib import Path

from meerkat import atomic, tables
from meerkat.errors import run_program
from meerkat.log import log
from meerkat.report import visits_report
from meerkat.visits.found_visits import FoundVisits


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    FoundVisits.add_options(parser)
    parser.add_argument("--check", type=Path, help="check.json of check_visits.py, if a person has watched some of the videos")
    parser.add_argument("--audit", type=Path, help="audit.json of audit_visits.py, if a person has looked at moments that were drawn")
    parser.add_argument("--effort", help="effort.csv of write_visits.py, if there is a table of cameras")
    parser.add_argument("--template", required=True, type=Path, help="the page (Jinja)")
    parser.add_argument("--report", required=True, type=Path, help="HTML file to write")
    args = parser.parse_args()

    found = FoundVisits(args.annotations, args.motion)
    page = visits_report.render(
        args.template,
        args.report.parent,
        videos=found.videos,
        visits=found.visits,
        check=json.loads(args.check.read_text()) if args.check else None,
        audit=json.loads(args.audit.read_text()) if args.audit else None,
        weighs=found.decided_by["weighs"],
        is_guess=found.decided_by["is_guess"],
        effort=tables.read(args.effort, "write_visits.py") if args.effort else [],
    )
    atomic.write_text(args.report, page)
    log.info(f"Open {args.report} in the browser.")


run_program(main)
