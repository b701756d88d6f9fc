"""Write all boxes of all videos with their scores in MegaDetector's format."""

import argparse
from pathlib import Path

from meerkat.errors import run_program
from meerkat.video import detections, video_report
from meerkat.video.scored_videos import ScoredVideos


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    ScoredVideos.add_options(parser)
    parser.add_argument("--model", required=True, help="folder of the model, which detections.json names")
    parser.add_argument("--detections", required=True, type=Path, help="JSON file to write")
    args = parser.parse_args()

    videos = ScoredVideos(args)
    with detections.writing(args.detections, args.model, videos.threshold) as add:
        for video in videos:
            failure = "" if int(video.facts[video_report.FRAMES]) else video.facts[video_report.PROBLEM]
            add(detections.entry(_file(video.path, args.folder), video.facts, video.tracks, failure))


def _file(video: str, folder: str) -> str:
    """The path of a video as programs that are given the folder of videos know it, with forward slashes."""
    return Path(video).relative_to(folder).as_posix().encode(errors="backslashreplace").decode()


run_program(main)
