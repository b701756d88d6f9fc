"""Where the videos are, and what they are called in results."""

import hashlib
import re
from collections import Counter
from pathlib import Path, PurePath

from .clips import visible_files
from .errors import UserError

# What cameras and their programs write and OpenCV's FFmpeg reads; Python's mimetypes know neither tlv nor dav nor mts.
# fmt: off
ENDINGS = {
    ".3g2", ".3gp", ".amv", ".asf", ".avi", ".dav", ".divx", ".dv", ".f4v", ".flv", ".h264", ".h265", ".m1v", ".m2ts", ".m2v", ".m4v",
    ".mjpeg", ".mjpg", ".mkv", ".mod", ".mov", ".mp4", ".mpe", ".mpeg", ".mpg", ".mts", ".mxf", ".nut", ".ogm", ".ogv", ".rm", ".rmvb",
    ".tlv", ".tod", ".ts", ".vob", ".webm", ".wmv", ".y4m",
}
# fmt: on
# What would need care in a shell, a pattern of Snakemake, or on another operating system.
_UNSAFE = re.compile(r"[^\w .()+,=@-]|^[-. ]|[ .]$")


def list_videos(folder: Path | str) -> dict[str, str]:
    """The path of each video below `folder`, by the name it has in results.

    The name is the path without ending, its folders joined by `__`, so that a name in one folder is not taken for the
    same name in another. What is unsafe in it is replaced and a piece of the path's digest added. Only files of one
    folder that differ in nothing but their endings keep these.

    Raises UserError when the folder is missing or holds no video.
    """
    if not Path(folder).is_dir():
        raise UserError(f"The video folder {folder} does not exist. Write the right path under videos: folder: in the configuration.")
    paths = sorted(path for path in visible_files(folder) if Path(path).suffix.lower() in ENDINGS)
    if not paths:
        raise UserError(f"{folder} holds no video. Known endings are: {', '.join(sorted(ENDINGS))}.")
    relative = {path: PurePath(path).relative_to(folder) for path in paths}
    times = Counter(name.with_suffix("") for name in relative.values())
    return {_safe_name(name if times[name.with_suffix("")] > 1 else name.with_suffix("")): path for path, name in relative.items()}


def _safe_name(path: PurePath) -> str:
    name = "__".join(path.parts)
    safe = _UNSAFE.sub("_", name.encode(errors="replace").decode())
    # File systems allow 255 bytes, and frame and box come behind.
    if safe == name and len(safe.encode()) < 200 and not any("__" in part for part in path.parts):
        return safe
    return f"{safe[:60]}-{hashlib.sha256(str(path).encode(errors='surrogateescape')).hexdigest()[:8]}"
