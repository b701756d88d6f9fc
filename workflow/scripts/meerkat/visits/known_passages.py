"""The passages whose clips a person has sorted for Training, with scores of heads that never saw them."""

from collections.abc import Iterable, Mapping
from pathlib import Path, PurePath
from typing import NamedTuple

import pandas as pd

from ..data import predictions
from ..video import motion_files
from .movement import Movement, movements
from .passages import logit_of, score_of


class KnownPassage(NamedTuple):
    """A passage that a person has sorted.

    video, track  where it is
    is_animal     whether its clips show an animal
    pixels        the logit of the score of its clips, from heads that never saw them
    movement      what it did
    begin, end    seconds of its first and last box
    """

    video: str
    track: int
    is_animal: bool
    pixels: float
    movement: Movement
    begin: float
    end: float


def read(out_of_fold: pd.DataFrame, motion: Path, videos: Iterable[str]) -> list[KnownPassage]:
    """The known passages of these videos. Those of which some clips show an animal and others none are left out: what they did is not
    clear.

    out_of_fold  the table of train.py: path, label and p_positive of each Training clip
    motion       the folder with a folder for each video that was searched
    """
    scores = {PurePath(path).name: float(score) for path, score in zip(out_of_fold["path"], out_of_fold["p_positive"], strict=True)}
    animals = {PurePath(path).name for path in out_of_fold["path"][predictions.truth(out_of_fold) == 1]}
    clips: dict[str, dict[int, list[str]]] = {}
    for clip in motion_files.kept_clips(motion, videos):
        if clip.file in scores:
            clips.setdefault(clip.video, {}).setdefault(clip.track, []).append(clip.file)
    return [known for video, tracks in clips.items() for known in _of_video(video, tracks, motion / video, scores, animals)]


def _of_video(
    video: str, tracks: Mapping[int, list[str]], folder: Path, scores: Mapping[str, float], animals: set[str]
) -> Iterable[KnownPassage]:
    boxes = motion_files.read_boxes(folder)
    moved, spans = movements(boxes), boxes.groupby("track")["seconds"].agg(["first", "last"])
    for track, files in tracks.items():
        showing = animals.intersection(files)
        if track in moved and len(showing) in (0, len(files)):  # the tables of a damaged film may differ; gathering makes them anew
            begin, end = map(float, spans.loc[track])
            pixels = logit_of(score_of(scores[file] for file in files))
            yield KnownPassage(video, track, bool(showing), pixels, moved[track], begin, end)
