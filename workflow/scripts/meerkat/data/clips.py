"""Clips: the image files that a person sorted into two classes."""

import hashlib
import mimetypes
from dataclasses import dataclass, replace
from pathlib import Path

from ..errors import UserError

SPLITS = {"train": "Training", "eval": "Testing"}
# The names that users may give to the folders of the splits, in any case.
SPLIT_FOLDERS = {"train": {"training", "train"}, "eval": {"testing", "test"}}


def is_split_folder(name: str) -> bool:
    """Whether a folder of this name holds Training or Testing clips."""
    return any(name.lower() in names for names in SPLIT_FOLDERS.values())


def may_be_clip(path: str) -> bool:
    """Whether a file's ending is that of a picture, or says nothing."""
    kind = mimetypes.guess_type(path)[0]
    return kind is None or kind.startswith("image/")


@dataclass(frozen=True, order=True)
class Clip:
    """One labelled image file: its path as the user wrote it, its label (0 positive, 1 negative) and the SHA-256
    of its content (64 hex digits; empty while it is not known)."""

    path: str
    label: int
    digest: str = ""

    def with_digest(self) -> "Clip":
        """The same clip with its digest. Raises UserError if the file cannot be read."""
        if self.digest:
            return self
        try:
            return replace(self, digest=hashlib.sha256(Path(self.path).read_bytes()).hexdigest())
        except OSError as error:
            raise UserError(f"{self.path} cannot be read ({error.strerror}). Correct the list that names it.") from None
