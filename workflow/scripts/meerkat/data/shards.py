"""Which shard a clip belongs to, and the names of the shards' files."""

import re
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from ..errors import UserError

_ANY_NAME = re.compile(r"(.+)-(\d{5})-of-(\d{5})")
_NAME = re.compile(r"(train|eval)-(\d{5})-of-(\d{5})")


def shard_of(digest: str, shards: int) -> int:
    """The shard (0 to `shards` - 1) of the clip with the SHA-256 `digest` (64 hex digits).

    The shard depends only on the clip's content, not on other clips, the order of listing, names or folders. Shards are equal ranges of the
    digest. If the number of shards changes, a clip of a new shard can only be in the old shards that `overlap` it, so its embedding is
    found again.
    """
    return int(digest[:16], 16) * shards >> 64


def overlap(name: str, other: str) -> bool:
    """Whether two shards (named as by `shard_name`, in any division) can contain the same clip. Other names stand for all clips."""
    (index, shards), (other_index, other_shards) = _parse(name), _parse(other)
    return index * other_shards < (other_index + 1) * shards and other_index * shards < (index + 1) * other_shards


def shard_name(split: str, index: int, shards: int) -> str:
    """The stem that Beam gave shard files in 2018, e.g. `train-00000-of-00004`; `split` is `train` or `eval`."""
    return f"{split}-{index:05d}-of-{shards:05d}"


def shard_names(split: str, shards: int) -> list[str]:
    """The names of all shards of a split."""
    return [shard_name(split, index, shards) for index in range(shards)]


def pattern(split: str, shards: int) -> str:
    """A glob for the names of all shards of a split."""
    return f"{split}-*-of-{shards:05d}"


def others(folder: Path | str, split: str, shards: int) -> list[Path]:
    """The files in `folder` that are shards of the split, but in another division than into `shards`."""
    names = set(shard_names(split, shards))
    found = sorted(Path(folder).glob(f"{split}-*-of-*"))
    return [path for path in found if (match := _NAME.match(path.name)) and match[0] not in names]


def check_whole(paths: Iterable[Path | str]) -> None:
    """Raise UserError if the files that are named as shards are not one complete division: one is missing, or two are mixed."""
    found = defaultdict(lambda: defaultdict(set))
    for path in map(Path, paths):
        if match := _ANY_NAME.match(path.name):
            found[path.parent / match[1]][int(match[3])].add(int(match[2]))
    for place, divisions in found.items():
        if len(divisions) > 1:
            numbers = " and ".join(map(str, sorted(divisions)))
            raise UserError(f"{place}-*: shards of {numbers} are mixed, and clips may be in both. Keep the files of one division.")
        ((number, indices),) = divisions.items()
        if missing := sorted(set(range(number)) - indices):
            example = f"{place.name}-{missing[0]:05d}-of-{number:05d}"
            raise UserError(f"{place}-*: of {number} shards, {len(missing)} are missing, such as {example}.")


def _parse(name: str) -> tuple[int, int]:
    match = _NAME.match(name)
    return (int(match[2]), int(match[3])) if match else (0, 1)
