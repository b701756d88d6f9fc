"""Cut what moves in a video out as clips, for a person to sort: <video>_<frame>_<box>.jpg and the table clips.csv."""

import argparse
import re
import sys
import time
from pathlib import Path

import cv2
from meerkat import atomic
from meerkat.errors import run_program
from meerkat.settings import options
from meerkat.settings.videos import Motion, VideoFiles
from meerkat.tables import csv_text
from meerkat.video import motion, video_report, videos
from meerkat.video.temporal_sampling import EvenDraw


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--video", required=True, help="the video file")
    parser.add_argument("--name", required=True, help="what the video is called in results")
    parser.add_argument("--output", required=True, type=Path, help="folder for the clips, clips.csv and parameters.csv")
    options.add(parser, VideoFiles, ["frame_step", "max_clips_per_video"])
    options.add(parser, Motion)
    args = parser.parse_args()
    cv2.setNumThreads(1)  # As many videos at a time as there are cores is faster than many cores on one.

    started = time.monotonic()
    settings = options.given(args, Motion)
    draw: EvenDraw[tuple] = EvenDraw(args.max_clips_per_video, lambda row: (args.output / row[-1]).unlink())
    args.output.mkdir(parents=True, exist_ok=True)
    events = films = frames = 0
    try:
        video = videos.Video(args.video)
        films = video.films
        detector = motion.MotionDetector(settings)
        for frame in video.every(args.frame_step):
            boxes = detector.boxes(frame.picture)
            events += bool(boxes)
            for number, box in enumerate(boxes):
                # With so many digits a frame is never taken for the time of a day, and names sort as the frames do.
                file = f"{args.name}_{frame.number:07d}_{number}.jpg"
                (args.output / file).write_bytes(motion.clip(frame.picture, box, settings.margin))
                draw.add((args.name, frame.number, videos.clock(frame.seconds), *box, file), frame.number)
        problem, frames = video.what_is_missing(), video.frames
    except videos.UnreadableVideo as error:
        problem = str(error)
    rows = draw.finish()
    _remove_others(args.output, args.name, {row[-1] for row in rows})
    atomic.write_text(args.output / "clips.csv", csv_text([("video", "frame", "clock", "x", "y", "w", "h", "file"), *rows]))
    parameters = (
        {"video": args.video, "frame_step": args.frame_step}
        | settings.model_dump()
        | video_report.parameters(started, films, frames, events, problem)
    )
    atomic.write_text(args.output / "parameters.csv", csv_text(parameters.items()))
    print(f"{args.video}: {frames} frames, {events} with motion, {len(rows)} clips. {video_report.note(films, problem)}", file=sys.stderr)


def _remove_others(folder: Path, video: str, files: set[str]) -> None:
    """Delete the clips that an earlier run with other settings, or a killed one, has left."""
    mine = re.compile(re.escape(video) + r"_\d+_\d+\.jpg")
    for path in folder.iterdir():
        if mine.fullmatch(path.name) and path.name not in files:
            path.unlink()


run_program(main)
