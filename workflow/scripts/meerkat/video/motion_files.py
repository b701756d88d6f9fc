"""The files about what moves in a video, made from its stretches: tables of clips and boxes, and the clips.

<motion>/<video>/clips.csv        one row a clip; the first clips are those of track 1
<motion>/<video>/boxes.csv        one row a box, in the order of time
<motion>/<video>/clips/*.jpg      <video>_<frame>_<number within the frame>.jpg
<motion>/<video>/parameters.csv   settings and counts (see `video_report`)
<clips>/<video>/                  the same clips and their table, for a person, who may move or delete them
"""

import re
import shutil
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from functools import cache
from itertools import chain
from os.path import normpath, relpath
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from .. import atomic, tables
from ..clock import clock, seconds
from ..errors import UserError, examples
from ..tables import csv_text, write_rows
from . import borders, video_report
from .motion_store import ERASED, ERASED_DIGEST, FRAMES, DamagedStretch, MotionStore, SearchedStretch, frame_of, read_picture
from .stretches import Film, Stretch

if TYPE_CHECKING:
    import pandas as pd

CLIPS = "clips"
# The table of all videos, beside their folders.
FILMS = "films.csv"
CLIP_COLUMNS = ("video", "track", "frame", "clock", "x", "y", "w", "h", "file", "best", "digest", "best_frame", "found_by", "kind")
_BOX_TYPES = {"track": int, "frame": int, "seconds": float, "x": int, "y": int, "w": int, "h": int}
_MADE_BY = "gather_motion.py"
_TABLES = ("boxes.csv", "clips.csv", "parameters.csv")


class KeptClip(NamedTuple):
    """A clip of a track; the file is in the folder CLIPS of its video. `where` is its frame and its box, x y w h in pixels; `seconds` is
    when it was cut, from the beginning of the film."""

    video: str
    track: int
    file: str
    digest: str
    where: str
    seconds: float


class MotionFiles:
    """The files of all videos.

    motion, clips  see above
    """

    def __init__(self, motion: Path, clips: Path):
        self._motion, self._clips = motion, clips

    def are_made(self, video: str, facts: Mapping[str, object]) -> bool:
        """Whether the files of a video are there, and their parameters.csv contains these facts."""
        folder = self._motion / video
        if not all((folder / name).is_file() for name in _TABLES) or not (self._clips / video / "clips.csv").is_file():
            return False
        return video_report.read(folder / "parameters.csv").items() >= {name: str(fact) for name, fact in facts.items()}.items()

    def make(self, video: str, film: Film, store: MotionStore, wanted: int, facts: Mapping[str, object]) -> None:
        """Make the files of a video. Raises DamagedStretch.

        wanted  how many clips are kept of a track; facts  more rows for parameters.csv
        """
        folder = self._motion / video
        with ExitStack() as stack:
            opened = [stack.enter_context(store.open(Stretch(film, number))) for number in range(film.stretches)]
            found = [stretch.found for stretch in opened]
            tracks = borders.join(found, wanted)
            shutil.rmtree(folder, ignore_errors=True)
            rows = list(self._write_clips(video, tracks, opened))
            tables.write_rows(chain([_BOX_TYPES], _boxes(tracks, opened)), folder / "boxes.csv")
        table = csv_text([CLIP_COLUMNS, *rows])
        atomic.write_text(folder / "clips.csv", table)
        self._give(video, [row[CLIP_COLUMNS.index("file")] for row in rows], table)
        parameters = facts | video_report.parameters(borders.facts(found), len(tracks))
        write_rows(parameters.items(), folder / "parameters.csv")  # last, so that it says that all is there

    def _write_clips(self, video: str, tracks: Sequence[borders.WholeTrack], opened: Sequence[SearchedStretch]) -> Iterator[tuple]:
        """Write the clips; returns their rows."""
        folder, in_frame = self._motion / video / CLIPS, Counter()
        folder.mkdir(parents=True)
        for number, whole in enumerate(tracks, 1):
            for part in whole.parts:
                for clip in part.clips:
                    # With this many digits a frame is never taken for a time of day, and names sort as the frames do.
                    file = f"{video}_{clip.frame:07d}_{in_frame[clip.frame]}.jpg"
                    in_frame[clip.frame] += 1
                    (folder / file).write_bytes(opened[part.stretch].picture(clip.file))
                    best_frame = f"{relpath(opened[part.stretch].path, self._motion)}/{frame_of(part.track)}" if clip is whole.best else ""
                    found = (whole.track.found_by, whole.track.kind)
                    yield (
                        video,
                        number,
                        clip.frame,
                        clock(clip.seconds),
                        *clip.box,
                        file,
                        int(clip is whole.best),
                        clip.digest,
                        best_frame,
                        *found,
                    )

    def _give(self, video: str, files: Iterable[str], table: str) -> None:
        """Put the clips and their table into the folder for a person. Delete clips of an earlier search."""
        folder = self._clips / video
        folder.mkdir(parents=True, exist_ok=True)
        self._take_back(video)
        for file in files:
            atomic.link(folder / file, self._motion / video / CLIPS / file)
        atomic.write_text(folder / "clips.csv", table)

    def erase(self, video: str, film: Film, store: MotionStore, wanted: int, tracks: Collection[int]) -> int:
        """Replace all pictures of these tracks with a grey one, here and in the store; returns how many clips of a video that were.

        wanted  as for `make`

        Raises DamagedStretch if the store lacks the film: then nothing has changed.
        """
        with ExitStack() as stack:
            opened = [stack.enter_context(store.open(Stretch(film, number))) for number in range(film.stretches)]
            whole = borders.join([stretch.found for stretch in opened], wanted)
        parts = [part for number, track in enumerate(whole, 1) if number in tracks for part in track.parts]
        for number in {part.stretch for part in parts}:
            store.erase(Stretch(film, number), {part.track for part in parts if part.stretch == number})
        rows = tables.read(self._motion / video / "clips.csv", _MADE_BY)
        own = [row for row in rows if int(row["track"]) in tracks]
        for row in own:
            row["digest"] = ERASED_DIGEST
        table = csv_text([CLIP_COLUMNS, *([row[column] for column in CLIP_COLUMNS] for row in rows)])
        for clips, folder in ((CLIPS, self._motion / video), ("", self._clips / video)):
            for row in own:
                if (folder / clips / row["file"]).is_file():
                    atomic.write_bytes(folder / clips / row["file"], ERASED)
            atomic.write_text(folder / "clips.csv", table)
        return len(own)

    def are_there(self, video: str) -> bool:
        """Whether there are files of a name."""
        return (self._motion / video).is_dir()

    def moved(self, films: Mapping[str, Film]) -> list[str]:
        """The names for which there are files of films that have another name now.

        films  by their names in results
        """
        here = {film.id for film in films.values()}
        others = [folder for folder in self._motion.iterdir() if folder.is_dir() and folder.name not in films]
        return [folder.name for folder in others if _film_of(folder) in here]

    def remove(self, video: str) -> None:
        """Delete the files of a name that no video has any more; what a person has added stays."""
        shutil.rmtree(self._motion / video)
        if (self._clips / video).is_dir():
            self._take_back(video)
            (self._clips / video / "clips.csv").unlink(missing_ok=True)
            if not any((self._clips / video).iterdir()):
                (self._clips / video).rmdir()

    def _take_back(self, video: str) -> None:
        """Delete the clips of a video from the folder for a person."""
        mine = re.compile(re.escape(video) + r"_\d+_\d+\.jpg")
        for path in (self._clips / video).iterdir():
            if mine.fullmatch(path.name):
                path.unlink()


def _film_of(folder: Path) -> str | None:
    """The film whose files a folder contains; None if that is unknown."""
    path = folder / "parameters.csv"
    return video_report.read(path).get(video_report.FILM) if path.is_file() else None


def _boxes(tracks: Sequence[borders.WholeTrack], opened: Sequence[SearchedStretch]) -> Iterator[list]:
    """The rows of the boxes in the order of time, with the numbers that the tracks have in the film."""
    numbers = {part[:2]: number for number, whole in enumerate(tracks, 1) for part in whole.parts}
    for place, stretch in enumerate(opened):
        for track, *box in stretch.boxes():
            if (place, int(track)) in numbers:  # else its track turned out to be a flicker
                yield [numbers[place, int(track)], *box]


def kept_clips(motion: Path, videos: Iterable[str]) -> Iterator[KeptClip]:
    """The clips of these videos, in their order; `motion` contains a folder for each."""
    for video in videos:
        for row in tables.read(motion / video / "clips.csv", _MADE_BY):
            where = " ".join(row[name] for name in ("frame", "x", "y", "w", "h"))
            yield KeptClip(video, int(row["track"]), row["file"], row["digest"], where, seconds(row["clock"]))


def best_frames(motion: Path, video: str) -> dict[str, str]:
    """Where the best frame of each track is, by the file of its best clip, for `read_frame`."""
    return {row["file"]: row["best_frame"] for row in tables.read(motion / video / "clips.csv", _MADE_BY) if row["best_frame"]}


def read_frame(motion: Path, video: str, place: str) -> bytes:
    """The frame at a place from `best_frames`, as a JPEG. If it is damaged or gone, it is deleted, with the tables that name it, so that
    next runs make it again, and UserError is raised. Raises OSError if the disk cannot be reached."""
    archive, _, name = place.rpartition(f"/{FRAMES}/")
    try:
        return read_picture(motion / archive, f"{FRAMES}/{name}")
    except DamagedStretch as error:
        error.path.unlink(missing_ok=True)
        _have_made_again(motion / video)
        raise UserError(
            f"{normpath(error.path)}, which contains the pictures of {video}, is damaged or gone. Run again: this part of the film is then "
            "searched again."
        ) from None


def read_boxes(folder: Path) -> "pd.DataFrame":
    """The boxes of a video from its folder: track, frame, seconds, x, y, w, h."""
    path = folder / "boxes.csv"
    # In most films of many cameras nothing moves, and pandas takes milliseconds to say so.
    is_empty = path.is_file() and path.stat().st_size == len(csv_text([_BOX_TYPES]))
    return _no_boxes() if is_empty else tables.read_frame(path, _MADE_BY, **_BOX_TYPES)


@cache
def _no_boxes() -> "pd.DataFrame":
    import pandas as pd  # as in `tables.read_frame`

    return pd.DataFrame({name: pd.Series(dtype=type_) for name, type_ in _BOX_TYPES.items()})


def refuse_damaged(clips: Sequence[Path]) -> None:
    """Raise UserError if clips of films are damaged or gone. The tables that name them are deleted, so that the next run writes them
    again."""
    for folder in {path.parent.parent for path in clips}:
        _have_made_again(folder)
    if clips:
        told = examples(list(map(str, clips)))
        raise UserError(f"These clips are damaged or gone. Run again: they are then written again.\n{told}")


def _have_made_again(folder: Path) -> None:
    """Delete what says that the files of a video are there; `folder` is theirs."""
    for table in (folder / "clips.csv", folder.parent / FILMS):
        table.unlink(missing_ok=True)
