"""Pictures that are kept of a frame: clips, which are cut out of it, and stills, which show all of it."""

import cv2
import numpy as np

from .boxes import Box
from .videos import Frame

_QUALITY = 95
# Stills are for people: not higher than a screen, and files of a third of the size that the quality of clips would give.
_STILL_LINES, _STILL_QUALITY = 1080, 85


def jpeg(clip: np.ndarray) -> bytes:
    """The clip (see `crop`) as a JPEG. Training and prediction use the same bytes."""
    return cv2.imencode(".jpg", clip, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])[1].tobytes()


def still(frame: Frame) -> bytes:
    """The whole frame as a JPEG."""
    return cv2.imencode(".jpg", frame.shrunk(_STILL_LINES), [cv2.IMWRITE_JPEG_QUALITY, _STILL_QUALITY])[1].tobytes()


def crop(frame: Frame, box: Box, margin: float) -> np.ndarray:
    """The part of the frame in the box and a margin around it, in the frame's own size, not beyond the frame.

    margin  share of the box's width and height that is added on each side
    """
    height, width = frame.size
    dx, dy = round(box.w * margin), round(box.h * margin)
    return frame.part(max(0, box.x - dx), max(0, box.y - dy), min(width, box.x + box.w + dx), min(height, box.y + box.h + dy))
