"""Find what moves in a video: tracks, which are boxes linked from frame to frame, and a few clips of each track. A person sorts the clips,
and a model scores them; the video is not read again."""

import argparse
import json
import re
import time
from collections.abc import Callable
from pathlib import Path

import cv2
from meerkat import atomic
from meerkat.clock import clock
from meerkat.errors import run_program
from meerkat.log import log
from meerkat.progress import Progress
from meerkat.running import dependencies
from meerkat.settings import options
from meerkat.settings.videos import Motion
from meerkat.tables import csv_text
from meerkat.video import motion_files, video_report, videos
from meerkat.video.search import Found, Look, Milestone, Sighting, search


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--video", required=True, help="the video file")
    parser.add_argument("--name", required=True, help="the name of the video in results")
    parser.add_argument("--motion", required=True, type=Path, help="folder for tables, clips and stills, for programs to read")
    parser.add_argument("--clips", required=True, type=Path, help="folder for the same clips, for a person to sort")
    options.add(parser, Motion)
    options.add_threads(parser, default=1)
    args = parser.parse_args()
    cv2.setNumThreads(1)  # OpenCV's tasks are too small to divide; decoding is not.

    started = time.monotonic()
    settings = options.given(args, Motion)
    files = motion_files.MotionFiles(args.motion, args.name, lambda: _made_from(args.video, settings))
    first = files.milestone.position.frames if files.milestone else 0
    if files.milestone:
        log.info(f"{args.video}: continues at {clock(files.milestone.position.seconds)}, where the last search stopped.")
    video = None
    try:
        video = videos.Video(args.video, args.threads)
        progress = Progress(video.length, _words(args.video, video.length))
        for found in search(video, settings, files.milestone):
            match found:
                case Look():
                    files.count(found)
                    progress.tell(found.seconds)
                case Sighting():
                    files.see(found)
                case Found():
                    files.add(found)
                case Milestone():
                    files.reach(found)
        problem = video.what_is_missing()
        if video.position.frames == 1 and not problem:
            problem = "only one frame, so no motion can be seen"
    except videos.UnreadableVideo as error:
        problem = str(error)
    clips = files.finish()
    _give(args.motion / motion_files.CLIPS, args.clips, args.name, clips)
    atomic.write_text(args.clips / "clips.csv", (args.motion / "clips.csv").read_text(encoding="utf-8", errors="surrogateescape"))
    facts = video_report.parameters(started, first, video, files.counts, problem)
    atomic.write_text(args.motion / "parameters.csv", csv_text(({"video": args.video} | settings.model_dump() | facts).items()))
    found = f"{files.counts[motion_files.TRACKS]} tracks, {len(clips)} clips."
    log.info(f"{args.video}: {found} {video_report.note(video.films if video else 0, problem)}")


def _made_from(video: str, settings: Motion) -> str:
    """Identifies a search: the film, the settings and the program."""
    status = Path(video).stat()
    facts = [video, status.st_size, status.st_mtime_ns, settings.model_dump(), dependencies.code_digest(Path(__file__).absolute())]
    return json.dumps(facts)


def _words(film: str, length: float) -> Callable[[float, float], str]:
    """Gives the words that say how far the search is in a film of `length` seconds."""
    of = f" of {length / 60:.0f}" if length else ""
    return lambda seconds, rate: f"{film}: {seconds / 60:.0f}{of} minutes searched, {rate:.1f} times as fast as it plays"


def _give(source: Path, folder: Path, video: str, clips: list[str]) -> None:
    """Put the clips into the folder for a person. Delete clips of an earlier or a killed search."""
    folder.mkdir(parents=True, exist_ok=True)
    mine = re.compile(re.escape(video) + r"_\d+_\d+\.jpg")
    for path in folder.iterdir():
        if mine.fullmatch(path.name):
            path.unlink()
    for file in clips:
        atomic.link(folder / file, source / file)


run_program(main)
