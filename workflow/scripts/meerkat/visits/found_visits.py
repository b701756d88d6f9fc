"""The results of find_visits.py, for the programs that use them."""

import argparse
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from .. import tables
from ..data import clip_lists
from ..errors import UserError, examples
from ..video import motion_files, video_report
from ..video.recordings import Recording
from ..video.video_files import Videos
from . import passages
from .names import Named
from .passages import Passage

if TYPE_CHECKING:
    import pandas as pd

Row = Mapping[str, str]
_MADE_BY = "find_visits.py"
_ROUNDED = 0.01
# Seconds to show before and after a visit.
_AROUND = 2.0


def span(visit: Row) -> tuple[float, float]:
    """When a visit begins and ends, in seconds from the beginning of its film; `visit` is a row of visits.csv."""
    return float(visit["begin"]), float(visit["end"])


def a_little_around(visit: Row) -> tuple[float, float]:
    """The part of the film that is shown for a visit, in seconds."""
    begin, end = span(visit)
    return max(0.0, begin - _AROUND), end + _AROUND


@dataclass(frozen=True)
class FoundVisits:
    """The tables of find_visits.py, read when they are needed, and the files that the search for motion has made of each film.

    folder  the folder of the tables, and of everything made from them
    motion  the folder with a folder for each video that was searched
    """

    folder: Path
    motion: Path

    @staticmethod
    def add_options(parser: argparse.ArgumentParser) -> None:
        """Add the options for these folders."""
        parser.add_argument("--annotations", required=True, type=Path, help="folder with the tables of find_visits.py")
        parser.add_argument("--motion", required=True, type=Path, help="folder with a folder of tables and stills for each video")

    @cached_property
    def visits(self) -> Sequence[Row]:
        """The rows of visits.csv."""
        return tables.read(self.folder / "visits.csv", _MADE_BY)

    @cached_property
    def videos(self) -> Sequence[Row]:
        """The rows of videos.csv."""
        return tables.read(self.folder / "videos.csv", _MADE_BY)

    @cached_property
    def paths(self) -> Mapping[str, str]:
        """The path of each video by its name in results."""
        return {row["video"]: row["path"] for row in self.videos}

    @cached_property
    def passages(self) -> Mapping[str, list[Passage]]:
        """The passages of each video by its name in results."""
        return passages.read(self.folder / "passages.csv")

    @cached_property
    def decided_by(self) -> Mapping:
        """The `model` that gave the scores, a folder, and whether it `is_guess`; the `threshold`: a passage with this score or more is an
        animal; what the score `weighs` (see `Weighing.weighs`); and what the `names` of visits mean."""
        return json.loads((self.folder / "decided_by.json").read_text())

    def named(self, visit: Row) -> Named:
        """What the name of a visit means; `visit` is a row of visits.csv."""
        return Named(**self.decided_by["names"][visit["name"]]) if visit["name"] else Named()

    @cached_property
    def visit_of(self) -> Mapping[tuple[str, int], Row]:
        """The row of each visit, by its video and number."""
        return {(visit["video"], int(visit["visit"])): visit for visit in self.visits}

    def is_private(self, passage: Passage, video: str) -> bool:
        """Whether a passage belongs to a private visit."""
        return passage.visit is not None and self.named(self.visit_of[video, passage.visit]).is_private

    @cached_property
    def _private(self) -> Mapping[str, list[Row]]:
        """The private visits of each video."""
        private: Mapping[str, list[Row]] = defaultdict(list)
        for visit in self.visits:
            if self.named(visit).is_private:
                private[visit["video"]].append(visit)
        return private

    def private(self, video: str) -> list[tuple[Row, "pd.DataFrame"]]:
        """The private visits of a video, each with its boxes. If no passage belongs to a visit, because a person has added it or split it
        off, these are all that move meanwhile; none if nothing does."""
        return [(visit, self._boxes_of(visit)) for visit in self._private.get(video, ())]

    def _boxes_of(self, visit: Row) -> "pd.DataFrame":
        boxes = self.boxes(visit["video"])
        tracks = [passage.track for passage in self.passages[visit["video"]] if passage.visit == int(visit["visit"])]
        begin, end = span(visit)
        # Pages and tables round times.
        return boxes[boxes["track"].isin(tracks) if tracks else boxes["seconds"].between(begin - _ROUNDED, end + _ROUNDED)]

    def in_training(self, training: str | None, videos: Iterable[str]) -> set[str]:
        """Those of these videos that the model knows from its training, according to the names of the clips.

        training  the list of Training clips; None if the model is not ours
        """
        if not training:
            return set()
        video_of = {clip.file: clip.video for clip in motion_files.kept_clips(self.motion, videos)}
        names = (PurePath(clip.path).name for clip in clip_lists.read(training))
        return {video_of[name] for name in names if name in video_of}

    def check_search(self, listed: Videos, configuration: Path) -> None:
        """Raise UserError if films lie elsewhere, or were searched anew, since the visits were found: the same number may mean another
        passage then.

        listed  the videos from gather_motion.py, with their folder; configuration  the user's file, for the message
        """
        elsewhere = [path for path in listed.paths.values() if not Path(path).is_relative_to(listed.folder)]
        of_films = {video: own for video, own in self.passages.items() if video in listed.films}
        cut = {(clip.video, clip.track, clip.file) for clip in motion_files.kept_clips(self.motion, of_films)}
        anew = [listed.paths[video] for video, own in of_films.items() if any((video, one.track, one.clip) not in cut for one in own)]
        for paths, what in ((elsewhere, "lie elsewhere now"), (anew, "were searched anew")):
            if paths:
                raise UserError(
                    f"Some films {what} since their visits were found:\n{examples(sorted(paths))}\n"
                    f"Find the visits again first: python3 start.py run {configuration} annotate"
                )

    def facts(self, video: str) -> dict[str, str]:
        """The parameters.csv of a video."""
        return video_report.read(self.motion / video / "parameters.csv")

    def recording(self, video: str) -> Recording:
        """The files of a video."""
        return Recording(self.paths[video], self.facts(video)[video_report.PICTURES])

    def boxes(self, video: str) -> "pd.DataFrame":
        """The boxes of a video: track, frame, seconds, x, y, w, h."""
        return motion_files.read_boxes(self.motion / video)
