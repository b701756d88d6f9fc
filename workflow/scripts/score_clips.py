"""Score the clips of all videos with an exported model. Scores that this model has already given are used again."""

import argparse
import hashlib
from pathlib import Path

from meerkat.errors import run_program
from meerkat.export.served_model import ServedModel, digest
from meerkat.log import log
from meerkat.progress import Progress
from meerkat.settings import options
from meerkat.tables import write_rows
from meerkat.video import video_files
from meerkat.video.motion_files import CLIPS, kept_clips, refuse_damaged
from meerkat.visits.known_scores import KnownScores

# Clips that are scored at once: 64 would be no faster, and take half a gigabyte more.
_BATCH = 16


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--motion", required=True, type=Path, help="folder with a folder of tables and clips for each video")
    parser.add_argument("--videos", required=True, help="CSV file with the videos, from gather_motion.py")
    parser.add_argument("--model", required=True, help="folder of saved_model.pb")
    parser.add_argument("--state", required=True, type=Path, help="folder for the scores that are known")
    parser.add_argument("--scores", required=True, help="CSV file to write: video,track,file,p_positive")
    options.add_threads(parser)
    args = parser.parse_args()

    model = ServedModel(args.model, args.threads)
    clips = list(kept_clips(args.motion, video_files.read_list(args.videos).paths))
    with KnownScores(args.state, digest(args.model)) as known:
        new = {clip.digest: args.motion / clip.video / CLIPS / clip.file for clip in clips if clip.digest not in known}
        digests, damaged = list(new), []
        progress = Progress(len(new), lambda done, rate: f"{done} of {len(new)} clips scored, {rate:.0f} a second")
        for start in range(0, len(new), _BATCH):
            # Clips of several films at once: a film of a few seconds has too few to keep the processor busy.
            batch = {content: _read(new[content], content) for content in digests[start : start + _BATCH]}
            whole = {content: data for content, data in batch.items() if data}
            damaged += [new[content] for content in batch if content not in whole]
            if whole:
                known.add(dict(zip(whole, map(float, model.scores(list(whole.values()))), strict=True)))
            progress.tell(known.added)
        refuse_damaged(damaged)
        rows = [(clip.video, clip.track, clip.file, f"{known[clip.digest]:.9g}") for clip in clips]
    write_rows([("video", "track", "file", "p_positive"), *rows], args.scores)
    log.info(f"{len(rows)} clips, {known.added} of them scored now.")


def _read(clip: Path, digest: str) -> bytes:
    """The clip; empty if it is damaged or gone."""
    data = clip.read_bytes() if clip.is_file() else b""
    return data if hashlib.sha256(data).hexdigest() == digest else b""


run_program(main)
