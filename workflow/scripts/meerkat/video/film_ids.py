"""What a film is: its content. Path and name are only how it is called now."""

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path

# This many pieces of this many bytes are read, including the beginning and the end. That is enough: different films have other headers or
# times there, no two recordings are compressed to the same bytes, and a film that was cut or copied only in part has another size. To read
# whole films would take as long as to copy them.
_PIECES, _BYTES = 8, 1 << 14
# Hexadecimal digits of an id: among a million films, two have the same one with a probability of 1 in 40 million.
_DIGITS = 16
_BY_PATH = "path-"


def id_of(path: str, size: int) -> str:
    """Identifies the content of a film of `size` bytes, in 16 hexadecimal digits. Raises OSError if the film cannot be read."""
    digest = hashlib.sha256(str(size).encode())
    with Path(path).open("rb", buffering=0) as file:
        for number in range(_PIECES):
            file.seek(max(0, size - _BYTES) * number // (_PIECES - 1), os.SEEK_SET)
            digest.update(file.read(_BYTES))
    return digest.hexdigest()[:_DIGITS]


def id_without_content(path: str) -> str:
    """The same for a film that is empty or cannot be read: only its path tells it from others."""
    return _BY_PATH + hashlib.sha256(path.encode(errors="surrogateescape")).hexdigest()[:_DIGITS]


def id_of_burst(stills: Sequence[str]) -> str:
    """Identifies the content of a burst by the ids of its stills."""
    prefix = _BY_PATH if any(map(is_by_path, stills)) else ""
    return prefix + hashlib.sha256("\n".join(stills).encode()).hexdigest()[:_DIGITS]


def is_by_path(film: str) -> bool:
    """Whether an id comes from a path alone."""
    return film.startswith(_BY_PATH)
