"""Makes stills for the tests, as a camera writes them."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import av
import cv2
import numpy as np
from PIL import Image

TAKEN, FRACTION, ZONE, MODEL, EXIF = 36867, 37521, 36881, 272, 34665


def write(path: Path, picture: np.ndarray, taken: datetime | None = None, fraction: str = "", zone: str = "", model: str = "Trail") -> None:
    """Write a still, uint8 [height, width, 3] in BGR order, with the time at which it was taken."""
    exif = Image.Exif()
    if taken:
        exif[MODEL] = model
        tags = {TAKEN: f"{taken:%Y:%m:%d %H:%M:%S}", FRACTION: fraction, ZONE: zone}
        exif.get_ifd(EXIF).update({tag: value for tag, value in tags.items() if value})
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(picture[..., ::-1]).save(path, quality=92, exif=exif)


def of_film(film: Path, seconds: Iterable[float]) -> Iterator[np.ndarray]:
    """The frames of a film at these times, uint8 [height, width, 3] in BGR order."""
    wanted = list(seconds)
    with av.open(str(film)) as container:
        frames = [(float(frame.time), frame.to_ndarray(format="bgr24")) for frame in container.decode(video=0)]
    for time in wanted:
        yield min(frames, key=lambda frame: abs(frame[0] - time))[1]


def season(folder: Path, film: Path, bursts: int, animal_in: Iterable[int], begin: datetime = datetime(2024, 5, 17, 6)) -> None:
    """Bursts of three stills, a second apart and an hour from the next burst, of the place of a film. In its first second it shows nothing,
    later an animal."""
    empty, shown = list(of_film(film, [0.0, 0.2, 0.4])), list(of_film(film, [4.0, 4.5, 5.0]))
    for number in range(bursts):
        gain = 1 + 0.15 * np.sin(number)
        for place, picture in enumerate(shown if number in animal_in else empty):
            path = folder / "DCIM" / "100TRAIL" / f"IMG_{3 * number + place + 1:04}.JPG"
            write(path, cv2.convertScaleAbs(picture, alpha=gain), begin + timedelta(hours=number, seconds=place))
