"""Testing clips for the user who made none: whole videos are held out of the Training clips, once and for all."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path

from .. import atomic
from ..data.clips import Clip
from ..data.labels import LABELS
from ..data.sampling import hold_out_videos
from ..errors import UserError
from ..tables import csv_text, read_rows

# Five Training clips for each Testing clip, the guideline of 2018.
SHARE = 1 / 6
_TRAINING, _TESTING = "Training", "Testing"


def split(clips: Sequence[Clip], video: Callable[[Clip], str], seed: int, sides_file: Path | str) -> dict[str, list[Clip]]:
    """The clips as {"train": ..., "eval": ...}, whole videos on one side, about one clip in six of each class in eval.

    sides_file  remembers the side of each video that was ever seen: whatever is added, none changes sides

    Raises UserError when whole videos cannot give both sides both classes.
    """
    counts = defaultdict(lambda: [0] * len(LABELS))
    for clip in clips:
        counts[video(clip)][clip.label] += 1
    sides = _read(sides_file)
    held_out = hold_out_videos(counts, SHARE, seed, {name: side == _TESTING for name, side in sides.items()})
    parts = {"train": [clip for clip in clips if video(clip) not in held_out], "eval": [clip for clip in clips if video(clip) in held_out]}
    for label, name in enumerate(LABELS):
        if not all(any(clip.label == label for clip in part) for part in parts.values()):
            videos = sum(count[label] > 0 for count in counts.values())
            raise UserError(
                f"data: split: video cannot hold out whole videos: {videos} of the {len(counts)} videos have {name} clips, but both "
                f"Training and Testing need some. Add clips of more videos, or sort a Testing folder yourself and write split: folders."
                + (f" Or delete {sides_file}, which gave sides to {len(sides)} videos before, to draw anew." if sides else "")
            )
    sides |= {name: _TESTING if name in held_out else _TRAINING for name in counts}
    atomic.write_text(sides_file, csv_text([("video", "side"), *sorted(sides.items())]))
    return parts


def _read(path: Path | str) -> dict[str, str]:
    try:
        rows = read_rows(path)
    except FileNotFoundError:
        return {}
    wrong = [row for row in rows[1:] if len(row) != 2 or row[1] not in (_TRAINING, _TESTING)]
    if wrong:
        raise UserError(f"{path} holds {wrong[0]}. Write rows video,{_TRAINING} or video,{_TESTING}, or delete the file to draw anew.")
    return dict(rows[1:])
