"""What was found in the clips: counts per class and video, what was left out, and what to be warned of."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict

from .clips import SPLITS, Clip, stands_for_itself
from .intake import Intake
from .labels import LABELS

# So many names are given in a warning.
_NAMED = 5


def audit(listed: Mapping[str, Sequence[Clip]], taken: Intake, video: Callable[[Clip], str]) -> dict:
    """The content of audit.json; counts are {"positive": n, "negative": n}."""
    videos = {split: _counts_by_video(clips, video) for split, clips in taken.clips.items()}
    return {
        "listed": {split: _counts(clips) for split, clips in listed.items()},
        "used": {split: _counts(clips) for split, clips in taken.clips.items()},
        "videos": videos,
        "rejected": len(taken.rejected),
        "duplicates": taken.duplicates,
        "conflicts": taken.conflicts,
        "leaks": [asdict(leak) for leak in taken.leaks],
        "leaks_dropped": taken.leaks_dropped,
        "warnings": _warnings(taken, videos, video),
    }


def leak_warning(taken: Intake) -> str:
    """What to be told of videos on both sides, empty if there is none."""
    names = _names([leak.video for leak in taken.leaks])
    if taken.leaks_dropped and taken.leaks:
        number = sum(leak.training for leak in taken.leaks)
        return f"Left out: {number} Training clips of videos that are also in Testing: {names}."
    if taken.leaks:
        return (
            f"WARNING: Videos with clips in both Training and Testing: {names}. The result looks better than it is. "
            "Move all clips of a video to one side."
        )
    return ""


def _counts(clips: Sequence[Clip]) -> dict[str, int]:
    return {name: sum(clip.label == label for clip in clips) for label, name in enumerate(LABELS)}


def _counts_by_video(clips: Sequence[Clip], video: Callable[[Clip], str]) -> dict[str, dict[str, int]]:
    members = defaultdict(list)
    for clip in clips:
        members[video(clip)].append(clip)
    return {name: _counts(members[name]) for name in sorted(members)}


def _warnings(taken: Intake, videos: Mapping[str, dict[str, dict[str, int]]], video: Callable[[Clip], str]) -> list[str]:
    """What to be warned of; `videos` are the counts by video of each split."""
    found = []
    for split, clips in taken.clips.items():
        nameless = sum(stands_for_itself(clip.path, video(clip)) for clip in clips)
        if nameless:
            found.append(
                f"The names of {nameless} of the {len(clips)} {SPLITS[split]} clips tell no video: leaks between Training and Testing "
                "cannot be seen in them, and intervals are too narrow. Set data: video_pattern:, or use a sub-folder for each video."
            )
            continue
        by_video = videos[split]
        one_class = [name for name, counts in by_video.items() if 0 in counts.values()]
        if one_class:
            found.append(
                f"{SPLITS[split]} videos with clips of one class only: {_names(one_class)}. Add clips of the other class from them, "
                "else the place tells the class."
            )
        for name in LABELS:
            largest = max(by_video, key=lambda video: by_video[video][name])
            total = sum(counts[name] for counts in by_video.values())
            if by_video[largest][name] > total / 2:
                found.append(f"More than half of the {name} {SPLITS[split]} clips are of one video, {largest}. Add clips of other videos.")
    return found


def _names(names: list[str]) -> str:
    return f"{len(names)} ({', '.join(names[:_NAMED])}{', ...' if len(names) > _NAMED else ''})"
