"""Makes films as a fixed wildlife camera sees them.

Photographs of nature are the background, cut-outs of photographed animals walk, stand and fly through it, and wind, rain,
clouds, leaves, insects, knocks, noise and compression disturb it. The visits are known. truth.csv has their properties and their
times (of the first and the last frame in which a third of the animal is visible; the first frame is at 0 s). boxes.csv has the box of the
visible part in each frame, and films.csv the properties of each film. An animal with speed 0 appears, stands and vanishes. If an animal
passes in front of another, the farther one counts as visible.

As many films show no animal, as of a camera that wind has triggered. Half of the films are in films/tune, half in apart, and half of
the blank ones in blank/tune, half in blank/apart. No photograph and no animal is in both, so settings tuned on one half are tested on
unknown films in the other. All pictures come from Debian's packages (free licences: input of this program, never committed), fetched by
apt-get.
"""

import csv
import os
import tempfile
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import av
import cv2
import generate
import numpy as np
import photographs
from film_drawing import BORDER, FRAMES, HEIGHT, MARGIN, RATE, WIDTH, Scene, Track, Wind, pictures, planes, surroundings

PACKAGES = [
    "tuxpaint-stamps-default",
    "mate-backgrounds",
    "plasma-workspace-wallpapers",
    "lomiri-wallpapers-16.04",
    "lomiri-wallpapers-20.04",
    "gcompris-qt-data",
]
LEVELS = 219 / 255  # grey levels of a film to one of a photograph
HALVES = ("tune", "apart")
FILMS = 60
SIZES = (0.003, 0.005, 0.01, 0.03, 0.1)  # share of the frame
SPEEDS = ((0.5, 2), (2, 8), (8, 30))  # pixels a frame
KINDS = (("walk", "stand", "stop_and_go", "walk"), ("walk", "stand", "stop_and_go"), ("walk", "fly", "stop_and_go", "fly"))  # by speed
FOLIAGE = {"still": 0.0, "calm": 0.5, "mild": 2.0, "strong": 8.0}  # pixels
# Properties that a film may have, and how often.
FACTS = {
    "light": ["day", "infrared", "day", "infrared", "day", "day", "infrared", "switch"],
    "foliage": list(FOLIAGE),
    "rain": [1, 0, 0, 0],
    "cloud": [0, 1, 0],
    "jump": [0, 0, 1, 0, 0],
    "knock": [0, 0, 0, 0, 1, 0],
    "clock": [0, 0, 1],
    "leaves": [0, 1],
}

# Photographs: their paths, the part to use (left, top, right, bottom), and where the ground begins, as shares. Every second one is for
# tuning; similar ones are side by side.
PLACES = [
    ("backgrounds/life_by_Aitzol_Berasategi.jpg", (0, 0, 1, 1), 0.6),
    ("wallpapers/Path/contents/images/2560x1600.jpg", (0, 0, 1, 1), 0.6),
    ("backgrounds/aitzgorri_by_Aitzol_Berasategi.jpg", (0, 0.2, 1, 1), 0.64),
    ("backgrounds/picosdeeuropa_by_Aitzol_Berasategi.jpg", (0, 0.3, 1, 1), 0.58),
    ("backgrounds/mate/nature/Dune.jpg", (0, 0.25, 1, 1), 0.65),
    ("backgrounds/mate/nature/GreenMeadow.jpg", (0, 0.2, 1, 1), 0.4),
    ("wallpapers/FallenLeaf/contents/images/2560x1600.jpg", (0, 0.1, 1, 1), 0.5),
    ("backgrounds/seeding_by_Clements_Engelhardt.jpg", (0, 0.1, 1, 1), 0.5),
    ("wallpapers/OneStandsOut/contents/images/2560x1600.jpg", (0, 0, 1, 1), 0.3),
    ("backgrounds/sunset_by_Aitzol_Berasategi.jpg", (0, 0.45, 0.62, 1), 0.64),
    ("explore_monuments-usa-canyondeChelly", (0, 0.3, 1, 1), 0.55),
    ("explore_monuments-india-ajantaCave", (0, 0.2, 1, 1), 0.65),
    ("explore_monuments-france-citedeCarcassonne", (0, 0.4, 1, 1), 0.68),
    ("explore_monuments-germany-trierImperialBaths", (0, 0.2, 1, 1), 0.74),
    ("backgrounds/mate/nature/RainDrops.jpg", (0, 0, 1, 1), 0.5),
    ("explore_monuments-wonders-greatWallofChina", (0.3, 0.4, 1, 1), 0.6),
]
# Cut-outs, by the side to which the animal looks. Every second one on each side is for tuning.
LEFT = (
    "crow crowned_crane nandou helmeted_guineafowl pigeon silver-gull turkey badger bull gnu-stand gnu-baby goat ram lion-2 wapiti "
    "donkey zebra hippopotamus pig_golden squirrel capybara marmot elephant rhino_black beaver"
)
RIGHT = (
    "blackbird chicken_profile duck guineafowl hen lark peacock rooster otter bear european-bear bison cow mountaingoat sheep "
    "sheep_lamb yak caribou deer doe dingo dog horse ferret pig rabbit mouse rat wildboar kangaroo wombat"
)
FLYING_LEFT, FLYING_RIGHT = "cuckoo xanthia", "heron_greatblue_flying seagull pelican tucan"


@dataclass
class Visit:
    """The visit of an animal, as drawn at random."""

    animal: str
    share: float
    speed: float
    kind: str
    contrast: str


@dataclass
class Plan:
    """A film, as drawn at random."""

    video: str
    seed: list[int]
    place: tuple[str, tuple[float, ...], float]
    facts: dict[str, str | int]
    visits: list[Visit]


def make(output: Path, films: int = FILMS, seed: int = 1) -> None:
    """Write the films and the tables about them to `output`; the same seed gives the same films."""
    plans = [plan for of in (draw, draw_blank) for half in range(2) for plan in of(half, (films + 1 - half) // 2, seed)]
    for plan in plans:
        (output / "films" / plan.video).parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as unpacked, ProcessPoolExecutor(os.cpu_count()) as pool:
        generate.fetch(Path(unpacked), PACKAGES)
        made = list(pool.map(film, plans, [output] * len(plans), [Path(unpacked)] * len(plans)))
    for name, header, column in [
        ("truth", "video visit begin end area speed kind light contrast foliage", 0),
        ("boxes", "video visit frame x y w h", 1),
        ("films", f"video {' '.join(FACTS)} noise crf", 2),
    ]:
        with (output / f"{name}.csv").open("w", newline="") as file:
            csv.writer(file).writerows([header.split(), *(row for rows in made for row in rows[column])])


def spread(values: list, number: int, random: np.random.Generator) -> list:
    """`number` of the values in random order, each about equally often; a value is used again only after all the others."""
    return [values[index] for _ in range(-(-number // len(values))) for index in random.permutation(len(values))][:number]


def draw(half: int, films: int, seed: int) -> list[Plan]:
    """The films of one half. Every combination of size, speed and contrast is used before one is used again."""
    random = np.random.default_rng([seed, half])
    numbers = spread([0, 3, 4, 5, 4, 5], films, random)
    strata = iter(spread(list(product(SIZES, range(len(SPEEDS)), ("normal", "low"))), sum(numbers), random))
    walking, flying = (
        iter(spread(left.split()[half::2] + right.split()[half::2], sum(numbers), random))
        for left, right in ((LEFT, RIGHT), (FLYING_LEFT, FLYING_RIGHT))
    )
    kinds = [iter(spread(list(names), sum(numbers), random)) for names in KINDS]
    places = spread(PLACES[half::2], films, random)
    facts = {name: spread(values, films, random) for name, values in FACTS.items()}
    plans = []
    for index, number in enumerate(numbers):
        visits = []
        for share, speeds, contrast in (next(strata) for _ in range(number)):
            kind = next(kinds[speeds])
            # An animal that is too slow to walk in only stands there.
            speed = 0 if kind == "stand" and speeds == 0 else float(np.exp(random.uniform(*np.log(SPEEDS[speeds]))))
            animal = next(flying if kind == "fly" else walking)
            visits.append(Visit(animal, share * random.uniform(0.85, 1.15), speed, kind, contrast))
        drawn = {name: values[index] for name, values in facts.items()}
        plans.append(Plan(f"{HALVES[half]}/film{index:03}.mp4", [seed, half, index], places[index], drawn, visits))
    return plans


def draw_blank(half: int, films: int, seed: int) -> list[Plan]:
    """The films of one half without an animal, at the same places. Foliage moves in all of them, else nothing triggers a camera."""
    random = np.random.default_rng([seed, half, 1])
    places = spread(PLACES[half::2], films, random)
    values_of = FACTS | {"foliage": [wind for wind, pixels in FOLIAGE.items() if pixels]}
    facts = {name: spread(values, films, random) for name, values in values_of.items()}
    return [
        Plan(
            f"blank/{HALVES[half]}/film{index:03}.mp4",
            [seed, half, index, 1],
            places[index],
            {name: values[index] for name, values in facts.items()},
            [],
        )
        for index in range(films)
    ]


def film(plan: Plan, output: Path, unpacked: Path) -> tuple[list, list, list]:
    """Write one film; its rows for the three tables."""
    cv2.setNumThreads(1)
    random = np.random.default_rng(plan.seed)
    background, ground = view(unpacked, plan.place, random)
    light = plan.facts["light"]
    scenes = [day(background, random)] if light in ("day", "switch") else []
    scenes += [infrared(background, ground, random)] if light in ("infrared", "switch") else []
    dark = int(random.uniform(200, 600)) if light == "switch" else FRAMES
    wind = Wind(background, FOLIAGE[plan.facts["foliage"]], random)
    tracks = arranged([visiting(visit, unpacked, scenes, ground, random) for visit in plan.visits], random)
    things = [thing(scenes, random) for _ in range(int(random.integers(8, 25)) * plan.facts["leaves"])]
    crf = int(random.integers(23, 33))
    with av.open(str(output / "films" / plan.video), "w") as out:
        stream = out.add_stream("libx264", rate=RATE, options={"preset": "veryfast", "crf": str(crf)})
        stream.width, stream.height, stream.pix_fmt, stream.thread_count = WIDTH, HEIGHT, "yuv420p", 1
        for picture in pictures(plan.facts, scenes, wind, dark, tracks, things, random):
            out.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="yuv420p")))
        out.mux(stream.encode())
    truth, boxes = [], []
    for number, (visit, track) in enumerate(zip(plan.visits, tracks, strict=True)):
        first, last = track.seen[0], track.seen[-1]
        begun = "infrared" if light == "infrared" or first >= dark else "day"
        times = [f"{first / RATE:.2f}", f"{last / RATE:.2f}", f"{visit.share:.5f}", f"{visit.speed:.2f}"]
        truth.append([plan.video, number, *times, visit.kind, begun, visit.contrast, plan.facts["foliage"]])
        boxes += [[plan.video, number, frame + 1, *box] for frame, box in track.boxes.items()]
    noise = "/".join(f"{scene.noise:.1f}" for scene in scenes)
    return truth, boxes, [[plan.video, *plan.facts.values(), noise, crf]]


def view(unpacked: Path, place: tuple[str, tuple[float, ...], float], random: np.random.Generator) -> tuple[np.ndarray, float]:
    """A part of the photograph in the size of a film and its margin, and the line in it where the ground begins."""
    name, (left, top, right, bottom), ground = place
    if name.startswith("explore"):
        photograph = dict(photographs.photographs(unpacked, ["explore_monuments"]))[name]
    else:
        photograph = cv2.imread(str(unpacked / "usr/share" / name))
    height, width = photograph.shape[:2]
    largest = min((bottom - top) * height, (right - left) * width * HEIGHT / WIDTH)
    high = max(min(largest, HEIGHT), largest * random.uniform(0.75, 1))
    # At least two fifths of the film are ground.
    y = random.uniform(min(bottom * height - high, max(top * height, ground * height - 0.6 * high)), bottom * height - high)
    x = random.uniform(left * width, right * width - high * WIDTH / HEIGHT)
    part = photograph[int(y) : int(y + high), int(x) : int(x + high * WIDTH / HEIGHT)][:, :: random.choice([-1, 1])]
    how = cv2.INTER_AREA if high > HEIGHT else cv2.INTER_CUBIC
    return cv2.resize(part, (WIDTH + 2 * MARGIN, HEIGHT + 2 * MARGIN), interpolation=how), max(0.1, (ground * height - y) / high) * HEIGHT


def day(background: np.ndarray, random: np.random.Generator) -> Scene:
    y, uv = planes(cv2.GaussianBlur(background, (0, 0), random.uniform(0.5, 1)))
    # No camera leaves the picture of a dark wood dark.
    gain = np.clip(random.uniform(80, 110) / y.mean(), 0.7, 1.6)
    y = cv2.convertScaleAbs(y, alpha=gain, beta=16 * (1 - gain))
    return Scene(y, uv, surroundings(y), random.uniform(1.5, 4), False)


def infrared(background: np.ndarray, ground: float, random: np.random.Generator) -> Scene:
    """Grey, lit by the camera: dark at the edges and in the sky."""
    y, uv = planes(cv2.GaussianBlur(background, (0, 0), random.uniform(0.8, 1.4)))
    row, column = np.mgrid[: y.shape[0], : y.shape[1]].astype(np.float32)
    lit = np.exp(-(((column - WIDTH / 2) / 700) ** 2) - ((row - 0.6 * HEIGHT) / 480) ** 2) * np.clip(1.1 - (ground - row) / HEIGHT, 0.3, 1)
    bright = random.uniform(110, 140) / np.clip(y.mean(), 60, 130) * (0.15 + 0.85 * lit)
    y = np.clip(16 + (y - 16.0) * bright, 16, 220).astype(np.uint8)
    return Scene(y, np.full_like(uv, 128), surroundings(y), random.uniform(3, 6), True)


def visiting(visit: Visit, unpacked: Path, scenes: list[Scene], ground: float, random: np.random.Generator) -> Track:
    """The way of an animal through the picture; its beginning is not fixed yet."""
    (path,) = (unpacked / "usr/share/tuxpaint/stamps/animals").glob(f"**/{visit.animal}.png")
    cut = generate.cut_out(path)
    height = np.sqrt(visit.share * WIDTH * HEIGHT * cut.shape[0] / cut.shape[1])
    width = visit.share * WIDTH * HEIGHT / height
    x, shows, gap, moving = way(visit, width, random)
    if random.random() < 0.5:
        x, gap = WIDTH - x, (WIDTH - gap[1], WIDTH - gap[0])
    if (x[-1] < x[0]) != (visit.animal in f"{LEFT} {FLYING_LEFT}".split()):
        cut = cut[:, ::-1]
    y, stretch, lean = gait(visit, height, width, ground, moving, random)
    middles = [(int(np.clip(x[n], 0, WIDTH - 1)), int(np.clip(y[n] - height / 2, 0, HEIGHT - 1))) for n in range(0, len(x), 10)]
    difference = random.uniform(12, 25)
    sprites = [sprite(cut, (round(width), round(height)), visit, scene, middles, difference) for scene in scenes]
    return Track(0, x, y, stretch, lean, sprites, visit.contrast == "low", shows, gap)


def way(visit: Visit, width: float, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray, tuple[float, float], np.ndarray]:
    """Position across the picture to the right, how much foliage shows, the gap between two covers, and whether it moves."""
    if not visit.speed:
        moving = np.zeros(int(random.uniform(75, 300)))
        return random.uniform(width / 2, WIDTH - width / 2) + moving, shown(len(moving), 6, 6), (-np.inf, np.inf), moving
    crossing = (WIDTH + width) / visit.speed
    crosses = visit.kind == "fly" or (crossing < 225 and random.random() < 0.6)
    steps = int(crossing if crosses else min(random.uniform(100, 225), 0.9 * (WIDTH - width) / visit.speed))
    pauses = {"stand": [random.uniform(75, 300)], "stop_and_go": random.uniform(20, 60, int(random.integers(1, 4)))}.get(visit.kind, [])
    moving = np.ones(steps)
    for pause in pauses:
        moving = np.insert(moving, int(random.uniform(0.4, 0.6) * steps), np.zeros(int(pause)))
    run = visit.speed * np.cumsum(moving)
    far = run[-1] / width
    enters = "edge" if crosses else random.choice(["edge", "cover"]) if far > 1.2 else "fade"
    leaves = "edge" if crosses else "cover" if far > 2.2 else "fade"
    start = -width / 2 if enters == "edge" else random.uniform(width / 2, WIDTH - width / 2 - run[-1])
    gap = (start + width / 2 if enters == "cover" else -np.inf, start + run[-1] - width / 2 if leaves == "cover" else np.inf)
    fades = [int(random.uniform(8, 25)) if mode == "fade" else 0 for mode in (enters, leaves)]
    return start + run, shown(len(moving), *fades), gap, moving


def shown(frames: int, enters: int, leaves: int) -> np.ndarray:
    """Rises from 0 to 1 in `enters` frames, and falls to 0 at the end in `leaves` frames."""
    frame = np.arange(1, frames + 1)
    return np.minimum(1, np.minimum(frame / max(enters, 1), (frames + 1 - frame) / max(leaves, 1)))


def gait(visit: Visit, height: float, width: float, ground: float, moving: np.ndarray, random: np.random.Generator) -> list[np.ndarray]:
    """Vertical position of the foot, and how the animal is stretched and tilted: with its steps, or with its breath when it stands."""
    frame = np.arange(len(moving))
    if visit.kind == "fly":
        middle = random.uniform(0.15, 0.6) * HEIGHT + random.uniform(20, 70) * np.sin(frame / random.uniform(8, 20))
        beat = frame * random.uniform(0.8, 1.6) + random.uniform(0, 6)
        y = np.maximum(1.1 * height, middle + height / 2 + 0.12 * height * np.sin(beat))
        return [y, 1 + 0.12 * np.cos(beat), 0.06 * np.sin(beat / 2)]
    # Large animals are near, so low in the picture.
    near = np.interp(np.log(visit.share), np.log([SIZES[0], SIZES[-1]]), [0.05, 0.6])
    ends = [np.clip(ground + (HEIGHT - ground) * (near + random.uniform(0, 0.35)), 1.1 * height, HEIGHT - 4) for _ in range(2)]
    progress = np.cumsum(moving) / max(1, moving.sum())
    beat = np.cumsum(moving) * min(1.0, 2 * np.pi * visit.speed / (0.6 * width))
    breath = 0.006 * np.sin(frame / random.uniform(6, 12))
    y = ends[0] + (ends[1] - ends[0]) * progress * 0.5 - 0.025 * height * np.abs(np.sin(beat)) * moving
    return [y, 1 + breath + 0.025 * np.sin(2 * beat), 2 * breath + 0.05 * np.sin(beat)]


def sprite(cut: np.ndarray, size: tuple[int, int], visit: Visit, scene: Scene, middles: list[tuple[int, int]], low: float) -> np.ndarray:
    """The cut-out as it looks in the scene: brightness, two colours, opacity."""
    size = (size[0] + size[0] % 2, size[1] + size[1] % 2)
    picture = cv2.resize(cut, size, interpolation=cv2.INTER_AREA)
    y, uv = planes(picture[..., :3].copy())
    inside = picture[..., 3] > 127
    mean, there = y[inside].mean(), np.mean([scene.around[row + MARGIN, column + MARGIN] for column, row in middles])
    colours = np.mean([scene.uv[(row + MARGIN) // 2, (column + MARGIN) // 2] for column, row in middles], 0)
    side = 1 if mean > there else -1
    if visit.contrast == "low":
        y = 128 + side * low * LEVELS + 0.5 * (y - mean)
    else:
        # As bright as in its photograph, but not by chance like the surroundings, and not brighter or darker than the light allows.
        side = -1 if there > 180 else 1 if there < 50 else side
        y = there + side * np.clip(abs(mean - there), 35, 80) + 0.8 * (y - mean)
    strength = 0.45 if visit.contrast == "low" else 0.75
    uv = cv2.resize(strength * uv + (1 - strength) * colours, size) if not scene.grey else np.full((*y.shape, 2), 128.0)
    animal = np.dstack([y, uv, picture[..., 3]])
    colour = animal[inside, :3].mean(0)
    animal[picture[..., 3] < 32, :3] = colour  # otherwise the soft edge would have no colour
    trail = max(1, int(0.3 * visit.speed))
    side = BORDER + trail
    animal = cv2.copyMakeBorder(animal, BORDER, BORDER, side, side, cv2.BORDER_CONSTANT, value=[*colour, 0])
    return np.clip(cv2.GaussianBlur(cv2.blur(animal, (trail, 1)), (0, 0), 0.8), 0, 255).astype(np.uint8)


def arranged(tracks: list[Track], random: np.random.Generator) -> list[Track]:
    """The visits, at times when at most two animals are there at once; in half of the films, only one."""
    most = random.integers(1, 3)
    best, least = [], np.inf
    for _ in range(300):
        begins = [int(random.integers(RATE, FRAMES - len(track.x))) for track in tracks]
        present = np.zeros(FRAMES)
        for track, begin in zip(tracks, begins, strict=True):
            present[begin : begin + len(track.x)] += 1
        crowd = np.maximum(0, present - most).sum()
        if crowd < least:
            best, least = begins, crowd
    for track, begin in zip(tracks, best, strict=True):
        track.begin = begin
    return tracks


def thing(scenes: list[Scene], random: np.random.Generator) -> Track:
    """A falling leaf, or an insect near the lens: not a visit."""
    leaf = random.random() < 0.6
    length = int(random.uniform(5, 14) if leaf else random.uniform(8, 30))
    frame = np.arange(int(HEIGHT / random.uniform(5, 14) if leaf else random.uniform(10, 50)))
    patch = np.zeros((2 * length, 2 * length, 4), np.float32)
    patch[..., :3] = [random.uniform(50, 200), 115, 140]
    cv2.ellipse(patch, (length, length), (length // 2, length // 4), random.uniform(0, 180), 0, 360, (*patch[0, 0, :3].tolist(), 230), -1)
    patch = cv2.GaussianBlur(patch, (0, 0), 0.8 if leaf else length / 6)
    sprites = [(patch * [1, 0, 0, 1] + [0, 128, 128, 0] if scene.grey else patch).astype(np.uint8) for scene in scenes]
    swing = random.uniform(10, 60) * np.sin(frame / random.uniform(4, 12))
    if leaf:
        x, y = random.uniform(0, WIDTH) + random.uniform(-3, 3) * frame + swing, HEIGHT / len(frame) * frame
    else:
        x = random.uniform(0, WIDTH) + random.uniform(-25, 25) * frame
        y = random.uniform(0, HEIGHT) + random.uniform(-15, 15) * frame + swing
    begin = int(random.integers(0, FRAMES - len(frame)))
    return Track(begin, x, y, 1 + 0.6 * np.sin(frame / 3), 0.5 * np.sin(frame / 5), sprites)
