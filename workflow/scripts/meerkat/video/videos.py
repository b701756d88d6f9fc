"""A video and its frames, one after the other."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from ..errors import UserError

_FPS = 25.0


class UnreadableVideo(UserError):
    """The file is no video that can be used; the message says why."""


@dataclass(frozen=True)
class Frame:
    """A frame: its number, counted from 1, its time in seconds from the beginning, and its picture.

    picture  uint8 [height, width, 3], BGR
    """

    number: int
    seconds: float
    picture: np.ndarray


class Video:
    """A video file that is open. Its header may lie about length and rate; the frames do not."""

    def __init__(self, path: Path | str, threads: int = 1):
        """Raises UnreadableVideo when the file cannot be opened or its first frame not be read."""
        path = Path(path).absolute()
        try:
            size = path.stat().st_size
            str(path).encode()
        except OSError as error:
            raise UnreadableVideo(error.strerror) from None
        except UnicodeEncodeError:
            raise UnreadableVideo("its name is not UTF-8: rename it") from None
        if not size:
            raise UnreadableVideo("empty file (0 bytes)")
        self._capture = cv2.VideoCapture(str(path), cv2.CAP_FFMPEG, [cv2.CAP_PROP_N_THREADS, threads])
        if not self._capture.isOpened():
            raise UnreadableVideo("not a video that OpenCV reads, or one without pictures")
        rate = self._capture.get(cv2.CAP_PROP_FPS)
        self.fps = rate if 0 < rate < 1000 else _FPS
        self.announced = max(0, int(self._capture.get(cv2.CAP_PROP_FRAME_COUNT)))
        self.frames = 0

    def every(self, step: int) -> Iterator[Frame]:
        """Frame 1, 1 + step, and so on. `frames` counts all that were decoded."""
        seconds = -1 / self.fps
        try:
            while self._capture.grab():
                self.frames += 1
                # The time of the frame itself, for a camera's rate may vary; some formats do not tell it of each frame.
                told = self._capture.get(cv2.CAP_PROP_POS_MSEC) / 1000
                seconds = told if told > seconds else seconds + 1 / self.fps
                if (self.frames - 1) % step == 0:
                    there, picture = self._capture.retrieve()
                    if not there:
                        return
                    yield Frame(self.frames, seconds, picture)
        finally:
            self._capture.release()

    def what_is_missing(self) -> str:
        """After the last frame: what the file lacks of what its header announces, empty where nothing."""
        if not self.frames:
            return "no frame can be decoded"
        if self.frames < 0.95 * self.announced - 2:
            return f"only {self.frames} of {self.announced} announced frames can be decoded: truncated, or its header is wrong"
        return ""


def clock(seconds: float) -> str:
    """Time from the beginning as H:MM:SS."""
    whole = int(seconds)
    return f"{whole // 3600}:{whole // 60 % 60:02d}:{whole % 60:02d}"
