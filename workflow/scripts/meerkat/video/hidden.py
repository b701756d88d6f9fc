"""Makes people and cars in pictures unrecognizable: their boxes become a few large squares."""

from collections.abc import Sequence

import cv2
import numpy as np

from .boxes import Box

# A box is hidden with this share of its size around it, because motion seldom covers the whole body.
_MARGIN = 0.25
# A box is hidden this many seconds before and after the look that found it.
NEAR = 0.6
# The longer side of a hidden box has this many squares.
_SQUARES = 8


def hide(picture: np.ndarray, boxes: Sequence[Box], scale: float = 1.0) -> np.ndarray:
    """A copy of the picture, uint8 [height, width, 3], with the boxes hidden.

    scale  by this the boxes, in pixels, are multiplied
    """
    hidden = picture.copy()
    for x, y, w, h in boxes:
        left, top = (max(0, round(scale * (begin - _MARGIN * size))) for begin, size in ((x, w), (y, h)))
        right, bottom = (round(scale * (begin + (1 + _MARGIN) * size)) for begin, size in ((x, w), (y, h)))
        part = hidden[top:bottom, left:right]
        if part.size:
            height, width = part.shape[:2]
            square = max(height, width) / _SQUARES
            small = cv2.resize(part, (max(1, round(width / square)), max(1, round(height / square))), interpolation=cv2.INTER_AREA)
            hidden[top:bottom, left:right] = cv2.resize(small, (width, height), interpolation=cv2.INTER_NEAREST)
    return hidden
