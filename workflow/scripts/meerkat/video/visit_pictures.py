"""The pictures that are kept of visits: whole frames, with boxes drawn if wanted."""

from collections.abc import Iterable
from pathlib import Path

import cv2
import numpy as np

from .visits import ScoredTrack

_COLOUR = (0, 114, 230)  # BGR: orange
# Width of the line, as a share of the picture's: a thin line is lost in a thumbnail.
_LINE = 1 / 240
_QUALITY = 90


def keep(tracks: Iterable[ScoredTrack], stills: Path, width: int, draw: bool, folder: Path) -> None:
    """Write the still of each track to `folder` as <frame>.jpg.

    stills  folder of the stills, which have the names of the tracks' best clips; width  of the video, in pixels
    """
    for track in tracks:
        still = (stills / track.clip).read_bytes()
        if draw:
            picture = cv2.imdecode(np.frombuffer(still, np.uint8), cv2.IMREAD_COLOR)
            scale = picture.shape[1] / width
            x, y, w, h = (round(value * scale) for value in track.best_box)
            cv2.rectangle(picture, (x, y), (x + w, y + h), _COLOUR, max(2, round(picture.shape[1] * _LINE)))
            still = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])[1].tobytes()
        (folder / f"{track.best_frame}.jpg").write_bytes(still)
