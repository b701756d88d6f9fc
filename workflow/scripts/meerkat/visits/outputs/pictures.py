"""A folder for each video, as DeepMeerkat makes it: annotations.csv with the boxes of animals, and pictures of the visits, in which people
and cars are hidden. Also pictures.csv, which says what each picture shows."""

import argparse
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

import cv2
import numpy as np

from ...clock import clock
from ...data import images
from ...data.labels import LABELS, POSITIVE
from ...tables import write_rows
from ...video.boxes import Box
from ...video.hidden import hide
from ...video.motion_files import best_frames, read_frame
from ...video.video_report import WIDTH
from ..found_visits import FoundVisits
from ..passages import Passage

if TYPE_CHECKING:
    import pandas as pd

ANNOTATION_COLUMNS = ("Frame", "Clock", "x", "y", "h", "w", "label", "score")
_COLUMNS = ("video", "visit", "track", "file")
_COLOUR = (0, 114, 230)  # BGR: orange
# Width of the line, as a share of the picture's width: a thin line would be invisible in a thumbnail.
_LINE = 1 / 240
_QUALITY = 90


def write(found: FoundVisits, args: argparse.Namespace) -> None:
    """Write the folders and the table; pictures of an earlier run are deleted."""
    rows: list[tuple] = []
    for picture in args.earlier:
        if picture.suffix == ".jpg":  # also of films that have another name now: nothing may stay there that is to be hidden
            picture.unlink()
    for video in found.paths:
        folder = found.folder / video
        of_visits = [passage for passage in found.passages[video] if passage.visit]
        boxes = annotation_rows(of_visits, found.boxes(video)) if of_visits else ()
        write_rows([ANNOTATION_COLUMNS, *boxes], folder / "annotations.csv")
        width = int(found.facts(video)[WIDTH]) if of_visits else 0
        shown = _shown(of_visits, args.keep)
        places = best_frames(found.motion, video) if shown else {}
        for passage in shown:
            frame = read_frame(found.motion, video, places[passage.clip])
            hidden = _hidden(found, video, passage)
            drawn = _drawn(frame, passage, width, args.draw_boxes, hidden) if args.draw_boxes or hidden else frame
            (folder / f"{passage.frame}.jpg").write_bytes(drawn)
            rows.append((video, passage.visit, passage.track, f"{video}/{passage.frame}.jpg"))
    write_rows([_COLUMNS, *rows], found.folder / "pictures.csv")


def annotation_rows(passages: Iterable[Passage], boxes: "pd.DataFrame") -> Iterator[tuple]:
    """Rows of annotations.csv: the boxes of these passages, in the order of time; the score is the passage's."""
    scores = {passage.track: f"{passage.score:.4f}" for passage in passages}
    of_passages = boxes[boxes["track"].isin(scores)].sort_values(["frame", "track"])
    for box in of_passages.itertuples():
        yield (box.frame, clock(box.seconds), box.x, box.y, box.h, box.w, LABELS[POSITIVE], scores[box.track])


def _shown(passages: Sequence[Passage], keep: str) -> list[Passage]:
    """The passages whose picture is kept."""
    if keep == "best":
        visits = groupby(sorted(passages, key=lambda passage: passage.visit or 0), lambda passage: passage.visit)
        return [max(of_visit, key=lambda passage: passage.score) for _, of_visit in visits]
    return list(passages) if keep == "all" else []


def _hidden(found: FoundVisits, video: str, passage: Passage) -> list[Box]:
    """The boxes of private visits at the moment of a passage's picture."""
    at_once = [box for _, boxes in found.private(video) for box in boxes[boxes["frame"] == passage.frame].itertuples()]
    own = [passage.box] if found.is_private(passage, video) else []
    return own + [Box(box.x, box.y, box.w, box.h) for box in at_once]


def _drawn(frame: bytes, passage: Passage, width: int, has_box: bool, hidden: Sequence[Box]) -> bytes:
    """The frame, as JPEG, with the box of the passage drawn and other boxes hidden; `width` is the width of the film in pixels."""
    picture = cv2.imdecode(np.frombuffer(frame, np.uint8), cv2.IMREAD_COLOR)
    scale = picture.shape[1] / width
    picture = hide(picture, hidden, scale)
    if has_box:
        x, y, w, h = (round(value * scale) for value in passage.box)
        cv2.rectangle(picture, (x, y), (x + w, y + h), _COLOUR, max(2, round(picture.shape[1] * _LINE)))
    return images.jpeg(picture, _QUALITY)
