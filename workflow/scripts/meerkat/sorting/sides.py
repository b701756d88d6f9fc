"""Which videos are for Testing. Clips of the others are asked for by a model, so they could not test it honestly."""

import hashlib

# About one video in so many.
_ONE_IN = 5


def split_of(video: str, seed: int) -> str:
    """`eval` for the videos that are drawn for Testing, `train` for the others. A video never changes sides, whatever is added."""
    return "train" if int.from_bytes(hashlib.sha256(f"{seed} {video}".encode(errors="surrogateescape")).digest()[:8]) % _ONE_IN else "eval"
