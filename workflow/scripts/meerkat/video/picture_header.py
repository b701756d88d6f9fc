"""What the header of a picture says about how it was taken; the picture is not decoded."""

import re
from pathlib import Path

from .film_header import NO_HEADER, FilmHeader, camera_of

# Tags of EXIF (CIPA DC-008) with date and time: when the picture was taken, when it was digitized, and when the file was changed. The first
# two lie in a directory of their own, with their fractions of seconds and time zones.
_DIRECTORY = 0x8769
_TAKEN, _DIGITIZED, _CHANGED = 0x9003, 0x9004, 0x0132
_FRACTION_OF, _ZONE_OF = {_TAKEN: 0x9291, _DIGITIZED: 0x9292, _CHANGED: 0x9290}, {_TAKEN: 0x9011, _DIGITIZED: 0x9012, _CHANGED: 0x9010}
_OFFSET = re.compile(r"[+-]\d\d:\d\d")  # cameras that know no zone write blanks or other text
_MAKE, _MODEL = 0x010F, 0x0110


def read_or_empty(path: Path | str) -> FilmHeader:
    """The header of a picture; an empty one if it has none, or cannot be read, which the search will say. Raises OSError if the file cannot
    be reached."""
    from PIL import Image  # takes a twentieth of a second, which a run without new pictures need not pay

    with Path(path).open("rb") as file:
        try:
            with Image.open(file) as picture:
                tags = picture.getexif()
                tags.update(tags.get_ifd(_DIRECTORY))
        except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):  # of Pillow: the file is not a whole picture
            return NO_HEADER
    make, model = (str(tags.get(tag, "")).strip("\0 ") for tag in (_MAKE, _MODEL))
    return FilmHeader(_taken(tags), camera_of(make, model))


def _taken(tags: dict[int, object]) -> str:
    """Date and time as in ISO 8601, with fractions and zone if the header has them; empty if it has no time."""
    for tag in (_TAKEN, _DIGITIZED, _CHANGED):
        text = str(tags.get(tag, "")).strip("\0 ")
        date, _, time = text.partition(" ")
        if date and time and date.strip("0: "):
            fraction, zone = (str(tags.get(of[tag], "")).strip("\0 ") for of in (_FRACTION_OF, _ZONE_OF))
            parts = (f".{fraction}" if fraction.isdigit() else "", zone if _OFFSET.fullmatch(zone) else "")
            return f"{date.replace(':', '-')}T{time}{''.join(parts)}"
    return ""
