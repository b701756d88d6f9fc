"""The audit of the clips: counts per class and video, files that were left out, and warnings."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict

from ..data.clips import SPLITS, Clip
from ..data.labels import LABELS
from ..data.origins import Origins
from ..data.video_names import stands_for_itself
from .curation import Curated
from .listing import Listing

# A warning gives this many names.
_NAMED = 5
# Of fewer clips, most come from one video as a rule.
_FEWEST = 10


def audit(found: Listing, taken: Curated, where: Origins) -> dict:
    """The content of audit.json; counts are {"positive": n, "negative": n}."""
    videos = {split: _counts_by(clips, where.video) for split, clips in taken.clips.items()}
    return {
        "listed": {split: _counts(clips) for split, clips in found.clips.items()},
        "passed_over": {"litter": len(found.litter), "places": found.strays, "unsure": found.unsure},
        "used": {split: _counts(clips) for split, clips in taken.clips.items()},
        "videos": videos,
        "sites": {split: _counts_by(clips, where.site) for split, clips in taken.clips.items()},
        "rejected": len(taken.rejected),
        "duplicates": taken.duplicates,
        "conflicts": taken.conflicts,
        "leaks": [asdict(leak) for leak in taken.leaks],
        "leaks_dropped": taken.leaks_dropped,
        "warnings": _warnings(found, taken, videos, where),
    }


def leak_warning(taken: Curated, where: Origins) -> str:
    """A warning about videos on both sides; empty if there are none."""
    names = _names([leak.video for leak in taken.leaks])
    if taken.leaks_dropped and taken.leaks:
        number = sum(leak.training for leak in taken.leaks)
        return f"Left out: {number} Training clips of videos that are also in Testing: {names}."
    if taken.leaks:
        return (
            f"Videos with clips in both Training and Testing: {names}. The result looks better than it is. "
            f"Move all clips of a video to one side.{_as_read(taken.clips['eval'], where)}"
        )
    return ""


def _counts(clips: Sequence[Clip]) -> dict[str, int]:
    return {name: sum(clip.label == label for clip in clips) for label, name in enumerate(LABELS)}


def _counts_by(clips: Sequence[Clip], group: Callable[[str], str]) -> dict[str, dict[str, int]]:
    """The counts of each group that has a name."""
    members = defaultdict(list)
    for clip in clips:
        members[group(clip.path)].append(clip)
    return {name: _counts(members[name]) for name in sorted(members) if name}


def _warnings(listed: Listing, taken: Curated, videos: Mapping[str, dict[str, dict[str, int]]], where: Origins) -> list[str]:
    """The warnings; `videos` are the counts by video of each split."""
    found = [f"Ignored: {number} pictures in {place}." for place, number in sorted(listed.strays.items())]
    clips = [clip for of_split in taken.clips.values() for clip in of_split]
    for split, clips in taken.clips.items():
        nameless = sum(stands_for_itself(clip.path, where.video(clip.path)) for clip in clips)
        if nameless:
            found.append(
                f"The names of {nameless} of the {len(clips)} {SPLITS[split]} clips do not show their video. So the program cannot see "
                "whether a video is in both Training and Testing, and intervals are too narrow. Use a sub-folder for each video, or a "
                "pattern for the names." + _as_read(clips, where)
            )
            continue
        by_video = videos[split]
        # Films of one site show the same place, so a film may well hold one class only.
        by_site = _counts_by(clips, where.site)
        places, by_place = ("sites", by_site) if by_site else ("videos", by_video)
        one_class = [name for name, counts in by_place.items() if 0 in counts.values()]
        if one_class and split == "train":
            found.append(
                f"{SPLITS[split]} {places} with clips of one class only: {_names(one_class)}. The model may learn the place instead of the "
                f"animal. If there are clips of the other class from there, add some.{_as_read(clips, where)}"
            )
        for name in LABELS:
            largest = max(by_video, key=lambda video: by_video[video][name])
            total = sum(counts[name] for counts in by_video.values())
            if by_video[largest][name] > total / 2 and total >= _FEWEST:
                found.append(
                    f"More than half of the {name} {SPLITS[split]} clips come from one video, {largest}. Add clips of other videos."
                    + _as_read(clips, where)
                )
    return found


def _as_read(clips: Sequence[Clip], where: Origins) -> str:
    return where.as_read(clip.path for clip in clips)


def _names(names: list[str]) -> str:
    return f"{len(names)} ({', '.join(names[:_NAMED])}{', ...' if len(names) > _NAMED else ''})"
