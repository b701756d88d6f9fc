"""Makes clips of the sample video for the benchmarks: python benchmarks/frames.py FOLDER

A positive is cut around the animal, a negative elsewhere in the same frames: half of them in the swaying foliage, half
anywhere but where the animal is. Each second of the video is a folder of its own; Testing is its last third.
"""

import argparse
import csv
import json
from pathlib import Path

import av
import cv2
import numpy as np
from machine import ROOT

VIDEO = ROOT / "samples/videos/meadow"
CLIPS_OF_A_FRAME = 2  # of each class
TRAINING = 2 / 3


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="where Training and Testing are made")
    make(parser.parse_args().folder)


def make(folder: Path) -> None:
    """Write the clips to `folder`; the same ones each time."""
    with VIDEO.with_suffix(".csv").open(newline="") as file:
        animals = {int(row["frame"]): [int(row[name]) for name in "xywh"] for row in csv.DictReader(file)}
    foliage = json.loads(Path(f"{VIDEO}_regions.json").read_text())["foliage"]
    random = np.random.default_rng(1)
    last = max(animals)
    with av.open(str(VIDEO.with_suffix(".mp4"))) as film:
        for number, frame in enumerate(film.decode(video=0), 1):
            if number not in animals:
                continue
            picture = frame.to_ndarray(format="bgr24")
            second, split = number // 25, "Training" if number < min(animals) + TRAINING * (last - min(animals)) else "Testing"
            for turn in range(CLIPS_OF_A_FRAME):
                for name, box in [
                    ("Positive", around(animals[number], random)),
                    ("Negative", elsewhere(animals[number], foliage if turn else [0, 0, 1, 1], picture.shape, random)),
                ]:
                    clip = cut(picture, box)
                    place = folder / split / name / f"second{second}"
                    place.mkdir(parents=True, exist_ok=True)
                    cv2.imwrite(str(place / f"second{second}_{number}_{turn}.jpg"), clip, [cv2.IMWRITE_JPEG_QUALITY, 80])


def around(animal: list[int], random: np.random.Generator) -> list[float]:
    """A box (left, top, width, height) that holds most of the animal."""
    x, y, width, height = animal
    size = random.uniform(0.9, 1.6)
    left, top = (start + side / 2 - size * side / 2 + random.uniform(-0.2, 0.2) * side for start, side in [(x, width), (y, height)])
    return [left, top, size * width, size * height]


def elsewhere(animal: list[int], place: list[float], shape: tuple[int, ...], random: np.random.Generator) -> list[float]:
    """A box of about the animal's size within a place (shares of the frame) that does not touch the animal."""
    x, y, width, height = animal
    left, top, wide, high = place[0] * shape[1], place[1] * shape[0], place[2] * shape[1], place[3] * shape[0]
    while True:
        size = random.uniform(0.7, 1.3)
        w, h = min(size * width, wide), min(size * height, high)
        box = [left + random.uniform(0, wide - w), top + random.uniform(0, high - h), w, h]
        if box[0] + w < x or x + width < box[0] or box[1] + h < y or y + height < box[1] or place[0] > 0:
            return box


def cut(picture: np.ndarray, box: list[float]) -> np.ndarray:
    left, top, width, height = box
    bottom, right = min(picture.shape[0], int(top + height)), min(picture.shape[1], int(left + width))
    return picture[max(0, int(top)) : bottom, max(0, int(left)) : right]


if __name__ == "__main__":
    main()
