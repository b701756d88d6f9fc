"""Compare the visits that were found with those that a person saw: how many are lost, at which stage, and how many are false."""

import argparse
import json
import sys
from collections import Counter
from pathlib import Path

import numpy as np
from meerkat import atomic, tables
from meerkat.errors import run_program
from meerkat.evaluate.intervals import share_interval
from meerkat.settings import options
from meerkat.settings.annotate import Annotate
from meerkat.tables import csv_text
from meerkat.video import truth, video_report, visits


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--truth", required=True, help="CSV file of a person: video,begin,end, a row for each visit")
    parser.add_argument("--motion", required=True, type=Path, help="folder with a folder of tables for each video")
    parser.add_argument("--videos", required=True, help="CSV file with the names of the videos, which their folders have: name,path")
    parser.add_argument("--folder", required=True, help="the folder of videos, below which the truth names them")
    parser.add_argument("--scores", required=True, help="CSV file of score_clips.py")
    parser.add_argument("--metrics", type=Path, help="metrics.json whose operating point is the threshold")
    options.add(parser, Annotate, ["threshold", "join"])
    parser.add_argument("--lost", required=True, help="CSV file to write: each visit that was seen, and what became of it")
    parser.add_argument("--check", required=True, help="JSON file to write: the counts and shares")
    args = parser.parse_args()

    paths = {row["name"]: row["path"] for row in tables.read(args.videos, "list_videos.py")}
    seen = truth.read(args.truth, paths, args.folder)
    threshold = visits.threshold(args.threshold, args.metrics)
    scores = visits.read_scores(args.scores)
    rows, false, watched, counts = [], 0, 0.0, []
    for name, spans in seen.items():
        decoded = float(video_report.read(args.motion / name / "parameters.csv")[video_report.SECONDS])
        tracks = visits.read_tracks(args.motion / name, scores[name])
        outcomes = [truth.outcome(span, decoded, tracks, threshold) for span in spans]
        rows += [(name, f"{span.begin:g}", f"{span.end:g}", what) for span, what in zip(spans, outcomes, strict=True)]
        found = visits.join((track for track in tracks if track.p_positive >= threshold), args.join)
        false += sum(not any(span.meets(visit.begin, visit.end) for span in spans) for visit in found)
        watched += decoded
        counts.append((outcomes.count(truth.FOUND), len(outcomes)))
    became = Counter(what for *_, what in rows)
    low, high = share_interval(*np.array(counts).T) if rows else (None, None)
    check = {
        "visits": len(rows),
        **{what: became[what] for what in truth.OUTCOMES},
        "share": {"value": became[truth.FOUND] / len(rows) if rows else None, "low": low, "high": high},
        "videos": len(seen),
        "hours": watched / 3600,
        "false_visits": false,
    }
    atomic.write_text(args.lost, csv_text([("video", "begin", "end", "outcome"), *rows]))
    atomic.write_text(args.check, json.dumps(check, indent=2) + "\n")
    lost = ", ".join(f"{what}: {became[what]}" for what in truth.OUTCOMES if what != truth.FOUND)
    print(f"Found: {became[truth.FOUND]} of {len(rows)} visits that a person saw. {lost}. False visits: {false}.", file=sys.stderr)


run_program(main)
