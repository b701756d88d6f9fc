"""What a camera has recorded: a film, or a burst of stills."""

from collections.abc import Sequence
from pathlib import Path

from . import bursts, film_ids
from .burst_file import BurstFile
from .videos import Video


def open_recording(path: Path | str, pictures: str = "", threads: int = 1) -> Video | BurstFile:
    """A film, or a burst if `pictures` names its stills (see `bursts.Burst.pictures`). Raises as `Video` does."""
    return BurstFile(path, pictures) if pictures else Video(path, threads)


def files(path: str, pictures: str = "") -> Sequence[str]:
    """The files of a recording."""
    return [still for still, _ in bursts.in_folder(path, pictures)] if pictures else [path]


def is_of(film: str, path: str, pictures: str = "") -> bool:
    """Whether the recording at this path has an id; assumed to be true of ids that do not come from content. Raises OSError."""
    if not pictures:
        return film_ids.is_of(film, path)
    return film_ids.is_by_path(film) or film == film_ids.id_of_burst(
        [film_ids.id_of(still, Path(still).stat().st_size) for still in files(path, pictures)]
    )
