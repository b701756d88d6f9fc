"""Boxes from elsewhere: the output of MegaDetector, or of another detector that writes its format
(lila.science/megadetector-output-format)."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path, PurePath
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

from ..errors import UserError, examples
from ..wording import count
from .boxes import Box
from .recordings import Recording

if TYPE_CHECKING:
    from .video_files import Videos

# Detectors may reach beyond the picture by this share of it.
_OVER = 0.05
_FROM_WHERE = "Run the detector on the folder of videos, or write the right file under videos: boxes:"


class Detected(NamedTuple):
    """A box: when, in seconds from the beginning of the film or the burst; left, top, width and height as shares of the frame; how sure the
    detector is, from 0 to 1; and the name of its category, such as animal."""

    seconds: float
    x: float
    y: float
    w: float
    h: float
    confidence: float
    kind: str

    def box(self, shape: tuple[int, int]) -> Box:
        """The same in pixels of a picture of this height and width."""
        height, width = shape
        left, top = min(int(self.x * width), width - 1), min(int(self.y * height), height - 1)
        right, bottom = round((self.x + self.w) * width), round((self.y + self.h) * height)
        return Box(left, top, max(1, min(width, right) - left), max(1, min(height, bottom) - top))


class DetectorBoxes:
    """The boxes in a file; `told` are sentences about what does not fit the folder of videos.

    Memory grows with the file, of which MegaDetector writes about a kilobyte for each still.
    """

    def __init__(self, path: str, least: float, videos: "Videos"):
        """path  the file; least  boxes with a lower confidence are ignored

        Raises UserError if the file is missing or is none of a detector, or fits no video.
        """
        self._path, self._least, self.told = path, least, list[str]()
        told = _read(path)
        self._kinds = {str(number): str(name) for number, name in told["detection_categories"].items()}
        entries = {str(entry["file"]).replace("\\", "/"): entry for entry in told["images"]}
        files = {file: Path(file).relative_to(videos.folder).as_posix() for file in videos.name_of}
        fitting = _fitting(entries, files)
        if not fitting:
            example = f"It names {min(entries)}" if entries else "It names no file"
            raise UserError(f"videos: boxes: {path} fits no video below {videos.folder}. {example}. {_FROM_WHERE}")
        self._entries: dict[str, list[tuple[float | None, Mapping]]] = defaultdict(list)
        for name, video in videos.paths.items():
            pictures = videos.films[name].pictures
            stills = dict(Recording(video, pictures).stills) or {video: None}
            self._entries[name] = [(seconds, entries[fitting[file]]) for file, seconds in stills.items() if file in fitting]
        self.told.append(f"{path} has entries of {len(fitting)} of {count(len(files), 'film or still', 'films and stills')}.")
        without = sorted(name for name, own in self._entries.items() if not own)
        if without:
            self.told.append(
                f"{path} contains nothing about {count(len(without), 'video or burst', 'videos or bursts')}:\n{examples(without)}"
            )
        if strangers := sorted({*entries} - {*fitting.values()}):
            self.told.append(
                f"{path}: {count(len(strangers), 'of its files fits', 'of its files fit')} no film or still below {videos.folder}, or more "
                f"than one:\n{examples(strangers)}"
            )

    def of(self, name: str) -> list[Detected]:
        """The boxes of a video by its name in results, in the order of time. Raises UserError if the file does not say when they are."""
        found = [one for seconds, entry in self._entries.get(name, []) for one in self._of_entry(seconds, entry)]
        return sorted(found)

    def digest(self, name: str) -> str:
        """Tells the boxes of a video from others; empty if it has none."""
        found = self.of(name)
        return hashlib.sha256(repr(found).encode()).hexdigest()[:16] if found else ""

    def _of_entry(self, seconds: float | None, entry: Mapping) -> Iterable[Detected]:
        for one in entry.get("detections") or []:
            try:
                confidence, (x, y, w, h) = float(one["conf"]), map(float, one["bbox"])
                kind = self._kinds.get(str(one["category"]), "animal")
                when = seconds if seconds is not None else int(one["frame_number"]) / float(entry["frame_rate"])
            except KeyError as missing:
                raise self._unusable(entry, one, f"lacks {missing}") from None
            except (TypeError, ValueError, ZeroDivisionError):
                raise self._unusable(entry, one, "has something else where a number must be, or a frame_rate of 0") from None
            edges = (x, y, x + w, y + h)
            if not (0 <= confidence <= 1 and w > 0 and h > 0 and min(edges) >= -_OVER and max(edges) <= 1 + _OVER and when >= 0):
                raise self._unusable(entry, one, "is not in the picture")
            left, top, right, bottom = (min(1.0, max(0.0, edge)) for edge in edges)
            if confidence >= self._least and right > left and bottom > top:
                yield Detected(when, left, top, round(right - left, 6), round(bottom - top, 6), confidence, kind)

    def _unusable(self, entry: Mapping, box: object, why: str) -> UserError:
        return UserError(
            f"videos: boxes: {self._path}: a box of {entry['file']} {why}: {json.dumps(box)[:200]}\nA box needs category, conf (0 to 1) "
            "and bbox (left, top, width and height as shares of the picture, 0 to 1). In a video it also needs frame_number, and its entry "
            "needs frame_rate, as in version 1.4 of MegaDetector's format."
        )


def with_boxes(videos: "Videos", detector: DetectorBoxes) -> "Videos":
    """The videos, each with what tells its boxes from others."""
    return replace(videos, films={name: film._replace(detected=detector.digest(name)) for name, film in videos.films.items()})


def step(detected: Sequence[Detected]) -> float:
    """Usual seconds from one frame with boxes to the next; 0 if there is no other."""
    times = sorted({one.seconds for one in detected})
    return median([later - earlier for earlier, later in pairwise(times)] or [0.0])


def _read(path: str) -> dict:
    try:
        told = json.loads(Path(path).read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise UserError(f"videos: boxes: {path} cannot be read: {error.strerror}. {_FROM_WHERE}") from None
    except ValueError:
        raise UserError(f"videos: boxes: {path} is not JSON, or is cut off. {_FROM_WHERE}") from None
    entries = told.get("images") if isinstance(told, dict) else None
    is_whole = isinstance(entries, list) and all(isinstance(entry, dict) and "file" in entry for entry in entries)
    if not is_whole or not isinstance(told.get("detection_categories"), dict):
        raise UserError(
            f"videos: boxes: {path} is not the output of MegaDetector: it has no images or no detection_categories. {_FROM_WHERE}"
        )
    return told


def _fitting(entries: Iterable[str], files: Mapping[str, str]) -> dict[str, str]:
    """The entry of each file, by the file's path: one path is the end of the other, for the detector may have run on another disk, above or
    below the folder of videos. A file that two entries fit has none, and an entry that fits two files has none.

    files  paths below the folder of videos, by the paths as they are
    """
    by_name: Mapping[str, list[str]] = defaultdict(list)
    for file, below in files.items():
        by_name[PurePath(below).name].append(file)
    found: dict[str, list[str]] = defaultdict(list)
    for entry in entries:
        near = [file for file in by_name.get(PurePath(entry).name, []) if _is_end(entry, files[file])]
        # The whole path counts more than its end.
        best = [file for file in near if files[file] == entry] or near
        if len(best) == 1:
            found[best[0]].append(entry)
    exact = {file: [entry for entry in own if entry == files[file]] or own for file, own in found.items()}
    return {file: own[0] for file, own in exact.items() if len(own) == 1}


def _is_end(one: str, other: str) -> bool:
    """Whether one of the paths is the end of the other."""
    parts, others = PurePath(one).parts, PurePath(other).parts
    shorter = min(len(parts), len(others))
    return parts[-shorter:] == others[-shorter:]
