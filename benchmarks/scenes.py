"""Makes films of 1080p with detail and noise, in the codecs that cameras write.

The pictures come from Debian's opencv-doc (vtest.avi: people walk before a fixed camera; input of this program, never committed), fetched
by apt-get. They are scaled up, and get the fine texture and the noise that scaling lacks. In `still` nothing moves, in `windy` the first
picture sways as leaves do, in `moving` people always walk.
"""

import sys
import tempfile
from collections.abc import Collection, Iterator
from pathlib import Path

import av
import cv2
import generate
import numpy as np
from film_drawing import smooth
from machine import ROOT

sys.path.append(str(ROOT / "tests"))
from films import encode

WIDTH, HEIGHT, RATE, FRAMES = 1920, 1080, 25, 500
SCENES = ("still", "windy", "moving")
# Ending, encoder, pixels, and its options: most cameras write H.264 without B-frames at a high rate, or MJPEG.
CODECS = {
    "H.264 baseline": ("mp4", "libx264", "yuv420p", {"profile": "baseline", "b": "14M", "maxrate": "16M", "bufsize": "14M"}),
    "H.264 high": ("mp4", "libx264", "yuv420p", {"preset": "veryfast", "crf": "23"}),
    "H.265": ("mp4", "libx265", "yuv420p", {"preset": "medium", "crf": "26", "x265-params": "log-level=error"}),
    "MJPEG": ("avi", "mjpeg", "yuvj422p", {"qmin": "2", "qmax": "6", "b": "60M"}),
}
Planes = list[np.ndarray]


def make(folder: Path, codecs: Collection[str] = tuple(CODECS)) -> dict[tuple[str, str], Path]:
    """Write the films to `folder`; returns them by scene and codec. Films that are there stay."""
    folder.mkdir(parents=True, exist_ok=True)
    films = {(scene, codec): folder / f"{scene}_{codec.replace(' ', '_')}.{CODECS[codec][0]}" for scene in SCENES for codec in codecs}
    with tempfile.TemporaryDirectory() as unpacked:
        generate.fetch(Path(unpacked), ["opencv-doc"])
        people = next(Path(unpacked).rglob("vtest.avi"))
        for (scene, codec), film in films.items():
            if not film.exists():
                _, encoder, pixels, options = CODECS[codec]
                encode(film, noisy(scene, people), encoder, options=options, pixels=pixels)
    return films


def noisy(scene: str, people: Path) -> Iterator[av.VideoFrame]:
    """The frames of a scene, with noise."""
    random = np.random.default_rng(5)
    grain = [strength * smooth((height + 400, width + 400), 0.7, random) for strength, height, width in (
        (2.5, HEIGHT, WIDTH), (1.8, HEIGHT // 2, WIDTH // 2), (1.8, HEIGHT // 2, WIDTH // 2))]  # fmt: skip
    for planes in pictures(scene, people):
        shown = [with_noise(plane, of_plane, random).ravel() for plane, of_plane in zip(planes, grain, strict=True)]
        yield av.VideoFrame.from_ndarray(np.concatenate(shown).reshape(-1, WIDTH), format="yuv420p")


def pictures(scene: str, people: Path) -> Iterator[Planes]:
    """The pictures of a scene as planes of Y, U and V, without noise."""
    random = np.random.default_rng(7)
    texture = np.clip(smooth((HEIGHT, WIDTH), 0.8, random) * 6 + 128, 0, 255).astype(np.uint8)
    waves = [3 * smooth((HEIGHT // 40 + 1, WIDTH // 40 + 1), 3, random) for _ in range(3)]
    columns, rows = np.meshgrid(np.arange(WIDTH, dtype=np.float32), np.arange(HEIGHT, dtype=np.float32))
    first = None
    with av.open(str(people)) as film:
        for number, frame in enumerate(film.decode(video=0)):
            if number == FRAMES:
                return
            if scene == "moving" or first is None:
                large = cv2.resize(frame.to_ndarray(format="bgr24")[100:532], (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC)
                yuv = cv2.cvtColor(large, cv2.COLOR_BGR2YUV_I420).ravel()
                y, u, v = np.split(yuv, [WIDTH * HEIGHT, WIDTH * HEIGHT * 5 // 4])
                y, half = y.reshape(HEIGHT, WIDTH), (HEIGHT // 2, WIDTH // 2)
                first = [cv2.addWeighted(y, 1, texture, 1, -128), u.reshape(half), v.reshape(half)]
            if scene == "windy":
                strength = 4 * (0.6 + 0.4 * np.sin(number / 40)) * np.clip(waves[2], 0, 2)
                across = cv2.resize((strength * np.sin(0.22 * number + waves[0])).astype(np.float32), (WIDTH, HEIGHT))
                down = cv2.resize((0.4 * strength * np.sin(0.15 * number + waves[1])).astype(np.float32), (WIDTH, HEIGHT))
                swayed = cv2.remap(first[0], columns + across, rows + down, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
                yield [swayed, *first[1:]]
            else:
                yield first


def with_noise(plane: np.ndarray, grain: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """The plane with a random part of the grain."""
    top, left = random.integers(0, 400, 2)
    height, width = plane.shape
    return np.clip(plane + grain[top : top + height, left : left + width], 0, 255).astype(np.uint8)
