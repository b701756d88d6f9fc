"""Makes stills as fixed wildlife cameras take them.

Each camera takes three pictures, a second apart, whenever something sets it off: an animal, or only wind. The scenes, the animals and the
weather are those of camera_films.py. From one trigger to the next the light changes: the sun wanders, and so do the shadows; at night the
camera uses infrared. stills/tune and stills/apart have a folder for each camera; no photograph and no animal is in both.
triggers.csv says whether each trigger has an animal (a third of it is visible in at least one picture), and boxes.csv where it is.
"""

import csv
import os
import tempfile
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import cv2
import generate
import numpy as np
from camera_films import (
    FLYING_LEFT,
    FLYING_RIGHT,
    FOLIAGE,
    HALVES,
    KINDS,
    LEFT,
    PACKAGES,
    PLACES,
    RIGHT,
    SIZES,
    SPEEDS,
    Visit,
    day,
    infrared,
    spread,
    thing,
    view,
    visiting,
)
from film_drawing import FRAMES, RATE, Scene, Wind, pictures, smooth
from PIL import Image

CAMERAS, TRIGGERS = 6, 40
PICTURES = 3
BLANK = 0.6  # of the triggers
BEGIN = datetime(2024, 5, 17, 6)
MINUTES = (2, 120)  # from one trigger to the next
DAWN, DUSK = 5, 20
# EXIF tags (CIPA DC-008): date and time, its fractions, make and model; and the number of the directory that has the first two.
TAKEN, FRACTION, MAKE, MODEL, EXIF = 36867, 37521, 271, 272, 34665


@dataclass
class Camera:
    """A camera, as drawn at random: its half, its number and the photograph before which it stands."""

    half: int
    number: int
    place: tuple[str, tuple[float, ...], float]
    seed: int
    triggers: int

    @property
    def name(self) -> str:
        return f"{HALVES[self.half]}/camera{self.number}"


def make(output: Path, cameras: int = CAMERAS, triggers: int = TRIGGERS, seed: int = 1) -> None:
    """Write the stills and the tables about them to `output`; the same seed gives the same stills."""
    drawn = [
        Camera(half, number, place, seed, triggers)
        for half in range(2)
        for number, place in enumerate(spread(PLACES[half::2], cameras, np.random.default_rng([seed, half])))
    ]
    with tempfile.TemporaryDirectory() as unpacked, ProcessPoolExecutor(os.cpu_count()) as pool:
        generate.fetch(Path(unpacked), PACKAGES)
        made = list(pool.map(take, drawn, [output] * len(drawn), [Path(unpacked)] * len(drawn)))
    for name, header, column in [
        ("triggers", "first trigger taken light foliage animals area kind contrast", 0),
        ("boxes", "picture animal x y w h", 1),
    ]:
        with (output / f"{name}.csv").open("w", newline="") as file:
            csv.writer(file).writerows([header.split(), *(row for rows in made for row in rows[column])])


def take(camera: Camera, output: Path, unpacked: Path) -> tuple[list, list]:
    """Write the stills of a camera; its rows for the two tables."""
    cv2.setNumThreads(1)
    random = np.random.default_rng([camera.seed, camera.half, camera.number])
    background, ground = view(unpacked, camera.place, random)
    scenes = {"day": day(background, random), "infrared": infrared(background, ground, random)}
    folder = output / "stills" / camera.name / "DCIM" / "100TRAIL"
    folder.mkdir(parents=True)
    clock = int(random.random() < 0.5)
    animals = iter(_animals(camera, random))
    taken, triggers, boxes = BEGIN, [], []
    for number in range(camera.triggers):
        taken += timedelta(minutes=random.uniform(*MINUTES), milliseconds=int(random.integers(1000)))
        light = "day" if DAWN <= taken.hour < DUSK else "infrared"
        scene = _later(scenes[light], light, random)
        is_blank = random.random() < BLANK
        foliage = str(random.choice(["mild", "strong"] if is_blank else list(FOLIAGE)))
        first = int(random.integers(50, FRAMES - PICTURES * RATE))
        visits = [] if is_blank else [next(animals) for _ in range(int(random.choice([1, 1, 1, 2])))]
        tracks = [visiting(visit, unpacked, [scene], ground, random) for visit in visits]
        for track in tracks:
            track.begin = first + RATE - int(random.uniform(0.1, 0.9) * len(track.x))
        things = [thing([scene], random) for _ in range(int(random.integers(8, 25)))] if random.random() < 0.3 else []
        facts = {"rain": int(random.random() < 0.1), "cloud": 0, "jump": 0, "knock": 0, "clock": clock}
        frames = [first + RATE * place for place in range(PICTURES)]
        shots = pictures(facts, [scene], Wind(background, FOLIAGE[foliage], random), FRAMES, tracks, things, random, frames)
        names = []
        for place, planes in enumerate(shots):
            path = folder / f"IMG_{PICTURES * number + place + 1:04}.JPG"
            names.append(path.relative_to(output / "stills").as_posix())
            exposed = np.clip(cv2.cvtColor(planes, cv2.COLOR_YUV2RGB_I420) * random.uniform(0.97, 1.03), 0, 255).astype(np.uint8)
            write(path, exposed, taken + timedelta(seconds=place), number)
        seen = [track for track in tracks if track.seen]
        facts_of = [visit for visit, track in zip(visits, tracks, strict=True) if track.seen]
        largest = max(facts_of, key=lambda visit: visit.share, default=None)
        told = [f"{largest.share:.5f}", largest.kind, largest.contrast] if largest else ["", "", ""]
        triggers.append([names[0], f"{camera.name}/{number}", taken.isoformat(), light, foliage, len(seen), *told])
        for animal, track in enumerate(tracks):
            boxes += [[names[frames.index(frame)], animal, *box] for frame, box in track.boxes.items() if frame in track.seen]
    return triggers, boxes


def _animals(camera: Camera, random: np.random.Generator) -> list[Visit]:
    """More animals than a camera can meet. The cameras of a half share its animals; sizes and speeds are spread evenly."""
    number = 2 * camera.triggers
    walking, flying = (
        spread(left.split()[camera.half :: 2] + right.split()[camera.half :: 2], number, random)
        for left, right in ((LEFT, RIGHT), (FLYING_LEFT, FLYING_RIGHT))
    )
    found = []
    for place, share in enumerate(spread(list(SIZES), number, random)):
        speeds = int(random.integers(len(SPEEDS)))
        kind = str(random.choice(KINDS[speeds]))
        speed = 0 if kind == "stand" and speeds == 0 else float(np.exp(random.uniform(*np.log(SPEEDS[speeds]))))
        animal = (flying if kind == "fly" else walking)[place]
        found.append(Visit(animal, share * random.uniform(0.85, 1.15), speed, kind, str(random.choice(["normal", "low"]))))
    return found


def _later(scene: Scene, light: str, random: np.random.Generator) -> Scene:
    """The scene in the light of another hour: brighter or darker, with the sun elsewhere, and often with shadows that have edges."""
    shape = scene.y.shape
    gain = random.uniform(0.75, 1.2) * (1 + random.uniform(0, 0.15) * smooth(shape, 120, random))
    if light == "day" and random.random() < 0.5:
        shadow = cv2.GaussianBlur((smooth(shape, float(random.uniform(15, 50)), random) > 0.6).astype(np.float32), (0, 0), 3)
        gain = gain * (1 - random.uniform(0.1, 0.35) * shadow)
    return replace(scene, y=np.clip(16 + (scene.y - 16.0) * gain, 16, 235).astype(np.uint8))


def write(path: Path, picture: np.ndarray, taken: datetime, number: int) -> None:
    """Write a picture, uint8 [height, width, 3] in RGB order, with the time at which it was taken."""
    exif = Image.Exif()
    exif[MAKE], exif[MODEL] = "Benchmark", "Trail"
    exif.get_ifd(EXIF).update({TAKEN: f"{taken:%Y:%m:%d %H:%M:%S}", FRACTION: f"{taken.microsecond // 1000:03}"})
    Image.fromarray(picture).save(path, quality=int(80 + number % 12), exif=exif)
