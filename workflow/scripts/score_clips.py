"""Score the clips of all videos with an exported model. Scores of this model that are known already are used again."""

import argparse
import sys
from pathlib import Path

from meerkat import atomic, tables
from meerkat.errors import run_program
from meerkat.export.served_model import ServedModel, digest
from meerkat.settings import options
from meerkat.tables import csv_text
from meerkat.video.known_scores import KnownScores
from meerkat.video.motion_files import CLIPS

# Clips that are scored at once.
_BATCH = 64


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--motion", required=True, type=Path, help="folder with a folder of tables and clips for each video")
    parser.add_argument("--videos", required=True, help="CSV file with the names of the videos, which their folders have: name,path")
    parser.add_argument("--model", required=True, help="folder of saved_model.pb")
    parser.add_argument("--state", required=True, type=Path, help="folder for the scores that are known")
    parser.add_argument("--scores", required=True, help="CSV file to write: video,track,file,p_positive")
    options.add_threads(parser)
    args = parser.parse_args()

    model = ServedModel(args.model, args.threads)
    rows = []
    with KnownScores(args.state, digest(args.model)) as known:
        for video in (row["name"] for row in tables.read(args.videos, "list_videos.py")):
            clips = tables.read(args.motion / video / "clips.csv", "find_motion.py")
            new = [clip for clip in clips if clip["digest"] not in known]
            for start in range(0, len(new), _BATCH):
                batch = new[start : start + _BATCH]
                scores = model.scores([(args.motion / video / CLIPS / clip["file"]).read_bytes() for clip in batch])
                known.add({clip["digest"]: float(score) for clip, score in zip(batch, scores, strict=True)})
            rows += [(video, clip["track"], clip["file"], f"{known[clip['digest']]:.9g}") for clip in clips]
    atomic.write_text(args.scores, csv_text([("video", "track", "file", "p_positive"), *rows]))
    print(f"{len(rows)} clips, {known.added} of them scored now.", file=sys.stderr)


run_program(main)
