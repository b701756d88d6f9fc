"""Draws the frames of camera_films.py: background, animals, and disturbances."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import cv2
import numpy as np

WIDTH, HEIGHT, RATE, FRAMES = 1280, 720, 25, 750
MARGIN = 24  # pixels around the picture, which a knock may bring into view
BORDER = 4  # pixels around a sprite, for its soft edge
CELL = 8  # pixels between the points for which wind is calculated


@dataclass
class Scene:
    """The background in one light, with its margin: brightness, colours at half the size, and the brightness of the surroundings."""

    y: np.ndarray
    uv: np.ndarray
    around: np.ndarray
    noise: float
    grey: bool


@dataclass
class Track:
    """Where a thing is, from frame `begin` on: its foot in the picture, and how it is stretched and tilted there.

    Each scene has its sprite: brightness, two colours and opacity. `adds` is true if its brightness is a difference (from 128) to the
    surroundings. `open` is how much of it foliage leaves visible; `gap` are the left and right edges behind which it hides.
    """

    begin: int
    x: np.ndarray
    y: np.ndarray
    stretch: np.ndarray
    lean: np.ndarray
    sprites: list[np.ndarray]
    adds: bool = False
    open: np.ndarray | None = None
    gap: tuple[float, float] = (-np.inf, np.inf)
    boxes: dict[int, tuple[int, int, int, int]] = field(default_factory=dict)
    seen: list[int] = field(default_factory=list)


def planes(picture: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Brightness and, at half the size, the two colours of a picture with even sides."""
    height, width = picture.shape[:2]
    together = cv2.cvtColor(picture, cv2.COLOR_BGR2YUV_I420)
    return together[:height], together[height:].reshape(2, height // 2, width // 2).transpose(1, 2, 0).copy()


def surroundings(y: np.ndarray) -> np.ndarray:
    """The brightness around each pixel."""
    return cv2.resize(cv2.GaussianBlur(cv2.resize(y, None, fx=1 / 16, fy=1 / 16, interpolation=cv2.INTER_AREA), (0, 0), 3), y.shape[::-1])


def pictures(
    facts: Mapping[str, str | int],
    scenes: list[Scene],
    wind: "Wind",
    dark: int,
    tracks: list[Track],
    things: list[Track],
    random: np.random.Generator,
    frames: Iterable[int] = range(FRAMES),
) -> Iterator[np.ndarray]:
    """These frames, each with all planes below each other. Notes in the tracks how much of each visit is visible."""
    pools, drops = [grain(scene.noise, random) for scene in scenes], streaks(random)
    gains, shifts, shade = gain(facts, random), knocks(facts, random), cloud(random)
    dapple = np.clip(128 + 55 * smooth(scenes[0].y.shape, 5, random), 0, 255)
    corner = (int(random.choice([20, 900])), int(random.choice([40, HEIGHT - 20])))
    start = int(random.integers(0, 86_000))
    order = sorted(tracks, key=lambda track: track.y[-1])  # the nearest one last
    for frame in frames:
        index = int(frame >= dark)
        picture = np.empty((HEIGHT * 3 // 2, WIDTH), np.uint8)
        y, colours = picture[:HEIGHT], picture[HEIGHT:].reshape(2, HEIGHT // 2, WIDTH // 2)
        wind.blow(scenes[index], frame, shifts[frame], y, colours)
        for track in order + things:
            if 0 <= frame - track.begin < len(track.x):
                show(track, frame, index, scenes[index], shifts[frame], dapple, [y, *colours])
        if facts["rain"]:
            cv2.add(y, piece(drops, y.shape, random), dst=y)
        if facts["cloud"]:
            cv2.multiply(y, shade(frame), dst=y, dtype=cv2.CV_8U)
        # When a camera switches its light, it is blinded at first.
        bright = gains[frame] * (1 + 2 * max(0, 1 - (frame - dark) / 8) * index)
        cv2.convertScaleAbs(y, dst=y, alpha=bright, beta=16 * (1 - bright))
        for plane, pool in zip([y] if scenes[index].grey else [y, *colours], (1, 0, 0), strict=False):
            for change, noise in zip((cv2.add, cv2.subtract), pools[index][pool], strict=True):
                change(plane, piece(noise, plane.shape, random), dst=plane)
        if facts["clock"]:
            write_clock(y, start + frame // RATE, corner)
        yield picture


def write_clock(y: np.ndarray, second: int, corner: tuple[int, int]) -> None:
    text = f"2024-05-17 {second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}"
    for grey, thick in ((16, 5), (235, 2)):
        cv2.putText(y, text, corner, cv2.FONT_HERSHEY_SIMPLEX, 0.9, grey, thick, cv2.LINE_AA)


def knocks(facts: Mapping[str, str | int], random: np.random.Generator) -> np.ndarray:
    """How far the camera has been turned in each frame, in pixels (even, because colours have half the size)."""
    shifts = np.zeros((FRAMES, 2), int)
    for _ in range(facts["knock"]):
        when = int(random.integers(100, 700))
        shifts[when:] = 2 * random.integers(-8, 9, 2)
        shifts[when : when + 8] += 2 * random.integers(-3, 4, (8, 2))
    return shifts


class Wind:
    """Moves textured areas in a part of the picture in gusts, above all green ones."""

    def __init__(self, background: np.ndarray, strength: float, random: np.random.Generator) -> None:
        rows, columns = HEIGHT // CELL + 2, WIDTH // CELL + 2
        part, uv = planes(background[MARGIN - CELL : HEIGHT + MARGIN + CELL, MARGIN - CELL : WIDTH + MARGIN + CELL])
        texture = cv2.resize(
            cv2.absdiff(part, cv2.GaussianBlur(part, (0, 0), 3)).astype(np.float32), (columns, rows), interpolation=cv2.INTER_AREA
        )
        green = np.clip(0.3 + (256 - cv2.resize(uv, (columns, rows), interpolation=cv2.INTER_AREA).sum(2, dtype=np.float32)) / 20, 0.2, 1)
        somewhere = np.clip(0.7 + smooth((rows, columns), 12, random), 0, 1)
        leafy = np.clip((cv2.GaussianBlur(texture, (0, 0), 2) - 1) / 3, 0, 1) * green * somewhere
        self.strength = strength * cv2.GaussianBlur(leafy, (0, 0), 1.5)
        self.phases = [6 * smooth((rows, columns), size, random) for size in (4, 8, 4)]
        self.speeds = random.uniform([0.08, 0.15, 0.1], [0.15, 0.35, 0.2])
        self.gusts = np.clip(0.5 + 0.4 * smooth((FRAMES, 1), 25, random)[:, 0], 0.05, 1.2)
        self.grid = np.mgrid[:rows, :columns][::-1].astype(np.float32) * CELL - (CELL + 1) / 2

    def blow(self, scene: Scene, frame: int, shift: np.ndarray, y: np.ndarray, colours: np.ndarray) -> None:
        """Draw the background of a frame, also moved by the shift of a knock."""
        x0, y0 = shift + MARGIN
        if not self.strength.any():
            y[:] = scene.y[y0 : y0 + HEIGHT, x0 : x0 + WIDTH]
            uv = scene.uv[y0 // 2 :, x0 // 2 :][: HEIGHT // 2, : WIDTH // 2]
        else:
            waves = [np.sin(speed * frame + phase) for speed, phase in zip(self.speeds, self.phases, strict=True)]
            moved = self.strength * self.gusts[frame]
            across = self.grid[0] + x0 + moved * (0.6 + 0.6 * waves[0] + 0.4 * waves[1])
            down = self.grid[1] + y0 + moved * 0.4 * waves[2]
            places = np.dstack([across, down]).astype(np.float32)
            cv2.remap(scene.y, enlarged(places, CELL), None, cv2.INTER_LINEAR, dst=y)
            uv = cv2.remap(scene.uv, enlarged(places / 2 - 0.25, CELL // 2), None, cv2.INTER_LINEAR)
        colours[:] = cv2.split(uv)


def smooth(shape: tuple[int, int], size: float, random: np.random.Generator) -> np.ndarray:
    """Random numbers around 0, with the spread of independent ones, but similar within `size`."""
    field = cv2.GaussianBlur(random.normal(0, 1, shape).astype(np.float32), (0, 0), size)
    return field / field.std()


def enlarged(places: np.ndarray, times: int) -> np.ndarray:
    """A place for each pixel, from one for each cell and those around the picture."""
    size = (places.shape[1] * times, places.shape[0] * times)
    return cv2.resize(places, size, interpolation=cv2.INTER_LINEAR)[times:-times, times:-times]


def show(track: Track, frame: int, index: int, scene: Scene, shift: np.ndarray, dapple: np.ndarray, onto: list[np.ndarray]) -> None:
    """Draw the thing in this frame; if it is a visit, note how much of it is visible."""
    n, image = frame - track.begin, track.sprites[index]
    x, y, stretch, lean = track.x[n] - shift[0], track.y[n] - shift[1], track.stretch[n], track.lean[n]
    high, wide = image.shape[:2]
    reach = wide / 2 + abs(lean) * high + 2
    left, right = (int(np.clip(side, 0, WIDTH)) // 2 * 2 for side in (x - reach, x + reach + 2))
    top, bottom = (int(np.clip(side, 0, HEIGHT)) // 2 * 2 for side in (y - high * stretch - 2, y + BORDER + 4))
    if right <= left or bottom <= top:
        return
    foot = high - BORDER
    matrix = np.float32([[1, -lean, x - wide / 2 + lean * foot - left], [0, stretch, y - stretch * foot - top]])
    patch = cv2.warpAffine(image, matrix, (right - left, bottom - top), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    bright, u, v, opaque = cv2.split(patch)
    if track.open is not None:
        opaque = uncovered(track, n, opaque, (left + shift[0], top + shift[1]), dapple)
        box = cv2.boundingRect((opaque > 64).astype(np.uint8))
        if box[2]:
            track.boxes[frame] = (left + box[0], top + box[1], box[2], box[3])
        if np.count_nonzero(opaque > 64) > np.count_nonzero(image[..., 3] > 64) / 3:
            track.seen.append(frame)
    if track.adds:
        around = scene.around[top + MARGIN + shift[1] : bottom + MARGIN + shift[1], left + MARGIN + shift[0] : right + MARGIN + shift[0]]
        bright = cv2.addWeighted(around, 1, bright, 1, -128)
    half = ((right - left) // 2, (bottom - top) // 2)
    small = cv2.resize(opaque, half, interpolation=cv2.INTER_AREA)
    blend(onto[0][top:bottom, left:right], bright, opaque)
    for plane, colour in zip(onto[1:], (u, v), strict=True):
        blend(plane[top // 2 : bottom // 2, left // 2 : right // 2], cv2.resize(colour, half, interpolation=cv2.INTER_AREA), small)


def uncovered(track: Track, n: int, opaque: np.ndarray, corner: tuple[int, int], dapple: np.ndarray) -> np.ndarray:
    """The opacity of the part of the animal that foliage and covers leave visible. Both have uneven edges and do not move in the scene."""
    (left, top), (height, width) = corner, opaque.shape
    leaves = dapple[top + MARGIN : top + MARGIN + height, left + MARGIN : left + MARGIN + width]
    if track.open[n] < 1:
        opaque = cv2.multiply(opaque, np.clip((track.open[n] * 320 - leaves) * 5, 0, 255).astype(np.uint8), scale=1 / 255)
    if track.gap[0] > left - 40 or track.gap[1] < left + width + 40:
        column = np.arange(left, left + width)
        inside = np.minimum(column - track.gap[0], track.gap[1] - column) - leaves / 10
        opaque = cv2.multiply(opaque, np.clip(inside * 60, 0, 255).astype(np.uint8), scale=1 / 255)
    return opaque


def blend(plane: np.ndarray, colour: np.ndarray, opaque: np.ndarray) -> None:
    plane[:] = cv2.add(cv2.multiply(plane, cv2.bitwise_not(opaque), scale=1 / 255), cv2.multiply(colour, opaque, scale=1 / 255))


def grain(strength: float, random: np.random.Generator) -> list[tuple[np.ndarray, np.ndarray]]:
    """Noise to add and noise to subtract, of colours and of brightness, larger than the picture so that pieces can be cut from it."""
    pools = []
    for factor in (0.5, 1):
        noise = strength * factor * smooth((HEIGHT + 400, WIDTH + 400), 0.6, random)
        pools.append((np.maximum(noise + 0.5, 0).astype(np.uint8), np.maximum(0.5 - noise, 0).astype(np.uint8)))
    return pools


def piece(pool: np.ndarray, shape: tuple[int, ...], random: np.random.Generator) -> np.ndarray:
    """A piece from a random place in the pool."""
    top, left = (int(random.integers(0, length - side)) for length, side in zip(pool.shape, shape, strict=True))
    return pool[top : top + shape[0], left : left + shape[1]]


def streaks(random: np.random.Generator) -> np.ndarray:
    """Rain, larger than the picture so that pieces can be cut from it."""
    pool = np.zeros((2 * HEIGHT, 2 * WIDTH), np.uint8)
    slant = random.uniform(-0.3, 0.3)
    for _ in range(int(random.uniform(600, 2500))):
        x, y, length = int(random.uniform(0, pool.shape[1])), int(random.uniform(0, pool.shape[0])), random.uniform(15, 60)
        cv2.line(pool, (x, y), (int(x + slant * length), int(y + length)), random.uniform(15, 50), int(random.integers(1, 3)), cv2.LINE_AA)
    return pool


def gain(facts: Mapping[str, str | int], random: np.random.Generator) -> np.ndarray:
    """Brightness of each frame: clouds over the whole sky, and jumps after which the camera finds its exposure again."""
    frame = np.arange(FRAMES)
    gains = np.ones(FRAMES)
    for _ in range(facts["cloud"] * int(random.integers(1, 4))):
        middle, half, rise = random.uniform(50, 700), random.uniform(25, 100), random.uniform(4, 17)
        gains -= random.uniform(0.1, 0.3) / (1 + np.exp((np.abs(frame - middle) - half) / rise))
    for _ in range(facts["jump"] * int(random.integers(1, 4))):
        when = random.integers(50, 700)
        gains[when:] *= 1 + random.choice([-0.3, 0.4]) * np.exp(-(frame[when:] - when) / random.uniform(10, 200))
    return gains


def cloud(random: np.random.Generator) -> Callable[[int], np.ndarray]:
    """A function that gives the brightness of each pixel of a frame under a shadow that crosses the picture."""
    row, column = np.mgrid[: HEIGHT // 40, : WIDTH // 40].astype(np.float32)
    along = column + random.uniform(-0.5, 0.5) * row
    speed, begin, depth = random.uniform(0.3, 1) * random.choice([-1, 1]), random.uniform(100, 600), random.uniform(0.2, 0.45)

    def shade(frame: int) -> np.ndarray:
        distance = np.abs(along - 16 - speed * (frame - begin)) - 12
        return cv2.resize((1 - depth / (1 + np.exp(np.clip(distance / 2, -50, 50)))).astype(np.float32), (WIDTH, HEIGHT))

    return shade
