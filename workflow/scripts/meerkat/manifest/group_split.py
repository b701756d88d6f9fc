"""Testing clips for a user who has made none: whole videos or sites are held out of the Training clips, once and for all."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path

from ..data.clips import Clip
from ..data.labels import LABELS
from ..data.sampling import hold_out_videos
from ..errors import UserError, examples
from ..tables import read_rows, write_rows

# Five Training clips for each Testing clip, the guideline of 2018.
SHARE = 1 / 6
_TRAINING, _TESTING = "Training", "Testing"


def check_sites(clips: Sequence[Clip], site: Callable[[Clip], str]) -> None:
    """Raise UserError if the site of some clips is unknown."""
    unknown = [clip.path for clip in clips if not site(clip)]
    if unknown:
        raise UserError(
            f"data: split: site needs the site of each clip, but {len(unknown)} have none:\n{examples(unknown)}\n"
            "Put the clips of each site into a folder of its name below Positive and Negative, or write a table of cameras (videos: "
            "cameras; see docs/cameras.md)."
        )


def split(clips: Sequence[Clip], group: Callable[[Clip], str], unit: str, seed: int, sides_file: Path | str) -> dict[str, list[Clip]]:
    """The clips as {"train": ..., "eval": ...}: each group is on one side, and about one clip in six of each class is in eval.

    unit        what the groups are: "video" or "site"
    sides_file  remembers the side of each group ever seen, so that none changes sides when clips are added

    Raises UserError if whole groups cannot give both classes to both sides.
    """
    counts = defaultdict(lambda: [0] * len(LABELS))
    for clip in clips:
        counts[group(clip)][clip.label] += 1
    sides = _read(sides_file)
    held_out = hold_out_videos(counts, SHARE, seed, {name: side == _TESTING for name, side in sides.items()})
    parts = {"train": [clip for clip in clips if group(clip) not in held_out], "eval": [clip for clip in clips if group(clip) in held_out]}
    for label, name in enumerate(LABELS):
        if not all(any(clip.label == label for clip in part) for part in parts.values()):
            groups = sum(count[label] > 0 for count in counts.values())
            raise UserError(
                f"data: split: {unit} cannot set aside whole {unit}s: {groups} of the {len(counts)} {unit}s have {name} clips, but both "
                f"Training and Testing need some. Add clips of more {unit}s, or sort a Testing folder yourself and write split: folders."
                + (f" Or delete {sides_file}, which gave sides to {len(sides)} {unit}s before, to draw again." if sides else "")
            )
    sides |= {name: _TESTING if name in held_out else _TRAINING for name in counts}
    write_rows([(unit, "side"), *sorted(sides.items())], sides_file)
    return parts


def _read(path: Path | str) -> dict[str, str]:
    try:
        rows = read_rows(path)
    except FileNotFoundError:
        return {}
    wrong = [row for row in rows[1:] if len(row) != 2 or row[1] not in (_TRAINING, _TESTING)]
    if wrong:
        raise UserError(f"{path} contains {wrong[0]}. Write rows NAME,{_TRAINING} or NAME,{_TESTING}, or delete the file to draw again.")
    return dict(rows[1:])
