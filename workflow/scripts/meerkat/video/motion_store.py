"""The store of stretches that were searched: what moves in a film's content with the same settings is never searched twice.

<folder>/<film>-<number>-of-<stretches>.zip  a stretch; `film` is the id of its film. If its camera has a region of its own, or a
detector has found something in it, a digest of both follows after a point
    facts.json        see `Searched`
    boxes.csv         track,frame,seconds,x,y,w,h: the boxes of the tracks, in the order of time
    clips/*.jpg       <track>-<number>.jpg
    frames/*.jpg      the best frame of each track: the one of its best clip, <track>.jpg

Each file appears whole or not at all, and contains its own checksums. Everything here may be deleted at any time.
"""

import csv
import hashlib
import io
import tempfile
import zipfile
import zlib
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from pydantic import TypeAdapter, ValidationError

from .. import atomic
from ..tables import csv_text
from .completeness import Completeness
from .crops import jpeg, whole
from .search import Found, LookedAt, Sighting
from .stretches import Stretch
from .track_clips import Cut
from .tracks import Track
from .videos import Video

FRAMES = "frames"
_FACTS, _BOXES = "facts.json", "boxes.csv"
# What takes the place of a picture that a person has deleted: grey.
ERASED = jpeg(np.full((64, 64, 3), 128, np.uint8))
ERASED_DIGEST = hashlib.sha256(ERASED).hexdigest()


@dataclass(frozen=True)
class StoredClip(Cut):
    """A clip; `file` is its path in the file of its stretch, `digest` the SHA-256 of its content."""

    file: str
    digest: str


@dataclass(frozen=True)
class StoredTrack:
    """A track, or its part in a stretch (see `search.Found`)."""

    track: Track
    opens: bool
    stays: bool
    clips: list[StoredClip]


@dataclass
class Searched:
    """What is known of a stretch that was searched.

    problem    why the film could not be opened; empty if it could
    films, fps  as in `Video`; created  see `FilmHeader`
    begins     seconds from which it could be decoded
    seconds, size  when its last frame ends, and that frame's height and width
    completeness  of the part of the film that was read; None if it could not be opened
    looks, too_small, with_boxes  how many frames were looked at, in how many something too small moved, and how many have boxes
    lines, interval  the height of the pictures that were looked at, and usual seconds from one to the next
    minutes    how long the search took
    """

    problem: str = ""
    films: int = 0
    fps: float = 0.0
    created: str = ""
    begins: float = 0.0
    seconds: float = 0.0
    size: tuple[int, int] = (0, 0)
    completeness: Completeness | None = None
    looks: int = 0
    too_small: int = 0
    with_boxes: int = 0
    lines: int = 0
    interval: float = 0.0
    minutes: float = 0.0
    tracks: list[StoredTrack] = field(default_factory=list)


_SEARCHED = TypeAdapter(Searched)


class DamagedStretch(Exception):
    """The file of a stretch is missing or damaged."""

    def __init__(self, path: Path, reason: object):
        super().__init__(f"{path}: {reason}")
        self.path = path


class MotionStore:
    """The stretches that were searched with the same settings and the same code."""

    def __init__(self, folder: Path):
        self._folder = folder

    def path(self, stretch: Stretch) -> Path:
        """The file of a stretch."""
        film = stretch.film
        own = film.region + film.detected
        suffix = f".{hashlib.sha256(own.encode()).hexdigest()[:8]}" if own else ""
        return self._folder / f"{film.id}-{stretch.number}-of-{film.stretches}{suffix}.zip"

    def has(self, stretch: Stretch) -> bool:
        """Whether a stretch was searched."""
        return self.path(stretch).is_file()

    @contextmanager
    def open(self, stretch: Stretch) -> Iterator["SearchedStretch"]:
        """What was found in a stretch. Raises DamagedStretch."""
        path = self.path(stretch)
        with _reading(path):
            archive = zipfile.ZipFile(path)
        with archive:
            yield SearchedStretch(path, archive)

    @contextmanager
    def writing(self, stretch: Stretch) -> Iterator["StretchWriter"]:
        """A writer; the file appears if the block ends well."""
        with (
            atomic.replacing(self.path(stretch)) as temporary,
            zipfile.ZipFile(temporary, "w") as archive,
            tempfile.TemporaryFile("w+", newline="") as boxes,
        ):
            yield StretchWriter(archive, boxes)

    def erase(self, stretch: Stretch, tracks: Collection[int]) -> None:
        """Replace all clips and the best frames of these tracks of a stretch with ERASED. Raises DamagedStretch."""
        with self.open(stretch) as searched, atomic.replacing(searched.path) as temporary, zipfile.ZipFile(temporary, "w") as archive:
            own = [stored for stored in searched.found.tracks if stored.track.number in tracks]
            gone = {frame_of(stored.track.number) for stored in own} | {clip.file for stored in own for clip in stored.clips}
            for stored in own:
                stored.clips[:] = [replace(clip, digest=ERASED_DIGEST) for clip in stored.clips]
            for name in searched.files():
                content = _SEARCHED.dump_json(searched.found) if name == _FACTS else searched.picture(name)
                archive.writestr(zipfile.ZipInfo(name), ERASED if name in gone else content)


class SearchedStretch:
    """What was found in a stretch. All that is read may raise DamagedStretch.

    path  its file; found  the facts and the tracks
    """

    def __init__(self, path: Path, archive: zipfile.ZipFile):
        self.path, self._archive = path, archive
        with _reading(path):
            self.found = _SEARCHED.validate_json(archive.read(_FACTS))

    def boxes(self) -> Iterator[list[str]]:
        """The rows of the boxes, as texts: track, frame, seconds, x, y, w, h."""
        with _reading(self.path), self._archive.open(_BOXES) as file:
            yield from csv.reader(io.TextIOWrapper(file, newline=""))

    def files(self) -> list[str]:
        """The paths of all that is in the file."""
        return self._archive.namelist()

    def picture(self, file: str) -> bytes:
        """A clip or a frame, by its path in the file."""
        with _reading(self.path):
            return self._archive.read(file)


def read_picture(path: Path, file: str) -> bytes:
    """A clip or a frame in the file of a stretch. Raises DamagedStretch."""
    with _reading(path), zipfile.ZipFile(path) as archive:
        return archive.read(file)


@contextmanager
def _reading(path: Path) -> Iterator[None]:
    """Raises DamagedStretch for a fault of the file; a fault of the disk stays an OSError."""
    try:
        yield
    except (FileNotFoundError, zipfile.BadZipFile, zlib.error, EOFError, KeyError, ValidationError, UnicodeDecodeError, csv.Error) as error:
        raise DamagedStretch(path, error) from error


class StretchWriter:
    """Writes a stretch piece by piece: memory does not grow with its length. `found` are the facts, to be completed by the caller."""

    def __init__(self, archive: zipfile.ZipFile, boxes: io.TextIOBase):
        self._archive, self._boxes, self._last = archive, boxes, 0
        self.found = Searched()

    def write(self, found: LookedAt | Sighting | Found) -> None:
        """Write one of the things that a search finds."""
        {LookedAt: self._look, Sighting: self._see, Found: self._add}[type(found)](found)

    def _look(self, look: LookedAt) -> None:
        """Count a frame that was looked at."""
        self.found.looks += 1
        self.found.too_small += look.too_small
        self.found.lines, self.found.interval = look.lines, look.interval

    def _see(self, sighting: Sighting) -> None:
        """Keep a box until it is known whether its track is a flicker."""
        self._boxes.write(csv_text([(sighting.track.number, sighting.frame, f"{sighting.seconds:.3f}", *sighting.box)]))
        self.found.with_boxes += sighting.frame != self._last
        self._last = sighting.frame

    def _add(self, found: Found) -> None:
        """Write a track with its clips and its best frame."""
        number, clips = found.track.number, []
        for place, clip in enumerate(found.clips):
            file = f"clips/{number}-{place}.jpg"
            content = jpeg(clip.picture)
            self._write(file, content)
            clips.append(StoredClip(clip.frame, clip.seconds, clip.box, clip.quality, file, hashlib.sha256(content).hexdigest()))
        self._write(frame_of(number), whole(found.best_frame))
        self.found.tracks.append(StoredTrack(found.track, found.opens, found.stays, clips))

    def finish(self, video: Video | None, problem: str, minutes: float) -> None:
        """Write the facts and the boxes. `video` is None if the film could not be opened; `problem` then says why."""
        found = self.found
        found.problem, found.minutes = problem, minutes
        if video:
            found.films, found.fps, found.created, found.begins = video.films, video.fps, video.header.created, video.begins
            found.seconds, found.size, found.completeness = video.seconds, video.size, video.completeness
        found.tracks.sort(key=lambda stored: stored.track.number)
        kept = {str(stored.track.number) for stored in found.tracks}
        self._boxes.seek(0)
        with self._archive.open(zipfile.ZipInfo(_BOXES), "w", force_zip64=True) as file:
            for row in csv.reader(self._boxes):
                if row[0] in kept:
                    file.write(csv_text([row]).encode())
        self._write(_FACTS, _SEARCHED.dump_json(found))

    def _write(self, name: str, content: bytes) -> None:
        # Without a date, so that the same search gives the same file.
        self._archive.writestr(zipfile.ZipInfo(name), content)


def files_without(folder: Path, films: Collection[str]) -> list[Path]:
    """The files of a store, except those of films with these ids."""
    return [path for path in folder.glob("*-of-*.zip") if path.stem.rsplit("-", 3)[0] not in films]


def frame_of(track: int) -> str:
    """The path of a track's best frame in the file of its stretch."""
    return f"{FRAMES}/{track}.jpg"
