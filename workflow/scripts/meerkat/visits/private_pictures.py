"""Deletes the pictures of private visits everywhere in the results, and among the sorted clips. The visits stay in the tables."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from .. import tables
from ..sorting.folders import Folders
from ..video.film_pieces import PIECES
from ..video.motion_files import MotionFiles, kept_clips
from ..video.motion_store import MotionStore
from ..video.sheets import SHEETS
from ..video.video_files import Videos
from .found_visits import FoundVisits
from .places_of_passages import finder

# The outputs that say which files show which visit; one of them may be missing.
_TABLES_OF_PICTURES = ("pictures.csv", "films.csv")


class Private(NamedTuple):
    """The private visits of a video: their numbers, and the tracks that they show."""

    visits: set[int]
    tracks: set[int]


def of_videos(found: FoundVisits, videos: Iterable[str]) -> Mapping[str, Private]:
    """The private visits of each of these videos that has any."""
    private = {video: found.private(video) for video in videos}
    return {
        video: Private({int(visit["visit"]) for visit, _ in own}, {track for _, boxes in own for track in boxes["track"].tolist()})
        for video, own in private.items()
        if own
    }


def sorted_clips(private: Mapping[str, Private], found: FoundVisits, listed: Videos, folders: Folders) -> list[Path]:
    """The sorted clips that show private visits."""
    names = {listed.films[video].id: video for video in private if video in listed.films}
    track_at = {video: finder(found.passages[video], found.motion / video) for video in private}
    track_of = {(clip.video, clip.file): clip.track for clip in kept_clips(found.motion, private)}
    shown = [
        name
        for name, stored in folders.sorted_as.items()
        if (video := names.get(stored.film)) and stored.where  # a clip of an earlier search is found by its place
        if track_of.get((video, name), track_at[video](stored.where)) in private[video].tracks
    ]
    return [lying.path for name in shown for lying in folders.named(name)]


def erase(private: Mapping[str, Private], found: FoundVisits, listed: Videos, store: MotionStore, files: MotionFiles, wanted: int) -> int:
    """Delete the pictures in the results; returns how many clips that were. A grey picture takes the place of each clip and still, so that
    nothing is missing there; pictures and films of visits are made again from these by the next run. Raises DamagedStretch.

    wanted  how many clips are kept of a track
    """
    clips = sum(files.erase(video, listed.films[video], store, wanted, own.tracks) for video, own in private.items())
    for table in _TABLES_OF_PICTURES:
        if (found.folder / table).is_file():
            for row in tables.read(found.folder / table, "write_visits.py"):
                if row["file"] and row["video"] in private and int(row["visit"]) in private[row["video"]].visits:
                    (found.folder / row["file"]).unlink(missing_ok=True)
    for folder in (PIECES, SHEETS):
        for video in private:
            for made in (found.folder.parent / folder).glob(f"{listed.films[video].id}_*"):
                made.unlink()
    return clips
