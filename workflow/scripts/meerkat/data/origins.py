"""Where a clip comes from: its video, and its site, the place that a camera looks at.

Clips of one video are near-copies, and videos of one site share their background. So whole groups are held out, and there are separate
figures for sites that the model has never seen and for sites that it knows.
"""

import re
import sys
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np

from .. import own_tables
from ..errors import UserError, examples, printable
from . import patterns, video_names

_HEADER = ["video", "site"]


class Origins:
    """Finds video and site of a clip from its path and the settings."""

    def __init__(self, video_pattern: str | None = None, site_pattern: str | None = None, sites: str | None = None):
        """Raises UserError for a table of sites that cannot be used."""
        if sites and site_pattern:
            raise UserError("data: sites: and site_pattern: both say what the sites are. Write null for one of them.")
        self._video_pattern = re.compile(video_pattern) if video_pattern else None
        self._site_pattern = re.compile(site_pattern) if site_pattern else None
        self._table_path, self._table = sites, _read(sites) if sites else {}

    @property
    def has_pattern_of_sites(self) -> bool:
        """Whether a pattern finds the sites."""
        return self._site_pattern is not None

    def video(self, path: str) -> str:
        """The video that the clip was cut from (see `video_names.video_of`)."""
        # All clips of a video share one text: a million texts would take as much memory as everything else about the clips.
        return sys.intern(video_names.video_of(path, self._video_pattern))

    def site(self, path: str) -> str:
        """The site of the clip; empty if unknown."""
        return self._site(path, self.video(path))

    def of(self, paths: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
        """The videos and the sites of clips, texts [clips]. Raises UserError as `check` does."""
        self.check(paths)
        videos = list(map(self.video, paths))
        return np.array(videos, object), np.array(list(map(self._site, paths, videos)), object)

    def _site(self, path: str, video: str) -> str:
        if self._table_path:
            return self._listed(video)
        if self._site_pattern:
            match = patterns.match(self._site_pattern.fullmatch, video, "data: site_pattern")
            return (match["site"] or "") if match else ""
        return video_names.first_folder(path, video)

    def check(self, paths: Sequence[str]) -> None:
        """Raise UserError if there is a table of sites, and videos of these clips are not in it."""
        if self._table_path:
            missing = sorted({video for path in paths if not self._listed(video := self.video(path))})
            if missing:
                unused = self.unused(paths)
                raise UserError(
                    f"{self._table_path} gives no site for {len(missing)} videos:\n{examples(list(map(printable, missing)))}\n"
                    "Add a row video,site for each, or a row folder,site for all videos in a folder."
                    + (f"\nThese rows match no clip:\n{examples(unused)}\nA video is written without its ending." if unused else "")
                )

    def unused(self, paths: Iterable[str]) -> list[str]:
        """The videos and folders in the table of sites that have none of these clips."""
        videos = {self.video(path) for path in paths}
        known = {"/".join(parts[:number]) for parts in (video.split("/") for video in videos) for number in range(1, len(parts) + 1)}
        return sorted(set(self._table) - known)

    def as_read(self, paths: Iterable[str]) -> str:
        """A sentence for warnings: how some of the names were read, and the setting that changes it."""
        return video_names.as_read(paths, self._video_pattern)

    @lru_cache(maxsize=100_000)  # noqa: B019 (one object a program)
    def _listed(self, video: str) -> str:
        """The site in the longest row that names the video or a folder above it; empty if there is none."""
        parts = video.split("/")
        names = ("/".join(parts[:number]) for number in range(len(parts), 0, -1))
        return next((self._table[name] for name in names if name in self._table), "")


def _read(path: str) -> dict[str, str]:
    """Site by video or folder."""
    table: dict[str, str] = {}
    spelled: dict[str, str] = {}

    def parse(cells: list[str]) -> None:
        if not all(cells):
            raise ValueError(f"{','.join(cells)!r} is not a video and its site. Write both, or delete the line")
        name, site = Path(cells[0]).as_posix(), cells[1]
        if (other := spelled.setdefault(site.casefold(), site)) != site:
            raise ValueError(f"the site is {site} here, but {other} in an earlier line. Write it the same way, or add a word")
        if table.setdefault(name, site) != site:
            raise ValueError(f"an earlier line puts {name} at {table[name]}, and this one at {site}")

    own_tables.read(path, _HEADER, "data: sites", parse)
    return table
