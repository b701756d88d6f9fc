"""Passages: things that moved through the picture of a film (tracks), and how much each looks like an animal."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.special import expit, logit

from .. import tables
from ..errors import UserError
from ..video.boxes import Box
from ..video.tracks import MOTION

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = (
    "video", "track", "visit", "scored_visit", "said", "begin", "end", "score", "clip", "frame", "x", "y", "w", "h", "found_by", "kind",
)  # fmt: skip
# Scores are kept this far away from 0 and 1, where their logits would be infinite.
_EDGE = 1e-6


class Passage(NamedTuple):
    """A track of a film, judged by the model.

    track       its number, as in boxes.csv
    begin, end  seconds of its first and last box
    score       see `score_of`
    clip        the name of its best clip, and of its best frame
    frame, box  when and where that clip was cut
    visit       the number of its visit within the film; None if it belongs to none
    scored_visit  the same if only the scores decided, whatever a person has said
    said        its label, if a person has given one; else empty
    found_by, kind  who has found it, and the category that a detector gave it (see `tracks.Track`)
    """

    track: int
    begin: float
    end: float
    score: float
    clip: str
    frame: int
    box: Box
    visit: int | None = None
    scored_visit: int | None = None
    said: str = ""
    found_by: str = MOTION
    kind: str = ""

    @property
    def place(self) -> str:
        """Frame and box of its best clip, as reviews note them."""
        return " ".join(map(str, (self.frame, *self.box)))


def score_of(p_positive: Iterable[float]) -> float:
    """One score for the clips of a track: the mean of their logits, back as a probability.

    On 3,500 triples of generated clips, it left 7 % false alarms at a recall of 95 %; the highest score left 9 %, and single clips 14 %.
    """
    kept = np.clip(np.fromiter(p_positive, float), _EDGE, 1 - _EDGE)
    return float(expit(logit(kept).mean()))


def logit_of(score: float) -> float:
    """The logit of a score, which is never infinite."""
    return float(logit(min(max(score, _EDGE), 1 - _EDGE)))


def read_scores(path: Path | str) -> dict[str, float]:
    """p_positive of each clip, by its name, from the table of score_clips.py."""
    return {row["file"]: float(row["p_positive"]) for row in tables.read(path, "score_clips.py")}


def judge(folder: Path, boxes: "pd.DataFrame", scores: Mapping[str, float]) -> list[Passage]:
    """The passages of a film, not joined to visits yet.

    folder  the film's folder from the search for motion; boxes  its table; scores  p_positive by the name of the clip
    """
    clips: dict[int, list[dict[str, str]]] = {}
    for row in tables.read(folder / "clips.csv", "gather_motion.py"):
        clips.setdefault(int(row["track"]), []).append(row)
    if not clips:
        return []
    spans = boxes.groupby("track")["seconds"].agg(["first", "last"])
    return [_passage(folder, track, rows, spans, scores) for track, rows in clips.items()]


def _passage(folder: Path, track: int, clips: Sequence[Mapping[str, str]], spans: "pd.DataFrame", scores: Mapping[str, float]) -> Passage:
    best = next((clip for clip in clips if clip["best"] == "1"), None)
    if best is None or track not in spans.index:
        raise UserError(
            f"{folder / 'clips.csv'} is damaged: track {track} has no {'best clip' if best is None else 'boxes'}. Delete {folder} and "
            "run again: its film is then searched again."
        )
    if missing := [clip["file"] for clip in clips if clip["file"] not in scores]:
        raise UserError(
            f"scores.csv of the annotations has no score for {missing[0]}, so it is damaged or from another search. Delete it and run "
            "again: known scores are used again."
        )
    begin, end = spans.loc[track]
    score = score_of(scores[clip["file"]] for clip in clips)
    box, found = Box(*(int(best[name]) for name in "xywh")), {name: best[name] for name in ("found_by", "kind")}
    return Passage(track, float(begin), float(end), score, best["file"], int(best["frame"]), box, **found)


def row(video: str, passage: Passage) -> tuple:
    """A row of passages.csv."""
    seconds = (f"{passage.begin:.3f}", f"{passage.end:.3f}")
    visits = (passage.visit or "", passage.scored_visit or "", passage.said)
    best = (f"{passage.score:.9g}", passage.clip, passage.frame, *passage.box)
    return (video, passage.track, *visits, *seconds, *best, passage.found_by, passage.kind)


def read(path: Path | str) -> Mapping[str, list[Passage]]:
    """The passages of each video, by its name in results; empty for a video in which nothing moved."""
    found: Mapping[str, list[Passage]] = defaultdict(list)
    for cells in tables.read(path, "find_visits.py"):
        begin, end, score = (float(cells[name]) for name in ("begin", "end", "score"))
        visit, scored_visit = (int(cells[name]) if cells[name] else None for name in ("visit", "scored_visit"))
        best = (cells["clip"], int(cells["frame"]), Box(*(int(cells[name]) for name in "xywh")))
        told = (cells["said"], cells["found_by"], cells["kind"])
        found[cells["video"]].append(Passage(int(cells["track"]), begin, end, score, *best, visit, scored_visit, *told))
    return found
