"""Compares the speed of the search for motion with bare decoding, DVR-Scan 1.8 and DeepMeerkat 3.1.4 on one core.

Search and decoding of all frames in one thread take turns, second by second of film, in one process: the speed of a machine changes within
a minute. The other programs, `deepmeerkat` and `dvr-scan`, follow on the same film, if they are on PATH. Each needs a separate environment:
    python -m venv FOLDER; FOLDER/bin/pip install numpy opencv-python-headless typer platformdirs certifi
    FOLDER/bin/pip install --no-deps deepmeerkat==3.1.4      (its other dependencies are for modes that are not timed)
    python -m venv OTHER; OTHER/bin/pip install dvr-scan==1.8
The films come from scenes.py.
"""

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Collection, Iterator
from pathlib import Path

import av
import cv2
import scenes
from machine import measured
from meerkat.settings.videos import Motion
from meerkat.video.cost import of_search
from meerkat.video.regions import FilmMotion
from meerkat.video.search import LookedAt, search
from meerkat.video.videos import Video


def main(films: str | None = None, codecs: Collection[str] = tuple(scenes.CODECS)) -> None:
    """Films that are in the folder `films` already are used again."""
    cv2.setNumThreads(1)
    os.sched_setaffinity(0, {0})
    others = {"DeepMeerkat": (shutil.which("deepmeerkat"), ["--output", "{folder}", "--mode", "motion", "--training"])}
    others["DVR-Scan"] = (shutil.which("dvr-scan"), ["--scan-only", "-q"])
    with tempfile.TemporaryDirectory() as folder:
        of_scenes = scenes.make(Path(films or Path(folder) / "films"), codecs)
        heads = ["film", "decoding alone, frames/s", "search, frames/s", "search / decoding", "estimate / search"]
        print(f"| {' | '.join([*heads, *(f'{name}, frames/s' for name in others)])} |\n|{'---|' * (len(heads) + len(others))}")
        for (scene, codec), film in of_scenes.items():
            taken = in_turns({"bare": lambda film=film: decoding(film), "search": lambda film=film: searching(film)})
            expected = of_search({str(film): scenes.FRAMES / scenes.RATE}, [], 0, Motion()).core
            cells = [f"{scenes.FRAMES / taken['bare']:.0f}", f"{scenes.FRAMES / taken['search']:.0f}"]
            cells += [f"{taken['search'] / taken['bare']:.2f}", f"{expected / taken['search']:.2f}"]
            for program, options in others.values():
                given = ["-i", film] if program and "dvr" in Path(program).name else [film]
                command = program and [program, *given, *(option.format(folder=folder) for option in options)]
                cells.append(f"{scenes.FRAMES / measured(command, 1).processor:.0f}" if command else "")
            print(f"| {codec}, {scene} | {' | '.join(cells)} |", flush=True)


def in_turns(works: dict[str, Callable[[], Iterator[None]]]) -> dict[str, float]:
    """The processor seconds of each work; they advance in turns."""
    taken, going = dict.fromkeys(works, 0.0), {name: work() for name, work in works.items()}
    while going:
        for name in list(going):
            started = time.thread_time()
            if next(going[name], going) is going:
                del going[name]
            taken[name] += time.thread_time() - started
    return taken


def decoding(film: Path) -> Iterator[None]:
    """Decode all frames; stop after each second of film."""
    with av.open(str(film)) as container:
        stream = container.streams.video[0]
        stream.thread_type, stream.thread_count = "NONE", 1
        for number, _ in enumerate(container.decode(stream), 1):
            if number % scenes.RATE == 0:
                yield


def searching(film: Path) -> Iterator[None]:
    """Search with the defaults; stop after each second of film."""
    until = 1.0
    for found in search(Video(film), FilmMotion()):
        if isinstance(found, LookedAt) and found.seconds >= until:
            until += 1.0
            yield
