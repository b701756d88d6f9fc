"""From listed clips to the clips that are used: unreadable files out, each picture once, classes balanced."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from .clips import SPLITS, Clip
from .errors import UserError
from .inspection import Finding
from .labels import LABELS
from .sampling import balance

# So many examples are shown in a message; the rest is counted.
_SHOWN = 10


@dataclass
class Intake:
    """The clips of each split that are used, with their digests, and what was left out."""

    clips: dict[str, list[Clip]]
    rejected: list[tuple[str, str]] = field(default_factory=list)  # (path, reason)
    duplicates: list[tuple[str, str]] = field(default_factory=list)  # (path left out, path of the same content)
    conflicts: list[tuple[str, str]] = field(default_factory=list)  # (path, path of the same content elsewhere)


def take_in(listed: Mapping[str, Sequence[Clip]], findings: Mapping[str, Finding], max_rejected: float, on_conflict: str) -> Intake:
    """The usable clips of each split (train, eval), one for each picture.

    max_rejected  the run stops when a larger share of a class cannot be used
    on_conflict   "error" or "drop": what to do with one picture in both classes (both are left out) or in Training
                  and Testing (the Training one is left out)

    Raises UserError when too much is rejected, for conflicts, and when a class has no usable clip.
    """
    intake = Intake({})
    for split, clips in listed.items():
        usable = [replace(clip, digest=findings[clip.path].digest) for clip in clips if not findings[clip.path].reason]
        rejected = [(clip, findings[clip.path].reason) for clip in clips if findings[clip.path].reason]
        _check_rejected(split, clips, rejected, max_rejected)
        intake.rejected += [(clip.path, reason) for clip, reason in rejected]
        intake.clips[split] = _without_duplicates(usable, intake.duplicates)
    _resolve_conflicts(intake, on_conflict)
    for split, clips in intake.clips.items():
        for label, name in enumerate(LABELS):
            if not any(clip.label == label for clip in clips):
                raise UserError(f"{SPLITS[split]}/{name.capitalize()} holds no readable image. Put clips there.")
    return intake


def balanced(clips: list[Clip], seed: int, video: Callable[[Clip], str]) -> list[Clip]:
    """The clips with the larger class drawn down to the size of the smaller, spread over the videos."""
    return balance(clips, seed, label=lambda clip: clip.label, key=lambda clip: clip.digest, video=video)


def _check_rejected(split: str, clips: Sequence[Clip], rejected: list[tuple[Clip, str]], max_rejected: float) -> None:
    for label, name in enumerate(LABELS):
        total = sum(clip.label == label for clip in clips)
        reasons = [f"{clip.path}: {reason}" for clip, reason in rejected if clip.label == label]
        if len(reasons) > max_rejected * total:
            raise UserError(
                f"{len(reasons)} of the {total} files in {SPLITS[split]}/{name.capitalize()} cannot be used, more than "
                f"data: max_rejected: {max_rejected:g} allows:\n{listing(reasons)}\nRemove or replace them, or raise data: max_rejected:."
            )


def _without_duplicates(clips: list[Clip], duplicates: list[tuple[str, str]]) -> list[Clip]:
    first: dict[tuple[str, int], Clip] = {}
    for clip in clips:
        kept = first.setdefault((clip.digest, clip.label), clip)
        if kept is not clip:
            duplicates.append((clip.path, kept.path))
    return list(first.values())


def _resolve_conflicts(intake: Intake, on_conflict: str) -> None:
    places = defaultdict(list)
    for split, clips in intake.clips.items():
        for clip in clips:
            places[clip.digest].append((split, clip))
    dropped: dict[str, set[Clip]] = {split: set() for split in intake.clips}
    for same in places.values():
        if len(same) > 1:
            (_, one), (_, other) = same[0], same[-1]
            intake.conflicts.append((one.path, other.path))
            in_both_classes = len({clip.label for _, clip in same}) > 1
            for split, clip in same:
                if in_both_classes or split == "train":
                    dropped[split].add(clip)
    if intake.conflicts and on_conflict == "error":
        pairs = [f"{one} = {other}" for one, other in intake.conflicts]
        raise UserError(
            f"{len(pairs)} pictures are in both classes, or in both Training and Testing:\n{listing(pairs)}\n"
            "Sort them, or write data: {on_conflict: drop} in the configuration to leave them out."
        )
    for split, clips in intake.clips.items():
        intake.clips[split] = [clip for clip in clips if clip not in dropped[split]]


def listing(lines: list[str]) -> str:
    """The first lines, indented, and how many more there are."""
    more = [f"  ... and {len(lines) - _SHOWN} more"] if len(lines) > _SHOWN else []
    return "\n".join([f"  {line}" for line in lines[:_SHOWN]] + more)
