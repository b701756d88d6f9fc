"""The search for what is new in the stills of a burst: tracks, their boxes, and a few clips of each, as `search` gives them for films."""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import cv2

from ..data import images
from ..data.sites import folder_of_camera
from . import bursts, track_clips
from .boxes import Box
from .burst_file import BurstFile, StillFrame
from .detector_boxes import Detected
from .motion import NOTHING, Changed, in_frame, pixels
from .recordings import Recording
from .regions import FilmMotion
from .search import Found, LookedAt, Sighting, linked, offer
from .still_comparison import Comparison, Plane, lines_of
from .tracks import Tracker

if TYPE_CHECKING:
    from .video_files import Videos

# A burst is compared with so many others of its camera, out of so many that are nearest in the order of the files: those of other light are
# passed over.
_BESIDE, _NEAR = 6, 20
# So many small pictures are kept, for the next bursts need most of them again.
_KEPT = 64
# Stills are a second apart or so, and an animal goes far in that time: the gap between two boxes of it, in heights of the picture.
_REACH = 0.3


class BurstSearch:
    """Searches bursts; fast if those of a camera come one after the other in the order of their files."""

    def __init__(self, videos: "Videos"):
        """videos  all of the list, so that each burst is compared with the same ones, whichever job searches it"""
        self._plane = lru_cache(maxsize=_KEPT)(_plane)
        self._of_camera: dict[str, tuple[Sequence[Recording], int]] = {}
        searched = sorted((path, film) for name, path in videos.paths.items() if (film := videos.films[name]).pictures)
        for _, of_camera in groupby(searched, key=lambda pair: folder_of_camera(Path(pair[0]).parts[:-1])):
            pairs = list(of_camera)
            recordings = [Recording(path, film.pictures) for path, film in pairs]
            self._of_camera |= {film.id: (recordings, place) for place, (_, film) in enumerate(pairs)}

    def search(
        self, film: str, burst: BurstFile, settings: FilmMotion, detected: Sequence[Detected] = ()
    ) -> Iterator[LookedAt | Sighting | Found]:
        """Everything found in a burst with this id: each still, each box when it is seen, and each track at the end.

        detected  what a detector has found in its stills
        """
        cv2.setNumThreads(1)  # OpenCV's tasks are too small to divide
        lines, interval = lines_of(settings), max(bursts.LASTS, burst.interval)
        planes = {}
        for still in burst.looks():
            try:
                planes[still] = self._plane(still.path, lines)
            except images.UnreadableImage as error:
                burst.problems[still.path] = str(error)
        compare = self._comparisons(film, list(planes.values()), settings)
        tracker, held = None, {}
        for still, plane in planes.items():
            due = [one for one in detected if one.seconds == still.seconds]
            last_resort = NOTHING if due else _everything(plane, settings)
            found = NOTHING if settings.boxes_alone else compare[id(plane)].changed(plane) or last_resort
            height = plane.picture.shape[0]
            tracker = tracker or Tracker(height, interval, _REACH)
            for track, box in linked(tracker, still.seconds, found.boxes, found.contours, due, plane.picture.shape[:2]):
                clips = held.setdefault(track.number, (track, track_clips.TrackClips(settings.clips_per_track, still.seconds)))[1]
                # Most often all stills of a burst have one size.
                in_still, in_burst = (in_frame(box, plane.picture.shape[:2], size) for size in (still.size, burst.size))
                offer(clips, still, in_still, track_clips.quality(plane.picture, box), settings.margin, in_burst)
                yield Sighting(track, still.number, still.seconds, in_burst)
            yield LookedAt(still.seconds, height, interval, found.too_small)
        for track, clips in held.values():
            yield Found(track, False, False, clips.kept(), clips.best_frame)

    def _comparisons(self, film: str, planes: Sequence[Plane], settings: FilmMotion) -> Mapping[int, Comparison]:
        """With what each still is compared: most often all of a burst are alike."""
        compare: dict[int, Comparison] = {}
        for plane in planes:
            if id(plane) not in compare:
                alike = [other for other in planes if other is plane or other.is_like(plane)]
                comparison = Comparison(alike, self._beside(film, plane, lines_of(settings)), settings)
                compare |= {id(other): comparison for other in alike}
        return compare

    def _beside(self, film: str, plane: Plane, lines: int) -> list[tuple[Plane, Plane]]:
        """The first and the last stills of the nearest bursts that are like this one."""
        found = []
        for paths in self._near(film):
            try:
                pair = self._plane(paths[0], lines), self._plane(paths[-1], lines)
            except (images.UnreadableImage, OSError):  # The search of that burst will say what is wrong.
                continue
            if all(one.is_like(plane) for one in pair):
                found.append(pair)
                if len(found) == _BESIDE:
                    break
        return found

    def _near(self, film: str) -> Iterator[Sequence[str]]:
        """The files of the nearest bursts of the same camera, the nearest first."""
        of_camera, place = self._of_camera.get(film, ([], 0))
        window = range(max(0, place - _NEAR), min(len(of_camera), place + _NEAR + 1))
        for other in sorted(window, key=lambda other: abs(other - place))[1 : _NEAR + 1]:
            yield of_camera[other].files


def _plane(path: str, lines: int) -> Plane:
    return Plane(StillFrame(path, 1, 0.0).shrunk(lines))


def _everything(plane: Plane, settings: FilmMotion) -> Changed:
    """The whole picture, as far as it is looked at: the last resort, so that no animal is missed."""
    left, top, right, bottom = pixels(settings.roi or (0, 0, 1, 1), plane.picture.shape[:2])
    return Changed([Box(left, top, right - left, bottom - top)], 1, False)
