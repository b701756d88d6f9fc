"""Image files as JPEG bytes, which TensorFlow decodes to the picture that a person sees."""

import io
import re
from collections.abc import Iterator

import cv2
import numpy as np

from .. import MAX_PIXELS
from ..errors import UserError

# The longest side that libjpeg writes.
_MAX_SIDE = 65_500
_JPEG_START = b"\xff\xd8\xff"
# How many times smaller OpenCV's JPEG decoder makes a picture, at less cost than all of it.
_SHRINKING = ((8, cv2.IMREAD_REDUCED_COLOR_8), (4, cv2.IMREAD_REDUCED_COLOR_4), (2, cv2.IMREAD_REDUCED_COLOR_2))
# The tag of EXIF that says how the picture is turned, and its values for a quarter.
_ORIENTATION, _ON_ITS_SIDE = 0x0112, (5, 6, 7, 8)
# A marker: not a byte of a scan's data (0xFF00), a restart in it (0xFFD0 to 0xFFD7) or a fill byte.
_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]", re.DOTALL)
_APP1, _SCAN, _END = 0xE1, 0xDA, 0xD9
# Tables, further scans, the number of lines, the restart interval and comments.
_BEHIND_SCANS = (0xC4, 0xCC, 0xDA, 0xDB, 0xDC, 0xDD, 0xFE)
_FRAMES = (0xC0, 0xC1, 0xC2)  # baseline, extended and progressive


class UnreadableImage(UserError):
    """The bytes are not a usable image; the message says why."""


def read_jpeg(data: bytes) -> bytes:
    """JPEG bytes of the picture in `data` (the content of an image file), in colour or grey, upright.

    If TensorFlow decodes a JPEG to the picture that OpenCV shows, it is returned as it is. Anything else that OpenCV reads (PNG, WebP,
    CMYK, 16 bits, alpha, turned by its EXIF tag) is converted in memory. Raises UnreadableImage for anything that OpenCV cannot read
    completely.
    """
    return data if is_plain_jpeg(data) else to_jpeg(data)


def to_jpeg(data: bytes) -> bytes:
    """The picture in `data`, encoded again as JPEG of quality 95. Raises UnreadableImage."""
    return jpeg(decode(data), 95)


def jpeg(picture: np.ndarray, quality: int) -> bytes:
    """The picture, uint8 [height, width, 3] in BGR order or [height, width], as JPEG with a quality of 1 to 100."""
    return cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])[1].tobytes()


def decode(data: bytes, how: int = cv2.IMREAD_COLOR) -> np.ndarray:
    """The picture in `data` as uint8 [height, width, 3] in BGR order. Raises UnreadableImage.

    how  a flag of OpenCV for a picture in colour, such as one that shrinks it
    """
    _check_whole(data)
    if _is_avif(data):
        return _decode_avif(data)
    try:
        picture = cv2.imdecode(np.frombuffer(data, np.uint8), how)
    except cv2.error as error:
        if "MAX_IMAGE" in str(error):
            raise UnreadableImage(f"more than {MAX_PIXELS // 1_000_000} million pixels: not a clip") from None
        raise UnreadableImage(f"cannot be decoded ({error.err})") from None
    if picture is None:
        raise UnreadableImage(_what_it_is_instead(data))
    if max(picture.shape) > _MAX_SIDE:
        raise UnreadableImage(f"longer than {_MAX_SIDE} pixels: not a clip")
    return picture


def decode_large(data: bytes) -> np.ndarray:
    """The picture in `data` as `decode` gives it. A JPEG of more than MAX_PIXELS is given in half its size: cameras that promise so many
    pixels compute most of them. Raises UnreadableImage."""
    return decode(data, cv2.IMREAD_REDUCED_COLOR_2 if _is_large(*size(data)) else cv2.IMREAD_COLOR)


def size_of_large(data: bytes) -> tuple[int, int]:
    """Height and width of the picture that `decode_large` gives; it is not decoded. Raises UnreadableImage."""
    height, width = size(data)
    return (-(-height // 2), -(-width // 2)) if _is_large(height, width) else (height, width)


def _is_large(height: int, width: int) -> bool:
    return height * width > MAX_PIXELS


def decode_shrunk(data: bytes, lines: int) -> np.ndarray:
    """The picture in `data` with `lines` rows, uint8 [lines, width, 3] in BGR order; unchanged if it has no more. A JPEG is not decoded in
    its full size for it. Raises UnreadableImage."""
    height, width = size(data)
    if height <= lines:
        return decode(data)
    how = next((flag for times, flag in _SHRINKING if height >= times * lines), cv2.IMREAD_COLOR)
    return cv2.resize(decode(data, how), (max(1, round(width * lines / height)), lines), interpolation=cv2.INTER_AREA)


def size(data: bytes) -> tuple[int, int]:
    """Height and width of the picture in `data`, upright. It is not decoded. Raises UnreadableImage, also for a truncated JPEG."""
    from PIL import Image  # takes a twentieth of a second

    _check_whole(data)
    try:
        with Image.open(io.BytesIO(data)) as image:
            width, height = image.size
            is_on_its_side = image.getexif().get(_ORIENTATION, 1) in _ON_ITS_SIDE
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return decode(data).shape[:2]  # Pillow knows fewer kinds than OpenCV, whose message is better.
    return (width, height) if is_on_its_side else (height, width)


def _check_whole(data: bytes) -> None:
    """Raise UnreadableImage for an empty file and a truncated JPEG, of which decoders show a part."""
    if not data:
        raise UnreadableImage("empty file (0 bytes)")
    if data.startswith(_JPEG_START) and not any(marker == _END for marker, _ in _segments(data)):
        raise UnreadableImage("truncated JPEG: its end is missing")


def _is_avif(data: bytes) -> bool:
    """Whether the file says that it is AVIF (AV1 Image File Format 1.1, section 6), itself or beside another kind."""
    kinds = data[8 : int.from_bytes(data[:4], "big")] if data[4:8] == b"ftyp" else b""
    return any(kinds[start : start + 4] in (b"avif", b"avis") for start in range(0, len(kinds), 4))


def _decode_avif(data: bytes) -> np.ndarray:
    """As `decode`, with Pillow: OpenCV ignores AVIF's own rotation and mirroring (irot, imir)."""
    from PIL import Image, ImageOps  # takes a twentieth of a second, and such pictures are rare

    try:
        with Image.open(io.BytesIO(data), formats=["AVIF"]) as image:
            if image.width * image.height > MAX_PIXELS:
                raise UnreadableImage(f"more than {MAX_PIXELS // 1_000_000} million pixels: not a clip")
            return np.ascontiguousarray(np.asarray(ImageOps.exif_transpose(image).convert("RGB"))[..., ::-1])
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise UnreadableImage(f"cannot be decoded ({error})") from None


def is_plain_jpeg(data: bytes) -> bool:
    """Whether `data` is a complete JPEG of 8 bits with one or three colour channels, no EXIF rotation and no excessive size."""
    if not data.startswith(_JPEG_START):
        return False
    plain, marker = False, 0
    for marker, segment in _segments(data):
        if marker == _APP1 and segment.startswith(b"Exif\0\0") and _is_turned(segment[6:]):
            return False
        if marker in _FRAMES:
            height, width = (int.from_bytes(segment[at : at + 2], "big") for at in (1, 3))
            plain = len(segment) >= 6 and segment[0] == 8 and segment[5] in (1, 3) and height * width <= MAX_PIXELS
    return plain and marker == _END


def _what_it_is_instead(data: bytes) -> str:
    start = data[:512].lstrip().lower()
    if data[4:8] == b"ftyp":  # ISO/IEC 14496-12, the container of HEIC, AVIF and MP4
        return f"not an image that OpenCV reads, but {data[8:12].decode('latin-1').strip()} (HEIC or a video): convert it to JPEG"
    if start.startswith((b"<!doctype html", b"<html")):
        return "not an image but a web page: fetch the picture itself"
    return "not an image that OpenCV reads"


def _segments(jpeg: bytes) -> Iterator[tuple[int, bytes]]:
    """(marker, content) of each segment of a JPEG's first picture, as far as the file goes; the end marker comes last.

    Follows ITU-T T.81, annex B. Anything after the end is ignored: cameras put films, other pictures and notes there.
    """
    position, in_scan = 2, False
    while match := _MARKER.search(jpeg, position):
        marker, position = match[0][-1], match.end()
        if marker == _END:
            yield marker, b""
            return
        if in_scan and marker not in _BEHIND_SCANS:  # damage, which decoders skip as well
            continue
        in_scan |= marker == _SCAN
        length = int.from_bytes(jpeg[position : position + 2], "big")
        yield marker, jpeg[position + 2 : position + length]
        position += max(length, 2)


def _is_turned(tiff: bytes) -> bool:
    """Whether the orientation in the EXIF data (a TIFF header and directory) is other than upright."""
    order = "little" if tiff[:2] == b"II" else "big"
    start = int.from_bytes(tiff[4:8], order)
    entries = int.from_bytes(tiff[start : start + 2], order)
    for entry in range(start + 2, start + 2 + 12 * entries, 12):
        if int.from_bytes(tiff[entry : entry + 2], order) == _ORIENTATION:
            return int.from_bytes(tiff[entry + 8 : entry + 10], order) > 1
    return False
