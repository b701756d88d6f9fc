"""Which films of a camera are dark, or show another view than most: the camera was covered, fell, or was turned aside."""

from collections.abc import Sequence

import cv2
import numpy as np
from scipy.sparse.csgraph import connected_components

# Pictures are compared at this size: width, height.
_SIZE = (64, 36)
# A picture is dark if its brightness, of 255, is below this nearly everywhere.
_DARK, _NEARLY = 24, 0.98
# A picture without colours was taken with infrared light. Its channels differ by less than this.
_GREY = 6.0
# Two pictures show the same view if their edges correlate at least so much.
_ALIKE = 0.25
# Fewer films show no usual view.
_LEAST = 4

USUAL, DARK, TURNED = "usual", "dark", "turned"


def views(pictures: Sequence[np.ndarray]) -> list[str]:
    """Of each picture: usual, dark, or turned.

    pictures  uint8 [height, width, 3], BGR, of any size

    By day and with infrared light the same place looks different, so each is compared with its kind. The usual view is that of the largest
    group of pictures that are linked by likeness.
    """
    found = [DARK if _is_dark(picture) else USUAL for picture in pictures]
    for is_grey in (False, True):
        kind = [place for place, picture in enumerate(pictures) if found[place] != DARK and _is_grey(picture) == is_grey]
        for place in _strangers([pictures[place] for place in kind]):
            found[kind[place]] = TURNED
    return found


def _strangers(pictures: Sequence[np.ndarray]) -> list[int]:
    """The pictures that do not belong to the largest group; none if there is no group of more than half."""
    if len(pictures) < _LEAST:
        return []
    edges = np.stack(list(map(_edges, pictures)))
    groups = connected_components(edges @ edges.T >= _ALIKE, directed=False)[1]
    largest = np.bincount(groups).argmax()
    return np.flatnonzero(groups != largest).tolist() if (groups == largest).sum() > len(pictures) / 2 else []


def _edges(picture: np.ndarray) -> np.ndarray:
    """The strength of edges, as a vector of length 1 around its mean: it changes little with the light."""
    grey = cv2.resize(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), _SIZE, interpolation=cv2.INTER_AREA).astype(np.float32)
    across, down = cv2.Sobel(grey, cv2.CV_32F, 1, 0), cv2.Sobel(grey, cv2.CV_32F, 0, 1)
    strength = np.sqrt(np.hypot(across, down)).ravel()
    strength -= strength.mean()
    return strength / max(float(np.linalg.norm(strength)), 1e-6)


def _is_dark(picture: np.ndarray) -> bool:
    return float((picture.max(axis=2) < _DARK).mean()) >= _NEARLY


def _is_grey(picture: np.ndarray) -> bool:
    small = cv2.resize(picture, _SIZE, interpolation=cv2.INTER_AREA).astype(np.int16)
    return float((small.max(axis=2) - small.min(axis=2)).mean()) < _GREY
