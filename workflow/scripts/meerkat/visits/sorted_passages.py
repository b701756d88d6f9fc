"""What people have said about passages when they sorted clips. An answer belongs to the film, the time and the place in the picture.
Labels that come from the review of a visit do not count here: the review itself does."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from ..row_log import instant
from ..sorting import journal, moved_films, same_place
from ..sorting.answers import of_passage
from ..sorting.folders import Folders, SortedClip
from ..sorting.journal import History, Label
from ..video.motion_files import CLIPS, kept_clips
from ..video.video_files import Videos


class Said(NamedTuple):
    """The label of a passage, who gave it (empty if it was sorted with a file manager), and when (empty if that is unknown)."""

    label: str
    person: str
    time: str


def read(clips: Path, motion: Path, videos: Videos) -> Mapping[str, dict[int, Said]]:
    """What was said about the tracks of each video, by its name in results; empty for a video of which nothing was sorted.

    clips   the folder of sorted clips
    motion  the folder with a folder for each video that was searched
    """
    folders = Folders(clips)
    return said_in(folders, journal.read(clips / journal.NAME, moved_films.present_names(folders)), motion, videos)


def said_in(folders: Folders, history: History, motion: Path, videos: Videos) -> Mapping[str, dict[int, Said]]:
    """The same from folders and a journal that are open."""
    of_track: dict[tuple[str, int], list[Label | None]] = defaultdict(list)
    present = set()
    for clip in kept_clips(motion, videos.paths):
        lying = {one.decision for one in folders.where(SortedClip("", clip.file, str(motion / clip.video / CLIPS / clip.file)))}
        of_track[clip.video, clip.track].append(_label(lying, history, clip.file))
        present |= {clip.file} if lying else set()
    found: Mapping[str, dict[int, Said]] = defaultdict(dict)
    for (video, track), labels in of_track.items():
        if said := _of_passage(labels):
            found[video][track] = said
    for video, track, labels in _of_other_clips(folders, history, present, motion, videos):
        if said := _of_passage(labels):
            found[video].setdefault(track, said)
    return found


def _of_other_clips(
    folders: Folders, history: History, present: set[str], motion: Path, videos: Videos
) -> Iterable[tuple[str, int, list[Label | None]]]:
    """The labels of sorted clips that the present search has not cut, by the passages that they show."""
    names = {film.id: video for video, film in videos.films.items()}
    waiting: dict[str, list[tuple[str, Label]]] = defaultdict(list)
    for name, stored in folders.sorted_as.items():
        if name not in present and stored.where and stored.film in names:
            label = _label({lying.decision for lying in folders.named(name)}, history, name)
            if label:
                waiting[names[stored.film]].append((stored.where, label))
    for video, clips in waiting.items():
        moved = same_place.boxes(motion / video)
        labels: dict[int, list[Label | None]] = defaultdict(list)
        for where, label in clips:
            if (track := same_place.find(where, moved)) is not None:
                labels[int(track)].append(label)
        yield from ((video, track, of_track) for track, of_track in labels.items())


def _label(lying: set[str], history: History, file: str) -> Label | None:
    """The label of a clip that lies in the folders of these decisions. Only the journal knows who gave it, and which of two counts."""
    noted = history.labels.get(file)
    if noted and noted.decision in lying:
        return None if history.is_of_review(file) else noted
    return Label("", lying.pop(), "") if len(lying) == 1 else None


def _of_passage(labels: Iterable[Label | None]) -> Said | None:
    """What was said about a passage (see `of_passage`)."""
    labels = list(labels)
    decision = of_passage({label.decision if label else None for label in labels})
    if decision is None:
        return None
    last = max((label for label in labels if label and label.decision == decision), key=lambda label: instant(label.time))
    return Said(decision, last.person, last.time)
