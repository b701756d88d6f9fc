"""Find the animals in a video. What moves is cut out and scored by the exported model. Frames with an animal are kept and
listed in annotations.csv."""

import argparse
import json
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import cv2
from meerkat import atomic
from meerkat.data import deepmeerkat
from meerkat.data.labels import LABELS, NEGATIVE, POSITIVE
from meerkat.errors import run_program
from meerkat.export.served_model import ServedModel
from meerkat.settings import options
from meerkat.settings.annotate import Annotate
from meerkat.settings.videos import Motion, VideoFiles
from meerkat.tables import csv_text
from meerkat.video import detections, motion, video_report, videos

# Boxes that are scored at once; their frames are held in memory meanwhile.
_BATCH = 8
_COLOURS = {True: (0, 114, 230), False: (160, 160, 160)}  # BGR: animals in orange, the rest in grey


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--video", required=True, help="the video file")
    parser.add_argument("--folder", required=True, help="the folder of videos, from which detections.json names the video")
    parser.add_argument("--output", required=True, type=Path, help="folder for kept frames, annotations.csv and parameters.csv")
    parser.add_argument("--model", required=True, help="folder of saved_model.pb")
    parser.add_argument("--metrics", type=Path, help="metrics.json whose operating point is the threshold")
    options.add(parser, Annotate, ["threshold", "draw_boxes"])
    options.add(parser, VideoFiles, ["frame_step"])
    options.add(parser, Motion)
    args = parser.parse_args()
    cv2.setNumThreads(1)  # As many videos at a time as there are cores is faster than many cores on one.

    started = time.monotonic()
    settings = options.given(args, Motion)
    threshold = _threshold(args.threshold, args.metrics)
    model = ServedModel(args.model, threads=1)
    args.output.mkdir(parents=True, exist_ok=True)
    for old in args.output.glob("*.jpg"):
        old.unlink()
    rows, found, events, kept, films, frames, rate = [], [], 0, 0, 0, 0, 0.0
    try:
        video = videos.Video(args.video)
        films = video.films
        for frame, boxes, scores in _scored(_moving(video, args.frame_step, settings), model, settings.margin):
            events += 1
            found += [detections.detection(frame, box, score) for box, score in zip(boxes, scores, strict=True)]
            if scores.max() >= threshold:
                kept += 1
                animal = scores >= threshold
                rows += [_row(frame, *boxed) for boxed in zip(boxes, scores, animal, strict=True)]
                _keep(frame, boxes, animal if args.draw_boxes else [], args.output)
        problem, frames, rate = video.what_is_missing(), video.frames, video.fps
    except videos.UnreadableVideo as error:
        problem = str(error)
    atomic.write_text(args.output / "annotations.csv", csv_text([("Frame", "Clock", "x", "y", "h", "w", "label", "score"), *rows]))
    atomic.write_text(
        args.output / "detections.json",
        json.dumps(detections.entry(_file(args.video, args.folder), rate, found, "" if frames else problem)),
    )
    choices = {"model": args.model, "threshold": threshold, "draw_boxes": args.draw_boxes}
    parameters = {"video": args.video, "frame_step": args.frame_step} | settings.model_dump() | choices
    parameters |= video_report.parameters(started, films, frames, events, problem)
    atomic.write_text(args.output / "parameters.csv", csv_text((parameters | {video_report.KEPT: kept}).items()))
    print(f"{args.video}: {frames} frames, {events} with motion, {kept} kept. {video_report.note(films, problem)}", file=sys.stderr)


def _file(video: str, folder: str) -> str:
    """The path of a video as programs that are given the folder of videos know it, with forward slashes."""
    return Path(video).relative_to(folder).as_posix().encode(errors="backslashreplace").decode()


def _threshold(given: float | None, metrics: Path | None) -> float:
    """What is given, else the operating point of the evaluation, else what DeepMeerkat itself does."""
    if given is not None:
        return given
    return json.loads(metrics.read_text())["operating_point"]["threshold"] if metrics else deepmeerkat.THRESHOLD


def _moving(video: videos.Video, step: int, settings: Motion) -> Iterator[tuple[videos.Frame, list[motion.Box]]]:
    """The frames in which something moves, with the boxes."""
    detector = motion.MotionDetector(settings)
    for frame in video.every(step):
        boxes = detector.boxes(frame.picture)
        if boxes:
            yield frame, boxes


def _scored(moving: Iterable, model: ServedModel, margin: float) -> Iterator[tuple]:
    """The same with the score of each box, float32 [boxes]; boxes of some frames are scored together."""
    for group in _groups(moving):
        jpegs = [motion.clip(frame.picture, box, margin) for frame, boxes in group for box in boxes]
        scores = model.scores(jpegs)
        for frame, boxes in group:
            yield frame, boxes, scores[: len(boxes)]
            scores = scores[len(boxes) :]


def _groups(moving: Iterable) -> Iterator[list[tuple]]:
    """Frames that have some boxes together."""
    group = []
    for entry in moving:
        group.append(entry)
        if sum(len(boxes) for _, boxes in group) >= _BATCH:
            yield group
            group = []
    if group:
        yield group


def _row(frame: videos.Frame, box: motion.Box, score: float, animal: bool) -> tuple:
    """A row of annotations.csv; the score is the label's, as in DeepMeerkat."""
    label, of_label = (LABELS[POSITIVE], score) if animal else (LABELS[NEGATIVE], 1 - score)
    return frame.number, videos.clock(frame.seconds), box.x, box.y, box.h, box.w, label, f"{of_label:.4f}"


def _keep(frame: videos.Frame, boxes: list[motion.Box], animal: Iterable[bool], folder: Path) -> None:
    for box, is_animal in zip(boxes, animal, strict=False):
        cv2.rectangle(frame.picture, (box.x, box.y), (box.x + box.w, box.y + box.h), _COLOURS[bool(is_animal)], 2)
    (folder / f"{frame.number}.jpg").write_bytes(cv2.imencode(".jpg", frame.picture)[1])


run_program(main)
