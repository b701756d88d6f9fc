"""Write the visits as a Camera Trap Data Package, which data portals and other programs read."""

import argparse
import json
import sys
from pathlib import Path

from meerkat import atomic, tables
from meerkat.errors import UserError, examples, run_program
from meerkat.tables import csv_text
from meerkat.video import camtrap_dp


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--visits", required=True, help="visits.csv of find_visits.py")
    parser.add_argument("--videos", required=True, help="videos.csv of find_visits.py")
    parser.add_argument("--folder", required=True, help="the folder of videos, from which the package names them")
    parser.add_argument("--deployments", required=True, help="CSV file of a person: site,latitude,longitude,timezone")
    parser.add_argument("--output", required=True, type=Path, help="folder for the package")
    args = parser.parse_args()

    places = camtrap_dp.read_places(args.deployments)
    videos = tables.read(args.videos, "find_visits.py")
    files = {video["video"]: Path(video["path"]).relative_to(args.folder).as_posix() for video in videos}
    package = camtrap_dp.package(videos, tables.read(args.visits, "find_visits.py"), places, files)
    left_out = [f"{path}: {reason}" for path, reason in package.left_out]
    used = {video["site"].casefold() for video in videos}
    if unused := sorted(site for site in places if site.casefold() not in used):
        print(f"{args.deployments}: {len(unused)} sites are of no video here:\n{examples(unused)}", file=sys.stderr)
    if not package.tables["media"]:
        raise UserError(
            f"The Camtrap DP package would be empty, for each video is left out:\n{examples(left_out)}\n"
            f"Write the sites into {args.deployments}, and say when the videos begin (videos: table, or start_pattern), or write null at "
            "annotate: deployments."
        )
    for name, columns in camtrap_dp.TABLES.items():
        rows = [[row.get(column, "") for column in columns] for row in package.tables[name]]
        atomic.write_text(args.output / f"{name}.csv", csv_text([columns, *rows]))
    atomic.write_text(args.output / "left_out.csv", csv_text([camtrap_dp.LEFT_OUT, *package.left_out]))
    descriptor = camtrap_dp.descriptor(package, "Visits of animals")
    atomic.write_text(args.output / "datapackage.json", json.dumps(descriptor, indent=2) + "\n")
    if left_out:
        print(f"The Camtrap DP package leaves out {len(left_out)} of {len(videos)} videos:\n{examples(left_out)}", file=sys.stderr)


run_program(main)
