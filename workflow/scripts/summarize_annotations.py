"""Put the annotations of all videos together: detections.json, the videos that could not be read, and a report to look at."""

import argparse
import json
import sys
from pathlib import Path

from meerkat import atomic, tables
from meerkat.errors import run_program
from meerkat.report import annotations_report
from meerkat.video import detections, video_report


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", required=True, type=Path, help="folder with a folder for each video")
    parser.add_argument("--videos", required=True, help="CSV file with the names of the videos, which their folders have: name,path")
    parser.add_argument("--template", required=True, type=Path, help="the page (Jinja)")
    parser.add_argument("--detections", required=True, help="JSON file to write, in MegaDetector's format")
    parser.add_argument("--rejected", required=True, help="CSV file to write: path,reason")
    parser.add_argument("--report", required=True, help="HTML file to write")
    args = parser.parse_args()

    names = [row["name"] for row in tables.read(args.videos, "list_videos.py")]
    found = {name: video_report.read(args.folder / name / "parameters.csv") for name in names}
    entries = [json.loads((args.folder / name / "detections.json").read_text()) for name in names]
    first = next(iter(found.values()))
    batch = detections.batch(entries, first["model"], float(first["threshold"]))
    atomic.write_text(args.detections, json.dumps(batch) + "\n")
    atomic.write_text(args.rejected, video_report.rejected_csv(found.values()))
    atomic.write_text(args.report, annotations_report.render(args.template.read_text(), args.folder, found))
    print(video_report.summary(found.values(), args.rejected) + video_report.leftovers(args.folder, names), file=sys.stderr)


run_program(main)
