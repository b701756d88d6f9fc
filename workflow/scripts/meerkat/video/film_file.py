"""The file of a film, for FFmpeg. It keeps errors of the disk or the network apart from faults of the film."""

import errno
from pathlib import Path

# These errors are about the file itself. All others are about the disk or the network, and the film may be readable another time.
_OF_THE_FILE = (errno.EISDIR, errno.ENXIO, errno.ELOOP, errno.ENAMETOOLONG)


def says_what_it_is(error: OSError) -> bool:
    """Whether the error is a fact about the file (it is a folder, a socket), so that trying again is useless."""
    return error.errno in _OF_THE_FILE


class FilmFile:
    """A file for PyAV. FFmpeg takes any error of reading for the end of the film, so the first error is kept.

    name     the path, whose ending FFmpeg looks at
    failure  the error of the system when the file could not be read; None as long as it can be read
    """

    def __init__(self, path: Path):
        """Raises OSError if the file cannot be opened."""
        self.name, self.failure = str(path), None
        self._file = path.open("rb", buffering=0)

    def read(self, size: int) -> bytes:
        """The next bytes, at most `size`; none at the end, and none after an error of reading."""
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
        """Raise the OSError that occurred in reading, if there was one."""
        if self.failure:
            raise self.failure
