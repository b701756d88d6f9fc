"""Find out whether what passages did says more than their pixels alone, and from which score on a passage is an animal."""

import argparse
import json
from pathlib import Path

from meerkat import atomic
from meerkat.data import predictions
from meerkat.errors import run_program
from meerkat.log import log
from meerkat.settings import options
from meerkat.settings.annotate import Joining
from meerkat.video import video_files
from meerkat.visits import known_passages, weighing
from meerkat.visits.fitting import fit, visit_threshold


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--motion", required=True, type=Path, help="folder with a folder of tables for each video")
    parser.add_argument("--videos", required=True, help="CSV file with the videos, from gather_motion.py")
    parser.add_argument("--out_of_fold", required=True, help="CSV file of train.py: scores of Training clips by heads that never saw them")
    parser.add_argument("--metrics", required=True, type=Path, help="metrics.json, whose operating point counts if there are few visits")
    parser.add_argument("--weighing", required=True, help="JSON file to write")
    options.add(parser, Joining)
    args = parser.parse_args()

    listed = video_files.read_list(args.videos)
    known = known_passages.read(predictions.read(args.out_of_fold, "train.py"), args.motion, listed.paths)
    bursts = {one.video for one in known if listed.films[one.video].pictures}
    kinds = {
        weighing.FILMS: fit([one for one in known if one.video not in bursts]),
        weighing.BURSTS: fit([one for one in known if one.video in bursts]),
    }
    point = json.loads(args.metrics.read_text())["operating_point"]
    scored = [(one, score) for fitted in kinds.values() for one, score in zip(fitted.known, fitted.scores, strict=True)]
    threshold, visits = visit_threshold(scored, point["wanted_recall"], args.join)
    made = {
        # A threshold from few clips can be so high, by chance, that animals are lost of which the model is quite sure.
        "threshold": min(point["threshold"], predictions.THRESHOLD) if threshold is None else threshold,
        "threshold_from": "clips" if threshold is None else "visits",
        "visits": visits,
        "kinds": {kind: fitted.facts for kind, fitted in kinds.items()},
    }
    atomic.write_text(args.weighing, json.dumps(made, indent=2) + "\n")
    for kind, fitted in kinds.items():
        if fitted.known:
            log.info(f"{kind.capitalize()}: {fitted.says}")


run_program(main)
