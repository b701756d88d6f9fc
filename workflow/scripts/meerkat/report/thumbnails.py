"""Small pictures inside a page."""

import base64
from pathlib import Path

import cv2

from ..data import images

SIZE = 160


def thumbnail(path: str) -> str | None:
    """The picture in the file as a data URI of a JPEG of at most 160 x 160 pixels; None if there is no picture.

    Records made elsewhere may name files that are not here.
    """
    try:
        picture = images.decode(Path(path).read_bytes())
    except (OSError, images.UnreadableImage):
        return None
    height, width = picture.shape[:2]
    scale = min(1, SIZE / max(height, width))
    small = cv2.resize(picture, (max(1, round(width * scale)), max(1, round(height * scale))), interpolation=cv2.INTER_AREA)
    return data_uri(images.jpeg(small, 80), "image/jpeg")


def data_uri(data: bytes, kind: str) -> str:
    """The data as an address that contains the data itself."""
    return f"data:{kind};base64,{base64.b64encode(data).decode()}"
