"""Measures the search for motion of many short films, of a season that was moved, and of one long film: prints a table.

The films are five seconds of the sample film (640x360, H.264), each with other bytes at its end, so that no two are the same film. The long
film shows the sample film over and over.
"""

import math
import shutil
import sys
from pathlib import Path

import av
from machine import ROOT, run

sys.path.append(str(ROOT / "tests"))
from films import repeat

MEADOW = ROOT / "samples/videos/meadow.mp4"
SECONDS, MEADOW_SECONDS = 5, 8  # of each short film, and of the sample film


def main(folder: str, number: int = 600, moved: int = 2000, minutes: int = 40) -> None:
    """`number` films are searched, `moved` are moved after the search, and the long film has so many minutes."""
    short, long = Path(folder) / "short", Path(folder) / "long"
    films = make_short(short / "season", number)
    seconds, jobs = clips(short, "season", 2)
    print("| what | seconds | jobs that search | |\n|---|---|---|---|")
    print(f"| {number} films of {SECONDS} s, two cores | {seconds:.0f} | {jobs} | {number / seconds:.1f} films a second |", flush=True)
    more = make_short(short / "season", moved)[len(films) :]
    clips(short, "season", 2)
    seconds, jobs = clips(short, "season", 2)
    print(f"| {len(films) + len(more)} films, nothing new | {seconds:.0f} | {jobs} | |", flush=True)
    (short / "season").rename(short / "another disk")
    (short / "another disk/camera").rename(short / "another disk/other site")
    seconds, jobs = clips(short, "another disk", 2)
    print(f"| the same films, moved and their site renamed | {seconds:.0f} | {jobs} | |", flush=True)
    (long / "season").mkdir(parents=True)
    repeat(long / "season/long.mp4", MEADOW, math.ceil(60 * minutes / MEADOW_SECONDS))
    times = {}
    for cores in (1, 2):
        shutil.rmtree(long / "results", ignore_errors=True)
        times[cores], jobs = clips(long, "season", cores)
        print(f"| a film of {minutes} minutes, {cores} core{'s' * (cores > 1)} | {times[cores]:.0f} | {jobs} | |", flush=True)
    print(f"\nTwo cores search the long film {times[1] / times[2]:.2f} times as fast as one.")


def make_short(folder: Path, number: int) -> list[Path]:
    """The first films of a camera; those that are there stay."""
    (folder / "camera").mkdir(parents=True, exist_ok=True)
    whole = folder.parent / "five_seconds.mp4"
    with av.open(str(MEADOW)) as source, av.open(str(whole), "w") as out:
        stream = out.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(video=0):
            if packet.pts is not None and packet.pts * packet.time_base < SECONDS:
                packet.stream = stream
                out.mux(packet)
    data, films = whole.read_bytes(), [folder / "camera" / f"{index:05d}.mp4" for index in range(number)]
    whole.unlink()
    for index, film in enumerate(films):
        if not film.exists():
            film.write_bytes(data + index.to_bytes(4, "big"))
    return films


def clips(folder: Path, films: str, cores: int) -> tuple[float, int]:
    """Run `clips`; its seconds, and how many jobs searched."""
    (folder / "cameras.csv").write_text("folder,ignore\n.,0 0 0.57 0.15\n")
    settings = f"videos: {{folder: {films}, cameras: cameras.csv}}"
    done = run(folder, "--", "clips", settings=settings, cores=cores)
    return done.seconds, done.text.count("of films searched, ")
