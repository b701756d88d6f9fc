"""Draw minutes in which nothing was seen to move, so that a person can check them: a playlist, and a few pictures of each."""

import argparse
import math
from pathlib import Path

from meerkat import atomic
from meerkat.errors import run_program
from meerkat.settings import options
from meerkat.settings.section import Seeded
from meerkat.tables import csv_text
from meerkat.video import motion_files, playlist, quiet_minutes, video_files, video_report
from meerkat.video.crops import still
from meerkat.video.videos import UnreadableVideo, Video


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--motion", required=True, type=Path, help="folder with a folder of tables for each video")
    parser.add_argument("--videos", required=True, help="CSV file with the videos, from gather_motion.py")
    parser.add_argument("--output", required=True, type=Path, help="folder for quiet_minutes.csv, quiet_minutes.m3u8 and the pictures")
    options.add(parser, Seeded)
    args = parser.parse_args()

    quiet = []
    for name, path in video_files.read_list(args.videos, "gather_motion.py").paths.items():
        folder = args.motion / name
        decoded = video_report.decoded(video_report.read(folder / "parameters.csv"))
        quiet += quiet_minutes.pieces(path, motion_files.spans(folder), *decoded)
    drawn = quiet_minutes.draw(quiet, args.seed)
    for picture in args.output.glob(f"{quiet_minutes.PICTURES}/*.jpg"):
        picture.unlink()
    rows = []
    for number, piece in enumerate(drawn, 1):
        for seconds in quiet_minutes.moments(piece):
            name = f"{quiet_minutes.PICTURES}/minute{number}_{seconds:.0f}.jpg"
            is_kept = _keep(piece.film, seconds, args.output / name)
            rows.append((piece.film, f"{piece.begin:.3f}", f"{piece.end:.3f}", f"{seconds:.3f}", name if is_kept else ""))
    atomic.write_text(args.output / "quiet_minutes.csv", csv_text([quiet_minutes.COLUMNS, *rows]))
    entries = [playlist.entry(*piece, args.output) for piece in drawn]
    atomic.write_text(args.output / "quiet_minutes.m3u8", "".join([playlist.HEADER, *entries]))


def _keep(film: str, seconds: float, picture: Path) -> bool:
    """Write the picture of this moment, if the film has one; returns whether it did."""
    try:
        frame = next(Video(film).between(seconds, math.inf), None)
    except UnreadableVideo:
        return False
    if frame:
        picture.parent.mkdir(parents=True, exist_ok=True)
        picture.write_bytes(still(frame))
    return frame is not None


run_program(main)
