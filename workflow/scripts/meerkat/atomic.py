"""Files that appear under their final name only when they are complete."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# The names of half-written files begin like this; hidden, so that no pattern for finished files finds them.
PREFIX = ".tmp-"


@contextmanager
def replacing(path: Path | str) -> Iterator[Path]:
    """Give a temporary path beside `path`. If the block ends well, move the file to `path`; otherwise delete it.

    The temporary file lies on the same file system, so that the move is atomic. Its name is unique, so that two jobs which write the same
    target cannot mix (such as a cluster job that was requeued while its first copy still runs). The content is flushed to the disk before
    the move: after a power cut, either the old or the new file is there, whole.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=PREFIX, suffix=path.suffix, dir=path.parent)
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
        # mkstemp makes private files; outputs follow the user's umask as any other file does.
        umask = os.umask(0)
        os.umask(umask)
        temporary.chmod(0o666 & ~umask)
        with temporary.open("rb") as file:
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def link(path: Path | str, source: Path | str) -> None:
    """Give the file `source` the name `path` as well, atomically: a hard link takes no space. If the file system has none, copy the file.

    If `source` is a symbolic link, such as git-annex makes, the file that it leads to gets the name. Raises OSError if that is missing.
    """
    path, source = Path(path), Path(source).resolve(strict=True)
    with tempfile.TemporaryDirectory(prefix=PREFIX, dir=path.parent) as folder:
        temporary = Path(folder) / path.name
        try:
            os.link(source, temporary)
        except OSError:  # A file system without hard links, or the source on another one.
            shutil.copyfile(source, temporary)
        temporary.replace(path)


def remove_leftovers(folder: Path | str) -> None:
    """Delete the half-written files of killed programs below `folder`; no program may be at work there."""
    for path in Path(folder).rglob(f"{PREFIX}*"):
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)


def write_bytes(path: Path | str, content: bytes) -> None:
    """Write `content` to `path` atomically."""
    with replacing(path) as temporary:
        temporary.write_bytes(content)


def write_text(path: Path | str, text: str) -> None:
    """Write `text` (UTF-8; undecodable bytes of file names pass through) to `path` atomically."""
    with replacing(path) as temporary:
        temporary.write_text(text, encoding="utf-8", errors="surrogateescape", newline="")
