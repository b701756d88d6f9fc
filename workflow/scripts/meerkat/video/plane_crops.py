"""Parts of a decoded picture in BGR, without converting all of it."""

import av
import numpy as np
from av.video.reformatter import Interpolation

# Formats of 8 bits with planes for Y, U and V: how many columns and lines of the picture one sample of U or V covers.
_FORMATS = {"yuv420p": (2, 2), "yuvj420p": (2, 2), "yuv422p": (2, 1), "yuvj422p": (2, 1), "yuv444p": (1, 1), "yuvj444p": (1, 1)}


def in_bgr(frame: av.VideoFrame, left: int, top: int, right: int, bottom: int) -> np.ndarray | None:
    """That part of the frame, uint8 [height, width, 3], equal to the bit to the part of the whole; None if the frame has another format or
    an odd size."""
    steps = _FORMATS.get(frame.format.name)
    if steps is None or frame.width % 2 or frame.height % 2:
        return None
    x, y = left // 2 * 2, top // 2 * 2
    part = av.VideoFrame(right - x + right % 2, bottom - y + bottom % 2, frame.format.name)
    part.color_range, part.colorspace = frame.color_range, frame.colorspace
    for whole, piece, (across, down) in zip(frame.planes, part.planes, ((1, 1), steps, steps), strict=True):
        _array(piece)[:] = _array(whole)[y // down :, x // across :][: piece.height, : piece.width]
    picture = part.to_ndarray(format="bgr24", interpolation=Interpolation.BICUBIC, threads=1)
    return picture[top - y : bottom - y, left - x : right - x]


def _array(plane: av.video.plane.VideoPlane) -> np.ndarray:
    return np.frombuffer(plane, np.uint8).reshape(-1, plane.line_size)[: plane.height, : plane.width]
