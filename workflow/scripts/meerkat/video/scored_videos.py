"""What motion and model say of all videos: their tracks with scores, one video after the other."""

import argparse
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from .. import tables
from ..data import deepmeerkat
from ..errors import UserError
from ..settings import options
from ..settings.annotate import Threshold
from . import motion_files, video_files, video_report
from .boxes import Box
from .visits import ScoredTrack, Visit, join, track_score


@dataclass(frozen=True)
class ScoredVideo:
    """A video, with its parameters.csv and its tracks.

    name  in results; path  of the file
    """

    name: str
    path: str
    facts: Mapping[str, str]
    tracks: list[ScoredTrack]

    def visits(self, threshold: float, pause: float) -> list[Visit]:
        """The tracks that score at least `threshold`, joined over pauses of so many seconds."""
        return join((track for track in self.tracks if track.p_positive >= threshold), pause)


class ScoredVideos:
    """All videos of a run, read one by one: memory does not grow with their number, but for a number a clip.

    listed     the videos below their folder, with their copies
    paths      the path of each video by its name in results
    threshold  the score from which a track is an animal's
    """

    @staticmethod
    def add_options(parser: argparse.ArgumentParser) -> None:
        """Add the options that say which videos, scores and threshold."""
        parser.add_argument("--motion", required=True, type=Path, help="folder with a folder of tables and stills for each video")
        parser.add_argument("--videos", required=True, help="CSV file with the names of the videos, which their folders have: name,path")
        parser.add_argument("--folder", required=True, help="the folder of videos, whose sub-folders are sites; people name videos in it")
        parser.add_argument("--scores", required=True, help="CSV file of score_clips.py")
        parser.add_argument("--metrics", type=Path, help="metrics.json whose operating point is the threshold")
        options.add(parser, Threshold)

    def __init__(self, args: argparse.Namespace):
        """args  what was given for the options"""
        self._motion = args.motion
        self.listed = video_files.read_list(args.videos, args.folder)
        self.paths = self.listed.paths
        self.threshold = _threshold(args.threshold, args.metrics)
        self._scores: Mapping[str, dict[str, float]] = defaultdict(dict)  # A video without clips has none.
        for row in tables.read(args.scores, "score_clips.py"):
            self._scores[row["video"]][row["file"]] = float(row["p_positive"])

    def __iter__(self) -> Iterator[ScoredVideo]:
        # No `map`: a StopIteration from within would end the loop in silence.
        return (self.video(name) for name in self.paths)

    def length(self, name: str) -> float:
        """Seconds of the video that has this name in results; infinity where it could not be read to its end."""
        return video_report.length(self.facts(name))

    def facts(self, name: str) -> dict[str, str]:
        """The parameters.csv of the video that has this name in results."""
        return video_report.read(self._motion / name / "parameters.csv")

    def video(self, name: str) -> ScoredVideo:
        """The video that has this name in results."""
        folder = self._motion / name
        return ScoredVideo(name, self.paths[name], self.facts(name), _tracks(folder, self._scores[name]))


def _threshold(given: float | None, metrics: Path | None) -> float:
    """What is given, else the operating point in metrics.json, else DeepMeerkat's own."""
    if given is not None:
        return given
    return json.loads(metrics.read_text())["operating_point"]["threshold"] if metrics else deepmeerkat.THRESHOLD


def _tracks(folder: Path, scores: Mapping[str, float]) -> list[ScoredTrack]:
    """The tracks of a video from its folder of motion files; `scores` are p_positive by the name of the clip."""
    boxes = dict(iter(motion_files.read_boxes(folder).groupby("track")))
    clips: dict[int, list[dict[str, str]]] = {}
    for row in tables.read(folder / "clips.csv", "find_motion.py"):
        clips.setdefault(int(row["track"]), []).append(row)
    tracks = []
    for number, rows in clips.items():
        best = next((row for row in rows if row["best"] == "1"), None)
        if best is None or number not in boxes:
            raise UserError(
                f"{folder / 'clips.csv'} is damaged: track {number} has no {'best clip' if best is None else 'boxes'}. Delete {folder} and "
                "run again: its film is searched anew."
            )
        box = Box(*(int(best[name]) for name in "xywh"))
        if missing := [row["file"] for row in rows if row["file"] not in scores]:
            raise UserError(
                f"scores.csv of the annotations has no score of {missing[0]}, so it is damaged or of another search. Delete it and run "
                "again: what was scored is known."
            )
        p_positive = track_score(scores[row["file"]] for row in rows)
        tracks.append(ScoredTrack(number, boxes[number], p_positive, best["file"], int(best["frame"]), box))
    return tracks
