"""Pictures that are kept of a frame: clips, which are cut out of it, and the whole of it."""

import numpy as np

from ..data import images
from .boxes import Box
from .videos import Frame

_QUALITY = 95
# Whole frames are for people: not higher than a screen, and files of a third of the size that the quality of clips would give.
_FRAME_LINES, _FRAME_QUALITY = 1080, 85


def jpeg(clip: np.ndarray) -> bytes:
    """The clip (see `crop`) as a JPEG. Training and prediction use the same bytes."""
    return images.jpeg(clip, _QUALITY)


def whole(frame: Frame) -> bytes:
    """The whole frame as a JPEG."""
    return images.jpeg(frame.shrunk(_FRAME_LINES), _FRAME_QUALITY)


def crop(frame: Frame, box: Box, margin: float) -> np.ndarray:
    """The part of the frame in the box and a margin around it, in the frame's own size, not beyond the frame.

    margin  share of the box's width and height that is added on each side
    """
    height, width = frame.size
    dx, dy = round(box.w * margin), round(box.h * margin)
    return frame.part(max(0, box.x - dx), max(0, box.y - dy), min(width, box.x + box.w + dx), min(height, box.y + box.h + dy))
