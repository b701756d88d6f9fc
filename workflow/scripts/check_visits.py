"""Compare the visits that the scores alone give with those that a person saw: how many were lost, at which stage, and how many are false.
What a person has sorted or reviewed does not count here, because it says nothing about the model."""

import argparse
import json
from collections import Counter

import numpy as np
from meerkat import atomic
from meerkat.errors import run_program
from meerkat.evaluate.intervals import share_interval
from meerkat.log import log
from meerkat.tables import write_rows
from meerkat.video import video_files, video_report
from meerkat.video.known_films import KnownFilms
from meerkat.visits import found_visits, truth


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--truth", required=True, help="CSV file that a person wrote: video,begin,end, a row for each visit")
    found_visits.FoundVisits.add_options(parser)
    parser.add_argument("--listed", required=True, help="CSV file with the videos, from gather_motion.py")
    parser.add_argument("--known", required=True, help="CSV file that remembers the films that were seen")
    parser.add_argument("--folder", required=True, help="the folder of videos; people write paths below it")
    parser.add_argument("--training", help="CSV file with the Training clips of the model, if it is ours")
    parser.add_argument("--lost", required=True, help="CSV file to write: each visit that was seen, and whether it was found; false visits")
    parser.add_argument("--check", required=True, help="JSON file to write: the counts and shares")
    args = parser.parse_args()

    found = found_visits.FoundVisits(args.annotations, args.motion)
    rows, false, filmed, left, counts = [], [], 0.0, 0.0, []
    seen = truth.read(
        args.truth,
        video_files.read_list(args.listed, args.folder),
        KnownFilms(args.known),
        lambda video: video_report.length(found.facts(video)),
    )
    for name, spans in seen.items():
        decoded = truth.Span(*video_report.decoded(found.facts(name)))
        outcomes = [truth.outcome(span, decoded, found.passages[name]) for span in spans]
        rows += [(name, f"{span.begin:g}", f"{span.end:g}", what) for span, what in zip(spans, outcomes, strict=True)]
        visits = truth.scored_visits(found.passages[name])
        false += [
            (name, f"{visit.begin:.3f}", f"{visit.end:.3f}", "false visit")
            for visit in visits
            if not any(span.meets(visit.begin, visit.end) for span in spans)
        ]
        filmed += decoded.end - decoded.begin
        left += sum(visit.end - visit.begin for visit in visits)
        counts.append((outcomes.count(truth.FOUND), len(outcomes)))
    became = Counter(what for *_, what in rows)
    low, high = share_interval(*np.array(counts).T) if rows else (None, None)
    check = {
        "visits": len(rows),
        **{what: became[what] for what in truth.OUTCOMES},
        "share": {"value": became[truth.FOUND] / len(rows) if rows else None, "low": low, "high": high},
        "videos": len(counts),
        "videos_in_training": len(found.in_training(args.training, seen)),
        "hours": filmed / 3600,
        "seconds_left_to_watch": left,
        "false_visits": len(false),
    }
    write_rows([("video", "begin", "end", "outcome"), *rows, *false], args.lost)
    atomic.write_text(args.check, json.dumps(check, indent=2) + "\n")
    lost = ", ".join(f"{what}: {became[what]}" for what in truth.OUTCOMES if what != truth.FOUND)
    log.info(f"Found: {became[truth.FOUND]} of {len(rows)} visits that a person saw. {lost}. False visits: {len(false)}.")


run_program(main)
