"""Which video a clip was cut from, read from its path."""

import os
import re
import unicodedata
from collections.abc import Iterable
from pathlib import PurePath

from ..errors import printable
from . import patterns
from .clips import is_split_folder
from .labels import parse_label
from .sites import site_of

# The names that this workflow and DeepMeerkat give: <video>_<frame>_<box>.
_NAME = re.compile(r"(?P<video>.+)_(?P<frame>\d{1,7})_(?P<box>\d{1,4})")
# The search for motion writes the frame with so many digits (see `motion_files`): such a name cannot be read wrongly.
_CUT_HERE = re.compile(r".+_\d{7}_\d+\.jpg")
# `20230512_1433_1` is the second picture of 14:33, not box 1 of frame 1433.
_DATE = re.compile(r".*(19|20)\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])")
_TIME = re.compile(r"([01]\d|2[0-3])[0-5]\d([0-5]\d)?")
# A warning gives this many examples.
_SHOWN = 3


def video_of(path: str, pattern: re.Pattern | None) -> str:
    """The video that a clip was cut from: the clip's folders and the part of its name that names the video, joined by slashes.

    pattern  matches the whole name without its ending; None for names as this workflow and DeepMeerkat give them

    Only the folders below `Training/Positive` (or a similar pair) count. If the path has no such pair (as in lists), all folders count
    except those that name a split or a class; an absolute path below the working folder counts as a relative one. If the name does not
    match, the folders alone are the video. If there are none either, the clip stands for itself, and its path is returned.
    """
    here = os.getcwd()  # noqa: PTH109 (ten times as fast, and asked for each of a million clips)
    pure = PurePath(os.path.normpath(path).removeprefix(f"{here}/"))
    folders = _folders(pure.parts[:-1])
    name = _video_in(pure.stem, pattern)
    if name and folders[-1:] != [name]:  # A folder with the video's own name says nothing new.
        folders.append(name)
    return composed("/".join(folders) or path)


def first_folder(path: str, video: str) -> str:
    """The site from the folders below the clip's class (see `sites`); empty if there is none, or if the folder is the video's own.

    A path without the folders of a split and a class, as in lists, gives no site: its first folder can be anything.
    """
    below = _below_class(PurePath(os.path.normpath(path)).parts[:-1])
    if not below or (len(below) == 1 and composed(below[0]) == video and _named(path, below[0])):
        return ""
    return composed(site_of(below))


def _named(path: str, video: str) -> bool:
    """Whether the clip's own name begins with this video's."""
    return PurePath(path).stem.startswith(f"{video}_")


def stands_for_itself(path: str, video: str) -> bool:
    """Whether `video`, from `video_of`, means that the clip's video is unknown."""
    return video == composed(path)


def as_read(paths: Iterable[str], pattern: re.Pattern | None) -> str:
    """A sentence for warnings: how some of the names were read, and the setting that changes it. It begins with
    a blank, to follow another sentence. Empty if the clips were cut here."""
    examples = {video_of(path, pattern): path for path in sorted(paths, reverse=True) if not _CUT_HERE.fullmatch(PurePath(path).name)}
    if not examples:
        return ""
    pairs = [f"{PurePath(path).name} is from {'no video' if video == path else video}" for video, path in sorted(examples.items())[:_SHOWN]]
    return f" This is how the names were read: {printable('; '.join(pairs))}. If that is wrong, set data: video_pattern."


def _below_class(parts: tuple[str, ...]) -> list[str] | None:
    """The folders below `Training/Positive` or a similar pair; None if there is no such pair."""
    for place in range(len(parts) - 1, 0, -1):
        if parse_label(parts[place]) is not None and is_split_folder(parts[place - 1]):
            return list(parts[place + 1 :])
    return None


def _folders(parts: tuple[str, ...]) -> list[str]:
    below = _below_class(parts)
    if below is not None:
        return below
    return [part for part in parts if part not in ("/", ".", "..") and parse_label(part) is None and not is_split_folder(part)]


def _video_in(stem: str, pattern: re.Pattern | None) -> str:
    match = patterns.match(pattern.fullmatch, stem, "data: video_pattern") if pattern else _NAME.fullmatch(stem)
    if match is None or (pattern is None and _DATE.fullmatch(match["video"]) and _TIME.fullmatch(match["frame"])):
        return ""
    return match["video"] or ""


def composed(name: str) -> str:
    """The name with composed accents. macOS writes decomposed ones: the same name, but other code points than on Linux and Windows."""
    return unicodedata.normalize("NFC", name)
