"""Makes clips of photographs for the benchmarks.

A positive is a part of a photograph of an animal. A negative is a part of a photograph of a building, a tool or a windmill. All have the
same random light and blur. The photographs, about 240, come from Debian's package gcompris-qt-data (its README files name their authors and
licences: input of this program, never committed), fetched by apt-get. Each has its own folder, as a camera would have. Testing has other
photographs than Training.
"""

import struct
import tempfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import cv2
import generate
import numpy as np

PACKAGES = ["gcompris-qt-data"]
ANIMALS = ["erase", "categorization/resource/images/fishes", "explore_world_animals", "explore_farm_animals"]
OTHERS = ["explore_monuments", *(f"categorization/resource/images/{kind}" for kind in ("tools", "renewable", "monuments", "others"))]
CLIPS_OF_A_PHOTOGRAPH = 20
# One photograph in this many is for Testing.
TESTING = 4


def make(folder: Path) -> None:
    """Write twenty clips of each photograph to `folder`, the same ones each time."""
    with tempfile.TemporaryDirectory() as unpacked:
        generate.fetch(Path(unpacked), PACKAGES)
        for name, kinds in [("Positive", ANIMALS), ("Negative", OTHERS)]:
            for index, (title, photograph) in enumerate(photographs(Path(unpacked), kinds)):
                split = "Training" if index % TESTING else "Testing"
                write(folder / split / name / title, photograph)


def photographs(unpacked: Path, kinds: list[str]) -> Iterator[tuple[str, np.ndarray]]:
    """Name and picture, uint8 [height, width, 3], of all photographs of these kinds."""
    for kind in kinds:
        activity = kind.split("/")[0]
        (path,) = unpacked.glob(f"**/rcc/{activity}.rcc")
        for name, data in sorted(resources(path.read_bytes())):
            if f"/{kind}/" in name and name.endswith(".webp"):
                picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
                if picture is not None and min(picture.shape[:2]) >= 100:
                    yield f"{activity}-{Path(name).parent.name}-{Path(name).stem}", picture


def resources(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Path and content of each file in Qt's resource format (`rcc --binary`): a tree of nodes, names and data."""
    magic, version, tree, contents, names = struct.unpack(">4s4I", data[:20])
    if magic != b"qres":
        raise ValueError("no Qt resource file")
    node = 14 if version < 2 else 22  # the later format adds the time of each file

    def walk(index: int, folder: str) -> Iterator[tuple[str, bytes]]:
        place = tree + index * node
        name_place, flags = struct.unpack(">IH", data[place : place + 6])
        (length,) = struct.unpack(">H", data[names + name_place : names + name_place + 2])
        text = data[names + name_place + 6 : names + name_place + 6 + 2 * length].decode("utf-16-be")
        path = f"{folder}/{text}" if index else folder
        if flags & 2:  # a folder
            children, first = struct.unpack(">II", data[place + 6 : place + 14])
            for child in range(first, first + children):
                yield from walk(child, path)
        else:
            (start,) = struct.unpack(">I", data[place + 10 : place + 14])
            (size,) = struct.unpack(">I", data[contents + start : contents + start + 4])
            content = data[contents + start + 4 : contents + start + 4 + size]
            yield path, zlib.decompress(content[4:]) if flags & 1 else content

    yield from walk(0, "")


def write(folder: Path, photograph: np.ndarray) -> None:
    """Write parts of the photograph as clips of one video."""
    folder.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(list(folder.name.encode()))
    for frame in range(CLIPS_OF_A_PHOTOGRAPH):
        height, width = photograph.shape[:2]
        side = int(min(height, width) * random.uniform(0.6, 1))
        top, left = int(random.integers(0, height - side + 1)), int(random.integers(0, width - side + 1))
        clip = photograph[top : top + side, left : left + side]
        # First made to look far away, as most animals are, then like any clip.
        pixels = int(random.integers(48, 160))
        clip = cv2.resize(clip, (pixels, pixels), interpolation=cv2.INTER_AREA).astype(np.float32)
        clip = cv2.GaussianBlur(clip, (0, 0), random.uniform(0.5, 1.5)) * random.uniform(0.4, 1.2) + random.normal(0, 8, clip.shape)
        if random.random() < 0.3:  # at night, in infrared
            clip = np.repeat(clip.mean(axis=2, keepdims=True), 3, axis=2)
        clip = np.clip(clip, 0, 255).astype(np.uint8)
        cv2.imwrite(str(folder / f"{folder.name}_{frame + 1}_0.jpg"), clip, [cv2.IMWRITE_JPEG_QUALITY, 60])
