"""Where a clip comes from: its video, and its site, the place that a camera looks at.

Clips of one video are near-copies, and videos of one site share their background. So whole groups are held out, and there are separate
figures for sites that the model has never seen and for sites that it knows.
"""

import argparse
import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np

from .. import tables
from . import video_names

_COLUMNS = ("video", "site")


class Origins:
    """Finds video and site of a clip from its path and the settings."""

    def __init__(self, video_pattern: str | None = None, find_site: Callable[[str, str], str] = video_names.first_folder):
        """find_site  gives the site of a clip from its path and its video; empty if it is unknown"""
        self._video_pattern = re.compile(video_pattern) if video_pattern else None
        self._find_site = find_site

    def video(self, path: str) -> str:
        """The video that the clip was cut from (see `video_names.video_of`)."""
        # All clips of a video share one text: a million texts would take as much memory as everything else about the clips.
        return sys.intern(video_names.video_of(path, self._video_pattern))

    def site(self, path: str) -> str:
        """The site of the clip; empty if unknown."""
        return sys.intern(self._find_site(path, self.video(path)))

    def of(self, paths: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
        """The videos and the sites of clips, texts [clips]."""
        return np.array(list(map(self.video, paths)), object), np.array(list(map(self.site, paths)), object)

    def as_read(self, paths: Iterable[str]) -> str:
        """See `video_names.as_read`."""
        return video_names.as_read(paths, self._video_pattern)

    def table(self, paths: Iterable[str]) -> str:
        """The sites that are not those of the folders, as a table for `listed`."""
        pairs = {
            (self.video(path), self.site(path)) for path in paths if self.site(path) != video_names.first_folder(path, self.video(path))
        }
        return tables.csv_text([_COLUMNS, *sorted(pairs)])


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the option that names the table for `listed`."""
    parser.add_argument("--sites", help="CSV file from create_docs.py: video,site; the sites of other videos are their folders")


def listed(video_pattern: str | None, table: Path | str | None) -> Origins:
    """Origins with the sites that create_docs.py has found. Raises UserError if its table is missing."""
    sites: Mapping[str, str] = {row["video"]: row["site"] for row in tables.read(table, "create_docs.py")} if table else {}
    return Origins(video_pattern, lambda path, video: sites.get(video) or video_names.first_folder(path, video))
