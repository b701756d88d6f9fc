"""Everything that is written about visits. An output is an entry here and a module of its name, whose `write` writes it."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from ...settings.annotate import Pictures
from ...settings.configuration import Configuration
from ...settings.dataset import Dataset
from ...settings.section import Section
from ...settings.videos import CameraTable
from ...video.cameras import gives_places


class Output(NamedTuple):
    """Something that is written about visits, by `write(found: FoundVisits, args: argparse.Namespace)` of its module.

    name      of its module, and of its rule: write_<name>
    files     the files that it writes, below the folder of annotations
    folder    where it writes other files, as many as the visits need, below the folder of annotations; empty for the folders of videos
    beside    pattern of the names of these other files; a person may put others beside them
    settings  the parts of the settings that it needs; they are in `args`, with --folder, the folder of videos, and `earlier`, the other
              files that an earlier run has written
    asked_by  the setting that asks for it; empty if it is always written
    is_asked  whether the settings ask for it
    is_work   whether it takes so long that a cluster should do it, with several threads (`args.threads`)
    is_yours  whether a person continues to work on it: once a person has changed it, it is not written again
    """

    name: str
    files: tuple[str, ...]
    folder: str = ""
    beside: str = ""
    settings: tuple[type[Section], ...] = ()
    asked_by: str = ""
    is_asked: Callable[[Configuration], bool] = lambda settings: True
    is_work: bool = False
    is_yours: bool = False

    @property
    def module(self) -> str:
        """The name of its module."""
        return f"{__name__}.{self.name}"

    @property
    def code(self) -> Path:
        """The file of its module."""
        return Path(__file__).parent / f"{self.name}.py"


OUTPUTS = (
    Output("playlist", ("visits.m3u8",)),
    Output("workbook", ("visits.xlsx",), settings=(Pictures,)),
    Output("subtitles", ("subtitles.csv",), folder="subtitles", beside=r".+\.srt"),
    Output("pictures", ("pictures.csv",), beside=r"annotations\.csv|\d+\.jpg", settings=(Pictures,)),
    Output("detections", ("detections.json",)),
    Output(
        "effort",
        ("effort.csv", "deployments.csv"),
        settings=(CameraTable,),
        asked_by="videos: cameras",
        is_asked=lambda settings: settings.videos.cameras is not None,
    ),
    Output(
        "camtrap_dp",
        tuple(f"camtrap-dp/{name}" for name in ("datapackage.json", "deployments.csv", "media.csv", "observations.csv", "left_out.csv")),
        settings=(CameraTable, Dataset),
        asked_by="videos: cameras",
        is_asked=lambda settings: gives_places(settings.videos.cameras),
        is_yours=True,
    ),
    Output(
        "films",
        ("films.csv",),
        folder="films",
        beside=r".+_visit_\d+\.mp4",
        asked_by="annotate: films",
        is_asked=lambda settings: settings.annotate.films,
        is_work=True,
    ),
)

# The folders below annotations that do not belong to a video.
FOLDERS = ["camtrap-dp", *(output.folder for output in OUTPUTS if output.folder)]


def files_beside(output: Output, annotations: Path) -> list[Path]:
    """The other files of an output that are there; `annotations` is the folder of annotations."""
    folders = [annotations / output.folder] if output.folder else [path for path in annotations.glob("*") if path.name not in FOLDERS]
    return [path for folder in folders for path in folder.glob("*") if output.beside and re.fullmatch(output.beside, path.name)]
