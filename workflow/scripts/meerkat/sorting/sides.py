"""Which videos are for Testing. A model chooses the clips of the others, so they could not test it honestly."""

import hashlib

# About one video in this many.
_ONE_IN = 5


def split_of(film: str, seed: int) -> str:
    """`eval` for the films that are drawn for Testing, `train` for the others. A film never changes sides, even when films are added or get
    another name.

    film  its id; if that is unknown, the name of the video
    """
    return "train" if int.from_bytes(hashlib.sha256(f"{seed} {film}".encode(errors="surrogateescape")).digest()[:8]) % _ONE_IN else "eval"
