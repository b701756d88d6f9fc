"""Makes a season for the tests: films of several cameras, with clocks in other corners, some wrong, a gap, and a camera that was turned
aside."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import av
import cv2
import numpy as np

SIZE = (640, 360)
_RATE = 10
_LETTERS = (cv2.FONT_HERSHEY_SIMPLEX, 0.62)
# Width and height of the clock's text in pixels.
CLOCK = cv2.getTextSize("2024-04-12 08:11:19", *_LETTERS, 2)[0]


class Shot(NamedTuple):
    """A film: when it begins by the camera's clock, and how the camera sees then: "", "dark", or "turned"."""

    shown: datetime
    view: str = ""


class Placed(NamedTuple):
    """A camera: its folder, where the letters of its clock begin (left, bottom), what its files say more than its pictures, its films."""

    folder: str
    corner: tuple[int, int]
    file_differs: timedelta
    shots: Sequence[Shot]


def _days(*days: int, turned: Sequence[int] = ()) -> list[Shot]:
    return [Shot(datetime(2024, 4, 1, 9, 10, 44) + timedelta(days=day), "turned" if day in turned else "") for day in days]


# Three cameras: the files of the first one say two hours less than its pictures, the second one was turned aside on its last two days, and
# the third one did not work for eleven nights.
SEASON = [
    Placed("creek/cam1/DCIM/100EK113", (8, 20), timedelta(hours=-2), _days(0, 2, 4)),
    Placed("pond/cam2", (8, 20), timedelta(0), _days(0, 3, 6, 9, 12, 13, turned=(12, 13))),
    Placed("ridge/cam3", (432, 350), timedelta(0), _days(0, 1, 2, 3, 15, 16, 17)),
]


def make(folder: Path, cameras: Sequence[Placed], seconds: int = 6) -> None:
    """Write the films of all cameras below the folder."""
    for number, camera in enumerate(cameras):
        views = np.random.default_rng(number)
        scenes = {"": _scene(views), "turned": _scene(views)}
        for place, shot in enumerate(camera.shots, 1):
            path = folder / camera.folder / f"EK{place:06}.mp4"
            path.parent.mkdir(parents=True, exist_ok=True)
            scene = np.zeros_like(scenes[""]) if shot.view == "dark" else scenes[shot.view]
            _film(path, scene, camera.corner, shot.shown, shot.shown + camera.file_differs, seconds, 100 * number + place)


def _scene(chance: np.random.Generator) -> np.ndarray:
    """Something like a forest: trunks before ground and sky, uint8 [height, width, 3], BGR."""
    width, height = SIZE
    picture = cv2.resize(chance.integers((40, 70, 50), (110, 150, 120), (9, 16, 3), np.uint8), SIZE, interpolation=cv2.INTER_CUBIC)
    picture[height * 2 // 3 :, :, 1] += 40
    for _ in range(14):
        left, wide = int(chance.integers(0, width)), int(chance.integers(6, 40))
        colour = tuple(int(value) for value in chance.integers(10, 90, 3))
        cv2.line(picture, (left, 0), (left + int(chance.integers(-60, 60)), height), colour, wide)
    return cv2.GaussianBlur(picture, (3, 3), 0)


def _film(path: Path, scene: np.ndarray, corner: tuple[int, int], shown: datetime, in_file: datetime, seconds: int, seed: int) -> None:
    chance = np.random.default_rng(seed)
    lit = np.float32(chance.uniform(0.8, 1.15)) * scene
    noise = chance.normal(0, 2, scene.shape).astype(np.float32)  # made once, for it takes longer than all else
    with av.open(str(path), "w", options={"movflags": "use_metadata_tags"}) as out:
        out.metadata.update({"creation_time": f"{in_file:%Y-%m-%dT%H:%M:%SZ}", "make": "Bushnell", "model": "119836"})
        stream = out.add_stream("libx264", rate=_RATE, options={"crf": "23"})
        (stream.width, stream.height), stream.pix_fmt, stream.thread_count = SIZE, "yuv420p", 1
        for number in range(seconds * _RATE):
            picture = np.clip(lit + np.roll(noise, int(chance.integers(noise.size))), 0, 255).astype(np.uint8)
            if scene.any():
                cv2.circle(picture, (100 + 6 * number, 220), 14, (40, 60, 90), -1)
            left, top = corner
            cv2.rectangle(picture, (left - 4, top - 18), (left + CLOCK[0] + 4, top + 6), (0, 0, 0), -1)
            text = f"{shown + timedelta(seconds=number // _RATE):%Y-%m-%d %H:%M:%S}"
            cv2.putText(picture, text, (left, top), *_LETTERS, (255, 255, 255), 2, cv2.LINE_AA)
            out.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="bgr24")))
        out.mux(stream.encode())
