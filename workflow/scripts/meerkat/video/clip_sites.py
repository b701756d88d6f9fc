"""The sites of clips from the table of cameras, for training and its figures."""

import csv
from collections.abc import Sequence
from functools import lru_cache
from pathlib import PurePath

from .. import tables
from ..data import video_names
from .cameras import Cameras, Deployment


class ClipSites:
    """Finds the site of a clip: from the row of the table that its film fits, else from its folders."""

    def __init__(self, cameras: str | None, films: str | None = None):
        """cameras  the path of the table, None if there is none
        films    the table of `KnownFilms`, by which names are paths again; None if there is none

        Raises UserError for a table that cannot be used."""
        self._cameras = Cameras(cameras)
        self._path_of = _paths_by_name(films) if films else {}
        # Names that differ only in capitals are the same place.
        self._spelled: dict[str, str] = {}
        for row in self._cameras.rows:
            self._spelled.setdefault(row.site.casefold(), row.site)

    def site(self, path: str, video: str) -> str:
        """The site of the clip at this path; empty if it is unknown.

        video  see `video_names.video_of`

        If a camera was moved, its rows give several sites, and a clip does not say when it was taken. Then its folder says the site, as the
        page for sorting has made it.
        """
        folder = video_names.first_folder(path, video)
        sites = {row.site for row in self.rows(video) if row.site}
        return sites.pop() if len(sites) == 1 else self._spelled.get(folder.casefold(), folder)

    @lru_cache(maxsize=100_000)  # noqa: B019 (one object a program)
    def rows(self, video: str) -> Sequence[Deployment]:
        """The rows of the table that the film of this video fits."""
        return self._cameras.of(self._parts(video)) if self._cameras.rows else []

    def _parts(self, video: str) -> Sequence[str]:
        """The path of the film below the folder of videos, as far as the name of its clips tells it."""
        *folders, name = video.split("/")
        if name in self._path_of:
            return PurePath(self._path_of[name]).parts
        # A name that was made of a path contains it, with its folders.
        return name.split("__") if "__" in name else [*folders, name]


def _paths_by_name(films: str) -> dict[str, str]:
    """The paths of films by their names in results; nothing if the table is missing or damaged. Only this is read: what knows more of films
    decodes them, and clips are listed without that."""
    try:
        return {row[1]: row[0] for row in tables.read_rows(films)[1:]}
    except (FileNotFoundError, IndexError, ValueError, csv.Error):
        return {}
