"""The films that a model knows from its training."""

from collections.abc import Iterable
from pathlib import Path, PurePath

from ..data import clip_lists
from ..video.motion_files import kept_clips


def in_training(training: Path | str, motion: Path, videos: Iterable[str]) -> set[str]:
    """The videos that have clips in the list of Training clips, according to the names of the clips.

    motion  the folder with a folder for each video that was searched
    """
    video_of = {clip.file: clip.video for clip in kept_clips(motion, videos)}
    names = (PurePath(clip.path).name for clip in clip_lists.read(training))
    return {video_of[name] for name in names if name in video_of}
