"""Where a clip comes from: its video, and its site, which is the place that a camera looks at.

Clips of one video are near-copies, and videos of one site share their background. So whole groups are held out, and a figure for
sites that the model has never seen is another figure than one for those that it knows.
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
    """Reads video and site from a clip's path, as the settings say."""

    def __init__(self, video_pattern: str | None = None, site_pattern: str | None = None, sites: str | None = None):
        """Raises UserError for a table of sites that cannot be used."""
        if sites and site_pattern:
            raise UserError("data: sites: and site_pattern: both say what the sites are. Write null for one of them.")
        self._video_pattern = re.compile(video_pattern) if video_pattern else None
        self._site_pattern = re.compile(site_pattern) if site_pattern else None
        self._table_path, self._table = sites, _read(sites) if sites else {}

    @property
    def has_pattern_of_sites(self) -> bool:
        """Whether a pattern is to find the sites."""
        return self._site_pattern is not None

    def video(self, path: str) -> str:
        """The video that the clip was cut from (see `video_names.video_of`)."""
        # One text for all clips of a video: those of a million clips would take as much memory as all else that is known of them.
        return sys.intern(video_names.video_of(path, self._video_pattern))

    def site(self, path: str) -> str:
        """The site of the clip; empty where nothing tells it."""
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
        """Raise UserError when there is a table of sites that leaves out videos of these clips."""
        if self._table_path:
            missing = sorted({video for path in paths if not self._listed(video := self.video(path))})
            if missing:
                unused = self.unused(paths)
                raise UserError(
                    f"{self._table_path} tells no site of {len(missing)} videos:\n{examples(list(map(printable, missing)))}\n"
                    "Add a row video,site for each, or a row folder,site for all videos in a folder."
                    + (f"\nThese rows fit no clip:\n{examples(unused)}\nA video is written without its ending." if unused else "")
                )

    def unused(self, paths: Iterable[str]) -> list[str]:
        """The videos and folders in the table of sites that none of these clips is of."""
        videos = {self.video(path) for path in paths}
        known = {"/".join(parts[:number]) for parts in (video.split("/") for video in videos) for number in range(1, len(parts) + 1)}
        return sorted(set(self._table) - known)

    def as_read(self, paths: Iterable[str]) -> str:
        """A sentence for warnings: what was read from some of the names, and the setting that changes it."""
        return video_names.as_read(paths, self._video_pattern)

    @lru_cache(maxsize=100_000)  # noqa: B019 (one object a program)
    def _listed(self, video: str) -> str:
        """The site of the longest row that is the video or a folder above it; empty where there is none."""
        parts = video.split("/")
        names = ("/".join(parts[:number]) for number in range(len(parts), 0, -1))
        return next((self._table[name] for name in names if name in self._table), "")


def _read(path: str) -> dict[str, str]:
    """Site by video or folder."""
    table: dict[str, str] = {}
    spelled: dict[str, str] = {}

    def parse(cells: list[str]) -> None:
        if not all(cells):
            raise ValueError(f"{','.join(cells)!r} is no row of a video and its site. Write both, or delete the line")
        name, site = Path(cells[0]).as_posix(), cells[1]
        if (other := spelled.setdefault(site.casefold(), site)) != site:
            raise ValueError(f"the site is {site} here and {other} before. Write it the same way, or add a word")
        if table.setdefault(name, site) != site:
            raise ValueError(f"{name} is at {table[name]} by a line before, and at {site} by this one")

    own_tables.read(path, _HEADER, "data: sites", parse)
    return table
