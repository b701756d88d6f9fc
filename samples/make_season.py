"""Makes the films of the tutorial's season from the sample film: python samples/make_season.py

Two sites, eight films at each: the dog passes in four, and in four only the branch moves. `boxes.csv` has the dog's box in each frame
(frames count from 1). Every second frame of the sample film is used, without its clock; light and direction differ. The season needs no
licence of its own: see LICENSES.csv for the photographs in the sample film.
"""

import csv
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import av
import numpy as np

SAMPLES = Path(__file__).resolve().parent
sys.path += [str(SAMPLES.parent / "workflow/scripts"), str(SAMPLES.parent / "tests")]

from sorting_page import draw_for  # noqa: E402

# What is used of the sample film: left, top, right and bottom in pixels; height and width of the new films; frames a second.
CROP, SIZE, RATE = (0, 56, 540, 360), (272, 480), 12.5
ONLY_GRASS = 225  # below this row of the sample film, nothing moves but the dog
SITES = {"ruins": False, "meadow": True}  # whether the view is mirrored
# For each film: whether the dog passes, brightness, whether it is infrared, the hour, and the side that it is drawn for.
FILMS = [
    (True, 1.0, False, 7, "train"),
    (False, 1.0, False, 9, "train"),
    (True, 0.6, False, 20, "train"),
    (False, 0.8, True, 23, "train"),
    (True, 0.9, True, 2, "train"),
    (False, 0.7, False, 6, "train"),
    (True, 0.8, False, 17, "eval"),
    (False, 0.9, False, 12, "eval"),
]


def main() -> None:
    frames = _frames(SAMPLES / "videos/meadow.mp4")
    with (SAMPLES / "videos/meadow.csv").open(newline="") as file:
        dog = {int(row["frame"]): [int(row[name]) for name in "xywh"] for row in csv.DictReader(file)}
    boxes = [("film", "frame", "x", "y", "w", "h")]
    for place, (site, mirrored) in enumerate(SITES.items()):
        begin = datetime(2026, 5, 3 + place, tzinfo=UTC)
        for number, (passes, light, infrared, hour, side) in enumerate(FILMS, 1):
            path = SAMPLES / "season" / site / f"DSCF{number:04}.mp4"
            path.parent.mkdir(parents=True, exist_ok=True)
            random = np.random.default_rng([place, number])
            pictures = (
                _picture(picture, mirrored, light, infrared, random) for picture in (frames if passes else _without_dog(frames, random))
            )
            _encode(path, pictures, begin + timedelta(days=number // 2, hours=hour, minutes=7 * number))
            draw_for(side, path)
            for frame, box in dog.items() if passes else ():
                if frame % 2:
                    boxes.append((f"{site}/{path.name}", (frame + 1) // 2, *_placed(box, mirrored)))
    with (SAMPLES / "season/boxes.csv").open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(boxes)


def _frames(film: Path) -> np.ndarray:
    """Every second frame, uint8 [frames, height, width, 3]."""
    with av.open(str(film)) as container:
        return np.stack([frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)][::2])


def _without_dog(frames: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """The frames with the grass as it is when the dog is elsewhere."""
    grass = np.median(frames[:, ONLY_GRASS:], axis=0)
    emptied = frames.copy()
    emptied[:, ONLY_GRASS:] = np.clip(grass + random.normal(0, 3, emptied[:, ONLY_GRASS:].shape), 0, 255)
    return emptied


def _picture(frame: np.ndarray, mirrored: bool, light: float, infrared: bool, random: np.random.Generator) -> np.ndarray:
    left, top, right, bottom = CROP
    seen = (frame[:, ::-1] if mirrored else frame)[top:bottom, left:right] * light
    if infrared:
        seen = np.repeat(seen.mean(axis=2, keepdims=True), 3, axis=2) + random.normal(0, 4, (*seen.shape[:2], 1))
    return np.ascontiguousarray(np.clip(seen, 0, 255).astype(np.uint8))


def _placed(box: list[int], mirrored: bool) -> tuple[int, ...]:
    """A box of the sample film, mirrored or not, in the new film."""
    x, y, w, h = box
    left, top, right, bottom = CROP
    x = 640 - x - w if mirrored else x
    across, down = SIZE[1] / (right - left), SIZE[0] / (bottom - top)
    return tuple(round(value) for value in ((x - left) * across, (y - top) * down, w * across, h * down))


def _encode(path: Path, pictures, begin: datetime) -> None:
    with av.open(str(path), "w") as out:
        out.metadata["creation_time"] = begin.isoformat()
        stream = out.add_stream("libx264", rate=round(2 * RATE), options={"crf": "30", "preset": "veryslow"})
        stream.height, stream.width, stream.pix_fmt, stream.thread_count = *SIZE, "yuv420p", 1
        for number, picture in enumerate(pictures):
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24").reformat(width=SIZE[1], height=SIZE[0], format="yuv420p")
            frame.pts = 2 * number
            out.mux(stream.encode(frame))
        out.mux(stream.encode())


main()
