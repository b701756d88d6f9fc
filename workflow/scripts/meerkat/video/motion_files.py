"""What the search for motion leaves of a video: tables of clips and boxes, the clips, and a still of each track.

<folder>/clips.csv        one row a clip; the first clips are those of track 1
<folder>/boxes.csv        one row a box, in the order of time
<folder>/clips/*.jpg      <video>_<frame>_<number within the frame>.jpg
<folder>/stills/*.jpg     the whole frame of each track's best clip, under the clip's name
<folder>/parameters.csv   settings and counts (see `video_report`)
"""

import hashlib
import shutil
import tempfile
from collections import Counter
from pathlib import Path

from .. import atomic
from ..tables import csv_text
from . import videos
from .search import Found, Sighting

CLIPS, STILLS = "clips", "stills"
CLIP_COLUMNS = ("video", "track", "frame", "clock", "x", "y", "w", "h", "file", "best", "digest")
BOX_COLUMNS = ("track", "frame", "seconds", "x", "y", "w", "h")


class MotionFiles:
    """Takes what is found in a video, piece by piece: memory does not grow with its length but for a line a clip."""

    def __init__(self, folder: Path, video: str):
        """Deletes what an earlier search has left in the folder."""
        self._folder, self._video = folder, video
        for name in (CLIPS, STILLS):
            shutil.rmtree(folder / name, ignore_errors=True)
            (folder / name).mkdir(parents=True)
        self._boxes = tempfile.TemporaryFile("w+", dir=folder, prefix=atomic.PREFIX)  # noqa: SIM115 (it is closed with this object)
        self._clips: dict[int, list[tuple]] = {}
        self._in_frame: Counter[int] = Counter()

    def see(self, sighting: Sighting) -> None:
        """Keep a box for the time when it is known whether its track is one."""
        self._boxes.write(f"{sighting.track.number},{sighting.frame},{sighting.seconds:.3f},{','.join(map(str, sighting.box))}\n")

    def add(self, found: Found) -> None:
        """Write the clips of a track, and its still."""
        rows = self._clips[found.track.number] = []
        for clip in found.clips:
            # With so many digits a frame is never taken for the time of a day, and names sort as the frames do.
            file = f"{self._video}_{clip.frame:07d}_{self._in_frame[clip.frame]}.jpg"
            self._in_frame[clip.frame] += 1
            (self._folder / CLIPS / file).write_bytes(clip.jpeg)
            if clip is found.best:
                (self._folder / STILLS / file).write_bytes(found.still)
            rows.append(
                (clip.frame, videos.clock(clip.seconds), *clip.box, file, int(clip is found.best), hashlib.sha256(clip.jpeg).hexdigest())
            )

    def finish(self) -> list[str]:
        """Write the tables, with the tracks numbered from 1 in the order of their beginnings. Returns the names of the clips."""
        numbers = {was: number for number, was in enumerate(sorted(self._clips), 1)}
        rows = [(self._video, number, *row) for was, number in numbers.items() for row in self._clips[was]]
        self._boxes.seek(0)
        with atomic.replacing(self._folder / "boxes.csv") as temporary, temporary.open("w", newline="") as file:
            file.write(csv_text([BOX_COLUMNS]))
            for line in self._boxes:
                track, _, rest = line.partition(",")
                if int(track) in numbers:
                    file.write(f"{numbers[int(track)]},{rest}")
        atomic.write_text(self._folder / "clips.csv", csv_text([CLIP_COLUMNS, *rows]))
        return [row[CLIP_COLUMNS.index("file")] for row in rows]
