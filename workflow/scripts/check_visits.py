"""Compare the visits that were found with those that a person saw: how many are lost, at which stage, and how many are false."""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path, PurePath

import numpy as np
from meerkat import atomic
from meerkat.data import clip_lists
from meerkat.errors import run_program
from meerkat.evaluate.intervals import share_interval
from meerkat.settings import options
from meerkat.settings.annotate import Joining
from meerkat.tables import csv_text
from meerkat.video import truth, video_report
from meerkat.video.motion_files import kept_clips
from meerkat.video.scored_videos import ScoredVideos


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--truth", required=True, help="CSV file of a person: video,begin,end, a row for each visit")
    ScoredVideos.add_options(parser)
    options.add(parser, Joining)
    parser.add_argument("--training", help="CSV file with the Training clips of the model, if it is ours")
    parser.add_argument("--lost", required=True, help="CSV file to write: each visit that was seen, and what became of it; false visits")
    parser.add_argument("--check", required=True, help="JSON file to write: the counts and shares")
    args = parser.parse_args()

    videos = ScoredVideos(args)
    rows, false, filmed, left, counts = [], [], 0.0, 0.0, []
    seen = truth.read(args.truth, videos.listed, videos.length)
    for name, spans in seen.items():
        video = videos.video(name)
        decoded = truth.Span(*video_report.decoded(video.facts))
        outcomes = [truth.outcome(span, decoded, video.tracks, videos.threshold) for span in spans]
        rows += [(name, f"{span.begin:g}", f"{span.end:g}", what) for span, what in zip(spans, outcomes, strict=True)]
        found = video.visits(videos.threshold, args.join)
        false += [
            (name, f"{visit.begin:.3f}", f"{visit.end:.3f}", "false visit")
            for visit in found
            if not any(span.meets(visit.begin, visit.end) for span in spans)
        ]
        filmed += decoded.end - decoded.begin
        left += sum(visit.end - visit.begin for visit in found)
        counts.append((outcomes.count(truth.FOUND), len(outcomes)))
    became = Counter(what for *_, what in rows)
    low, high = share_interval(*np.array(counts).T) if rows else (None, None)
    check = {
        "visits": len(rows),
        **{what: became[what] for what in truth.OUTCOMES},
        "share": {"value": became[truth.FOUND] / len(rows) if rows else None, "low": low, "high": high},
        "videos": len(counts),
        "videos_in_training": len(_in_training(args.training, args.motion, seen)) if args.training else 0,
        "hours": filmed / 3600,
        "seconds_left_to_watch": left,
        "false_visits": len(false),
    }
    atomic.write_text(args.lost, csv_text([("video", "begin", "end", "outcome"), *rows, *false]))
    atomic.write_text(args.check, json.dumps(check, indent=2) + "\n")
    lost = ", ".join(f"{what}: {became[what]}" for what in truth.OUTCOMES if what != truth.FOUND)
    print(f"Found: {became[truth.FOUND]} of {len(rows)} visits that a person saw. {lost}. False visits: {len(false)}.", file=sys.stderr)


def _in_training(training: str, motion: Path, videos: Iterable[str]) -> set[str]:
    """The videos of which clips are in the list, by the names of the clips."""
    video_of = {clip.file: clip.video for clip in kept_clips(motion, videos)}
    names = (PurePath(clip.path).name for clip in clip_lists.read(training))
    return {video_of[name] for name in names if name in video_of}


run_program(main)
