"""Settings of the clips."""

from typing import Literal

from .section import Section, Share, UserPath


class Data(Section):
    """The clips that you have sorted"""

    folder: UserPath | None = None
    """Folder that holds Training and Testing, each with Positive and Negative. null: the samples, as long as you have no configuration."""
    train_csv: UserPath | None = None
    """CSV file with rows path,label to use instead of the Training folder."""
    eval_csv: UserPath | None = None
    """CSV file with rows path,label to use instead of the Testing folder."""
    split: Literal["folders", "video"] = "folders"
    """folders: Training and Testing stay as they are. video: about one clip in six is held out of Training for Testing, by whole videos."""
    balance: Literal["downsample", "none"] = "downsample"
    """downsample: the larger Training class is drawn down to the size of the smaller one. none: all clips are used."""
    max_rejected: Share = 0.05
    """Share of a class that may be unreadable before the run stops."""
    on_conflict: Literal["error", "drop"] = "error"
    """What to do when one picture is in both classes, or in Training and Testing. error: stop. drop: leave it out."""
    on_leak: Literal["warn", "error", "drop"] = "warn"
    """What to do when a video is in both Training and Testing. warn: say so. error: stop. drop: leave out its Training clips."""
    video_pattern: str | None = None
    """Regular expression that reads the video from a clip's name without its ending, in a group `video`. null: <video>_<frame>_<box>."""
