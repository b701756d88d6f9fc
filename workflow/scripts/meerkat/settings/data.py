"""Settings of the clips."""

from typing import Literal

from .patterns import pattern
from .section import Section, Share, UserPath


class Clips(Section):
    """Where the clips are, and which ones test the model"""

    folder: UserPath | None = None
    """Folder with Training and Testing, each with Positive and Negative. null: the samples, as long as you have no configuration."""
    train_csv: UserPath | None = None
    """CSV file with rows path,label to use instead of the Training folder."""
    eval_csv: UserPath | None = None
    """CSV file with rows path,label to use instead of the Testing folder."""
    split: Literal["folders", "video", "site"] = "folders"
    """folders: Training and Testing as they are. video, site: whole videos or sites are set aside for Testing, about one clip in six."""


class Balance(Section):
    """How much each clip counts"""

    balance: Literal["weight", "downsample", "none"] = "weight"
    """weight: both classes count the same, and no video too much. downsample: only a random part of the larger class is used. none: as
    sorted."""


class ClipOrigins(Section):
    """How to find the video of a clip"""

    video_pattern: pattern("video") | None = None
    """Regular expression that reads the video from a clip's name without its ending, in a group `video`. null: <video>_<frame>_<box>."""


class Data(ClipOrigins, Balance, Clips):
    """The clips that you have sorted"""

    max_rejected: Share = 0.05
    """Share of a class that may be unreadable before the run stops."""
    on_conflict: Literal["error", "drop"] = "error"
    """What to do if one picture is in both classes, or in Training and Testing. error: stop. drop: leave it out."""
    on_leak: Literal["warn", "error", "drop"] = "warn"
    """What to do if a video is in both Training and Testing. warn: say so. error: stop. drop: leave out its Training clips."""
