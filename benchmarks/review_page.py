"""How fast is the page for reviewing and auditing? Opens it in Chromium with many visits, and answers by keys as a person does.

The films are the sample film under many names, with its real boxes, clips and stills; the scores are drawn by chance. The table gives: the
seconds from the start of review_visits.py to the first picture; the time from the key of an answer to the picture of the next visit, as the
browser shows it; the time until the film plays, the first time; the time from an answer of the audit to the next sheet of pictures, if a
person looks at each sheet for a second; and the memory of the program.
"""

import csv
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from machine import ROOT

sys.path.append(str(ROOT / "tests"))
import browser
from meerkat.tables import write_rows
from meerkat.video import video_files
from meerkat.video.stretches import Film
from selenium.webdriver import Chrome

NAME = "meadow"
ANSWERS, LOOKS, LOOK_SECONDS = 100, 40, 1
# Presses a key, and returns the milliseconds until another picture is shown, whole.
NEXT = """
const [key, done] = arguments, before = view.still.src, begin = performance.now();
document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
const isThere = () => view.still.src !== before && view.still.complete && view.still.naturalWidth;
const look = () => isThere() ? done(performance.now() - begin) : requestAnimationFrame(look);
look();
"""
SHEET = """
const [done] = arguments, before = byId("sheet").src, begin = performance.now();
document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "n", bubbles: true }));
const look = () => byId("sheet").src !== before && isShown ? done(performance.now() - begin) : requestAnimationFrame(look);
look();
"""
PLAY = """
const [done] = arguments, begin = performance.now();
document.body.dispatchEvent(new KeyboardEvent("keydown", { key: " ", bubbles: true }));
const look = () => view.isPlaying && view.film.readyState > 2 ? done(performance.now() - begin) : requestAnimationFrame(look);
look();
"""


def main(films: int = 1000) -> None:
    print("| films | visits | start, s | answer to next picture, ms: median, longest | film plays after, s | next sheet, ms | memory, GB |")
    print("|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as one:
        search(Path(one))
        with tempfile.TemporaryDirectory() as folder, browser.started() as chromium:
            visits = make(Path(folder), Path(one), films)
            start, answers, film, sheets, memory = review(chromium, Path(folder))
        told, looks = (f"{np.median(times):.0f}, {max(times):.0f}" for times in (answers, sheets))
        print(f"| {films:,} | {visits:,} | {start:.1f} | {told} | {film / 1000:.1f} | {looks} | {memory:.2f} |")


def search(folder: Path) -> None:
    """Search the sample film."""
    (folder / "films").mkdir()
    shutil.copy(ROOT / f"samples/videos/{NAME}.mp4", folder / "films")
    (folder / "mine.yaml").write_text("videos: {folder: films}\ndata: {folder: clips}\n")
    subprocess.run([sys.executable, ROOT / "start.py", "run", "mine.yaml", "clips"], cwd=folder, check=True, stdout=subprocess.DEVNULL)


def make(folder: Path, one: Path, number: int) -> int:
    """The results of so many films, each like the film that was searched; returns the number of visits."""
    draw, results = random.Random(1), folder / "results"
    shutil.copy(one / "mine.yaml", folder)
    (folder / "films").mkdir()
    (folder / "clips").mkdir()
    shutil.copytree(one / "results/state", results / "state")
    source = one / "results/motion" / NAME
    with (source / "clips.csv").open(newline="") as file:
        header, *rows = csv.reader(file)
    films, scores = [], []
    for place in range(number):
        name = f"film{place:05d}"
        path = folder / f"films/{name}.mp4"
        path.hardlink_to(one / f"films/{NAME}.mp4")
        films.append((name, f"films/{name}.mp4", *Film(f"path-{place:016x}", 8.0, 1)))
        made = results / "motion" / name
        (made / "clips").mkdir(parents=True)
        for table in ("boxes.csv", "parameters.csv"):
            (made / table).hardlink_to(source / table)
        own = [
            [cell.replace(NAME, name, 1) if column in ("video", "file") else cell for column, cell in zip(header, row, strict=True)]
            for row in rows
        ]
        write_rows([header, *own], made / "clips.csv")
        for row, before in zip(own, rows, strict=True):
            file = header.index("file")
            (made / "clips" / row[file]).hardlink_to(source / "clips" / before[file])
            scores.append((name, row[header.index("track")], row[file], draw.random()))
    write_rows([video_files.COLUMNS, *films], results / "motion/films.csv")
    (results / "annotations").mkdir()
    write_rows([("video", "track", "file", "p_positive"), *scores], results / "annotations/scores.csv")
    options = {"motion": "results/motion", "videos": "results/motion/films.csv", "folder": "films", "model": "none", "said": "clips"}
    options |= {"scores": "results/annotations/scores.csv", "output": "results/annotations", "threshold": 0.5}
    words = [f"--{option}={value}" for option, value in options.items()]
    subprocess.run([sys.executable, ROOT / "workflow/scripts/find_visits.py", *words], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    return len((results / "annotations/visits.csv").read_text().splitlines()) - 1


def review(chromium: Chrome, folder: Path) -> tuple[float, list[float], float, list[float], float]:
    """Answer for some visits and moments; returns the seconds of the start, the milliseconds of each answer, of the film and of each sheet,
    and the memory in GB."""
    began = time.monotonic()
    command = [sys.executable, ROOT / "workflow/scripts/review_visits.py", "mine.yaml", "--no-browser"]
    with subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE, text=True) as process:
        try:
            address = next(found[0] for line in process.stderr if (found := re.search(r"http://127\S+", line)))
            browser.resize(chromium, "desktop")
            chromium.get(address)
            while not chromium.execute_script("return view.still.complete && view.still.naturalWidth"):
                time.sleep(0.05)
            start = time.monotonic() - began
            number = min(ANSWERS, chromium.execute_script("return list.length") - 1)  # after the last visit, there is no next picture
            answers = [chromium.execute_async_script(NEXT, "yn"[place % 2]) for place in range(number)]
            film = chromium.execute_async_script(PLAY)
            sheets = list(look_at_sheets(chromium, address))
            memory = int(re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{process.pid}/status").read_text())[1]) * 1024 / 1e9
        finally:
            process.kill()
    return start, answers, film, sheets, memory


def look_at_sheets(chromium: Chrome, address: str) -> Iterator[float]:
    """The milliseconds from each answer of the audit to the next sheet."""
    chromium.get(f"{address}audit")
    while not chromium.execute_script("return isShown"):
        time.sleep(0.05)
    for _ in range(LOOKS):
        time.sleep(LOOK_SECONDS)
        yield chromium.execute_async_script(SHEET)
