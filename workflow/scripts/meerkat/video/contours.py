"""Contours in a mask that are larger than specks. Parts that contain only specks are not examined closely."""

from collections.abc import Sequence

import cv2
import numpy as np


def outer_contours(mask: np.ndarray, ellipse: np.ndarray) -> Sequence[np.ndarray]:
    """The outer contours, int32 [points, 1, 2], of the mask, uint8 [height, width], after an opening with the ellipse.

    The contours are those of `cv2.morphologyEx(mask, cv2.MORPH_OPEN, ellipse)` with an ellipse of
    `cv2.getStructuringElement`, in a fraction of the time. Whatever survives an erosion with the ellipse also survives one with its middle
    row. That erosion is quick, and shows where the slow one is needed.
    """
    rough = cv2.erode(mask, ellipse[len(ellipse) // 2][None])
    left, top, right, bottom = _bounds(rough, len(ellipse) // 2)
    if not right:
        return ()
    window = np.s_[top:bottom, left:right]
    # At the edges of the window the erosion does not see what lies beyond them; the quick one did.
    eroded = cv2.min(cv2.erode(mask[window], ellipse), rough[window])
    return cv2.findContours(cv2.dilate(eroded, ellipse), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE, offset=(left, top))[0]


def _bounds(mask: np.ndarray, border: int) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of the part of the mask that is not 0, with a border, within the mask; zeros if all of it is 0."""
    x, y, width, height = cv2.boundingRect(mask)
    if not width:
        return 0, 0, 0, 0
    return max(0, x - border), max(0, y - border), min(mask.shape[1], x + width + border), min(mask.shape[0], y + height + border)
