"""Makes clips for the benchmarks.

A positive is a patch of a photograph with a cut-out animal pasted in. A negative is the same with a plant, a fruit, a tool and so on, at
the same sizes, in the same random light and blur. Raw pixels can hardly distinguish them (accuracy.py measures how well). Cut-outs and
photographs come from Debian's packages tuxpaint-stamps-default and mate-backgrounds (GPL and CC-BY-SA: input of this program, never
committed), fetched by apt-get. Testing has other cut-outs than Training.
"""

import subprocess
import tempfile
from pathlib import Path

import cv2
import numpy as np

CLIPS = 11_000  # as in 2018
SIDE = 299
CLIPS_OF_A_VIDEO = 20
PACKAGES = ["tuxpaint-stamps-default", "mate-backgrounds"]
ANIMALS = ["animals"]
OTHERS = ["plants", "food", "household", "hobbies", "clothes", "vehicles", "sports", "medical"]


def make(folder: Path, clips: int) -> None:
    """Write `clips` clips of 299 pixels to `folder`; the same ones each time."""
    with tempfile.TemporaryDirectory() as unpacked:
        fetch(Path(unpacked), PACKAGES)
        scenes = [
            picture
            for path in sorted(Path(unpacked).glob("**/backgrounds/mate/nature/*.jpg"))
            if (picture := cv2.imread(str(path))) is not None
        ]
        stamps = Path(unpacked) / "usr/share/tuxpaint/stamps"
        for name, kinds in [("Positive", ANIMALS), ("Negative", OTHERS)]:
            paths = [path for kind in kinds for path in sorted(stamps.glob(f"{kind}/**/*.png"))]
            testing = paths[::6]
            training = [path for path in paths if path not in testing]
            for split, chosen, number in [("Training", training, clips * 10 // 22), ("Testing", testing, clips // 22)]:
                write(folder / split / name, f"{split}{name}".lower(), scenes, [cut_out(path) for path in chosen], number)


def fetch(folder: Path, packages: list[str]) -> None:
    """Unpack the Debian packages into `folder`."""
    subprocess.run(["apt-get", "download", *packages], cwd=folder, check=True, capture_output=True)
    for package in folder.glob("*.deb"):
        subprocess.run(["dpkg-deb", "-x", package, folder], check=True)


def cut_out(path: Path) -> np.ndarray:
    """The picture without its empty edges, uint8 [height, width, 4], at most 299 pixels long."""
    picture = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
    if picture.ndim == 2:
        picture = cv2.cvtColor(picture, cv2.COLOR_GRAY2BGRA)
    if picture.shape[2] == 3:
        picture = cv2.cvtColor(picture, cv2.COLOR_BGR2BGRA)
    x, y, width, height = cv2.boundingRect(picture[..., 3])
    picture = picture[y : y + height, x : x + width]
    scale = SIDE / max(picture.shape[:2])
    return cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)


def write(folder: Path, seed: str, scenes: list[np.ndarray], stamps: list[np.ndarray], number: int) -> None:
    """Write `number` clips. Every twenty clips of one scene and one cut-out are a video."""
    folder.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(list(seed.encode()))
    for index in range(number):
        video, frame = divmod(index, CLIPS_OF_A_VIDEO)
        if frame == 0:
            scene, stamp, light = random.choice(len(scenes)), random.choice(len(stamps)), random.uniform(0.4, 1.2)
        clip = compose(scenes[scene], stamps[stamp], light, random)
        cv2.imwrite(str(folder / f"{seed}{video}_{frame + 1}_0.jpg"), clip, [cv2.IMWRITE_JPEG_QUALITY, 90])


def compose(scene: np.ndarray, stamp: np.ndarray, light: float, random: np.random.Generator) -> np.ndarray:
    """A patch of the scene with the cut-out somewhere in it, uint8 [299, 299, 3]."""
    side = int(random.integers(SIDE, min(scene.shape[:2])))
    top, left = (int(random.integers(0, length - side + 1)) for length in scene.shape[:2])
    patch = cv2.resize(scene[top : top + side, left : left + side], (SIDE, SIDE), interpolation=cv2.INTER_AREA).astype(np.float32)
    size = random.uniform(0.3, 0.8)
    small = cv2.resize(stamp[:, :: random.choice([-1, 1])], None, fx=size, fy=size, interpolation=cv2.INTER_AREA)
    height, width = small.shape[:2]
    y, x = int(random.integers(0, SIDE - height + 1)), int(random.integers(0, SIDE - width + 1))
    opaque = small[..., 3:].astype(np.float32) / 255
    # The cut-out takes on the colours around it, as in grass or at dusk.
    place = patch[y : y + height, x : x + width]
    toned = 0.6 * small[..., :3] + 0.4 * place.mean((0, 1))
    patch[y : y + height, x : x + width] = opaque * toned + (1 - opaque) * place
    blurred = cv2.GaussianBlur(patch, (0, 0), random.uniform(0.5, 1.5)) * light + random.normal(0, 5, patch.shape)
    return np.clip(blurred, 0, 255).astype(np.uint8)
