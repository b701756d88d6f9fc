"""The file of a film as FFmpeg reads it, such that a fault of the disk or the network is not taken for a fault of the film."""

import errno
from pathlib import Path

# What the system says of the thing itself. All else it says of the way there: the same film may be read another time.
_OF_THE_FILE = (errno.EISDIR, errno.ENXIO, errno.ELOOP, errno.ENAMETOOLONG)


def says_what_it_is(error: OSError) -> bool:
    """Whether the error is a fact about the file (it is a folder, a socket), so that trying again is of no use."""
    return error.errno in _OF_THE_FILE


class FilmFile:
    """A file for PyAV. FFmpeg takes any fault of reading for the end of the film, so the first one is kept.

    name     the path, whose ending FFmpeg looks at
    failure  what the system said when the file could not be read; None as long as it can
    """

    def __init__(self, path: Path):
        """Raises OSError when the file cannot be opened."""
        self.name, self.failure = str(path), None
        self._file = path.open("rb", buffering=0)

    def read(self, size: int) -> bytes:
        """The next bytes, at most `size`; none at the end, and none once the file could not be read."""
        try:
            return self._file.read(size) if self.failure is None else b""
        except OSError as error:
            self.failure = OSError(error.errno, error.strerror, self.name)
            return b""

    def seek(self, offset: int, whence: int = 0) -> int:
        """As for any file."""
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        """As for any file."""
        return self._file.tell()

    def close(self) -> None:
        """As for any file."""
        self._file.close()

    def check(self) -> None:
        """Raise the OSError that reading met, if there was one."""
        if self.failure:
            raise self.failure
