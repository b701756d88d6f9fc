"""Which videos are for Testing. A model chooses the clips of the others, so they could not test it honestly."""

import hashlib

# About one video in this many.
_ONE_IN = 5


def split_of(video: str, seed: int) -> str:
    """`eval` for the videos that are drawn for Testing, `train` for the others. A video never changes sides, even when videos are added."""
    return "train" if int.from_bytes(hashlib.sha256(f"{seed} {video}".encode(errors="surrogateescape")).digest()[:8]) % _ONE_IN else "eval"
