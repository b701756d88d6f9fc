"""From listed clips to the clips that are used: no unreadable files, each picture once, no video on two sides."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ..data.clips import SPLITS, Clip
from ..data.labels import LABELS
from ..errors import UserError, examples
from .image_checks import Finding


class UnusableClips(UserError):
    """The clips cannot be used as they are; `rows` are all cases, and the message shows some of them."""

    def __init__(self, message: str, rows: list[Sequence[object]]):
        super().__init__(message)
        self.rows = rows


@dataclass(frozen=True)
class Leak:
    """A video with clips on both sides, and their number on each side."""

    video: str
    training: int
    testing: int


@dataclass
class Curated:
    """The clips of each split that are used, with their digests, and the clips that were left out."""

    clips: dict[str, list[Clip]]
    rejected: list[tuple[str, str]] = field(default_factory=list)  # (path, reason)
    duplicates: list[tuple[str, str]] = field(default_factory=list)  # (path left out, path of the same content)
    conflicts: list[tuple[str, str]] = field(default_factory=list)  # (path, path of the same content elsewhere)
    leaks: list[Leak] = field(default_factory=list)
    leaks_dropped: bool = False  # whether the Training clips of these videos were left out


def curate(listed: Mapping[str, Sequence[Clip]], findings: Mapping[str, Finding], max_rejected: float, on_conflict: str) -> Curated:
    """The usable clips of each split (train, eval), one for each picture.

    max_rejected  the run stops if a larger share of a class cannot be used
    on_conflict   "error" or "drop": what to do with one picture in both classes (both are left out) or in Training
                  and Testing (the Training one is left out)

    Raises UnusableClips for conflicts and if too much is rejected, UserError if a class has no usable clip.
    """
    curated = Curated({})
    for split, clips in listed.items():
        usable = [replace(clip, digest=findings[clip.path].digest) for clip in clips if not findings[clip.path].reason]
        rejected = [(clip, findings[clip.path].reason) for clip in clips if findings[clip.path].reason]
        _check_rejected(split, clips, rejected, max_rejected)
        curated.rejected += [(clip.path, reason) for clip, reason in rejected]
        curated.clips[split] = _without_duplicates(usable, curated.duplicates)
    _resolve_conflicts(curated, on_conflict)
    _check_classes(curated.clips, "")
    return curated


def resolve_leaks(curated: Curated, on_leak: str, video: Callable[[Clip], str]) -> None:
    """Find the videos that have clips in both Training and Testing.

    on_leak  "warn" to note them only, "error" to raise UnusableClips, "drop" to leave out their Training clips
    """
    if not {"train", "eval"} <= set(curated.clips):
        return
    training, testing = (Counter(map(video, curated.clips[split])) for split in ("train", "eval"))
    curated.leaks = [Leak(name, training[name], testing[name]) for name in sorted(training.keys() & testing.keys())]
    if curated.leaks and on_leak == "error":
        lines = [f"{leak.video}: {leak.training} Training and {leak.testing} Testing clips" for leak in curated.leaks]
        raise UnusableClips(
            f"{len(lines)} videos have clips in both Training and Testing:\n{examples(lines)}\nMove all clips of a video to one "
            "side, or write data: {on_leak: drop} in the configuration to leave out their Training clips, or warn to go on.",
            [(leak.video, leak.training, leak.testing) for leak in curated.leaks],
        )
    if on_leak == "drop":
        curated.leaks_dropped = True
        shared = {leak.video for leak in curated.leaks}
        curated.clips["train"] = [clip for clip in curated.clips["train"] if video(clip) not in shared]
        _check_classes(curated.clips, " from a video that is not in Testing")


def _check_classes(clips: Mapping[str, Sequence[Clip]], which: str) -> None:
    for split, used in clips.items():
        for label, name in enumerate(LABELS):
            if not any(clip.label == label for clip in used):
                raise UserError(
                    f"{SPLITS[split]} has no readable {name} clip{which}. "
                    f"Put some into {SPLITS[split]}/{name.capitalize()}, or into the list of data: {split}_csv:."
                )


def _check_rejected(split: str, clips: Sequence[Clip], rejected: list[tuple[Clip, str]], max_rejected: float) -> None:
    for label, name in enumerate(LABELS):
        total = sum(clip.label == label for clip in clips)
        rows = [(clip.path, reason) for clip, reason in rejected if clip.label == label]
        if len(rows) > max_rejected * total:
            lines = [f"{path}: {reason}" for path, reason in rows]
            raise UnusableClips(
                f"{len(rows)} of the {total} files in {SPLITS[split]}/{name.capitalize()} cannot be used, more than "
                f"data: max_rejected: {max_rejected:g} allows:\n{examples(lines)}\nRemove or replace them, or raise data: max_rejected:.",
                rows,
            )


def _without_duplicates(clips: list[Clip], duplicates: list[tuple[str, str]]) -> list[Clip]:
    first: dict[tuple[str, int], Clip] = {}
    for clip in clips:
        kept = first.setdefault((clip.digest, clip.label), clip)
        if kept is not clip:
            duplicates.append((clip.path, kept.path))
    return list(first.values())


def _resolve_conflicts(curated: Curated, on_conflict: str) -> None:
    places = defaultdict(list)
    for split, clips in curated.clips.items():
        for clip in clips:
            places[clip.digest].append((split, clip))
    dropped: dict[str, set[Clip]] = {split: set() for split in curated.clips}
    for same in places.values():
        if len(same) > 1:
            (_, one), (_, other) = same[0], same[-1]
            curated.conflicts.append((one.path, other.path))
            in_both_classes = len({clip.label for _, clip in same}) > 1
            for split, clip in same:
                if in_both_classes or split == "train":
                    dropped[split].add(clip)
    if curated.conflicts and on_conflict == "error":
        pairs = [f"{one} = {other}" for one, other in curated.conflicts]
        raise UnusableClips(
            f"{len(pairs)} pictures are in both classes, or in both Training and Testing:\n{examples(pairs)}\n"
            "Sort them, or write data: {on_conflict: drop} in the configuration to leave them out.",
            curated.conflicts,
        )
    for split, clips in curated.clips.items():
        curated.clips[split] = [clip for clip in clips if clip not in dropped[split]]
