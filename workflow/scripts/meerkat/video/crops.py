"""Pictures that are kept of a frame: clips, which are cut out of it, and stills, which show all of it."""

import cv2
import numpy as np

from .boxes import Box
from .videos import Frame

_QUALITY = 95
# Stills are for people: not higher than a screen, and files of a third of the size that the quality of clips would give.
_STILL_LINES, _STILL_QUALITY = 1080, 85


def clip(frame: np.ndarray, box: Box, margin: float) -> bytes:
    """The crop (see `crop`) as a JPEG. Training and prediction use the same bytes."""
    return cv2.imencode(".jpg", crop(frame, box, margin), [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])[1].tobytes()


def still(frame: Frame) -> bytes:
    """The whole frame as a JPEG."""
    return cv2.imencode(".jpg", frame.shrunk(_STILL_LINES), [cv2.IMWRITE_JPEG_QUALITY, _STILL_QUALITY])[1].tobytes()


def crop(frame: np.ndarray, box: Box, margin: float) -> np.ndarray:
    """The part of the frame in the box and a margin around it, in the frame's own size, not beyond the frame.

    margin  share of the box's width and height that is added on each side
    """
    height, width = frame.shape[:2]
    dx, dy = round(box.w * margin), round(box.h * margin)
    return frame[max(0, box.y - dy) : min(height, box.y + box.h + dy), max(0, box.x - dx) : min(width, box.x + box.w + dx)]
