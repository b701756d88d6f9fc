"""Digests, which identify the content of a file."""

import hashlib
from pathlib import Path


def of_file(path: Path | str) -> str:
    """The SHA-256 of a file, 64 hex digits. Memory does not grow with the file. Raises OSError."""
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
