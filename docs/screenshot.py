"""Makes the pictures of the pages in README and docs, with Chromium.

python3 start.py samples
python docs/screenshot.py report results/report.html
python docs/screenshot.py sorting                      (of changed copies of the sample film)
python docs/screenshot.py cameras                      (of a season that the tests make)
python docs/screenshot.py visits                       (of such copies too; also the page for reviewing)
"""

import csv
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "workflow/scripts")]

import browser  # noqa: E402
import cv2  # noqa: E402
import films  # noqa: E402
import numpy as np  # noqa: E402
import season  # noqa: E402
import sorting_page as page  # noqa: E402
import yaml  # noqa: E402
from selenium import webdriver  # noqa: E402
from selenium.webdriver.common.keys import Keys  # noqa: E402

# How bright the copies of the sample film are.
LIGHT = (1.0, 0.95, 0.9, 0.85, 0.8, 0.75)
# Answers before the picture is taken, and cards from there to one that shows the dog.
ANSWERS, TO_THE_DOG = 8, 4
# The sample film shows the dog below this line, the branch above; films with these endings are for Testing.
DOG_FROM, TESTING = 200, ("4", "5")
RUN = [sys.executable, str(ROOT / "start.py"), "run", "mine.yaml"]
HEIGHT = 720
# Visits that are reviewed before the picture is taken.
REVIEWED = 3


def report(path: Path) -> None:
    """The report, as it opens."""
    with browser.started() as chromium:
        browser.resize(chromium, "desktop")
        chromium.get(path.resolve().as_uri())
        chromium.save_screenshot(ROOT / "docs/report.png")


def sorting() -> None:
    """The page for sorting, after some answers: what is not asked for is called background."""
    with tempfile.TemporaryDirectory() as name, browser.started() as chromium:
        folder = Path(name)
        make_films(folder)
        browser.resize(chromium, "desktop")
        with page.sorting(folder) as address:
            chromium.get(address)
            for _ in range(ANSWERS):
                page.wait_until(chromium, lambda: page.cards(chromium))
                page.press(chromium, "n")
            page.press(chromium, *[Keys.ARROW_RIGHT] * TO_THE_DOG)
            time.sleep(2)
            save(chromium, "docs/sorting.jpg")


def cameras() -> None:
    """The page of cameras: one is open, with a silence in its time line."""
    with tempfile.TemporaryDirectory() as name, browser.started() as chromium:
        folder = Path(name)
        season.make(folder / "films", season.SEASON)
        (folder / "mine.yaml").write_text(yaml.safe_dump({"videos": {"folder": "films", "cameras": "cameras.csv"}}))
        browser.resize(chromium, "desktop")
        with page.opened(folder, "cameras") as address:
            chromium.get(address)
            page.wait_until(chromium, lambda: chromium.find_elements("id", "row-ridge/cam3"))
            chromium.find_element("id", "row-ridge/cam3").click()
            time.sleep(5)
            save(chromium, "docs/cameras.jpg", 900)


def visits() -> None:
    """The page of visits, as it opens, with a model of clips of the same films; then the page for reviewing, after some answers."""
    with tempfile.TemporaryDirectory() as name, browser.started() as chromium:
        folder = Path(name)
        make_films(folder)
        subprocess.run([*RUN, "clips"], cwd=folder, check=True)
        for table in (folder / "results/motion").glob("*/clips.csv"):
            with table.open(newline="") as file:
                for row in csv.DictReader(file):
                    split = "Testing" if table.parent.name.endswith(TESTING) else "Training"
                    place = folder / "myclips" / split / ("Positive" if int(row["y"]) > DOG_FROM else "Negative")
                    place.mkdir(parents=True, exist_ok=True)
                    shutil.copy(table.parent / "clips" / row["file"], place)
        subprocess.run([*RUN], cwd=folder, check=True)
        # The visits of somebody who has sorted other films.
        settings = {"videos": {"folder": "myvideos"}, "data": {"folder": "others"}, "annotate": {"model": "results/model"}}
        (folder / "mine.yaml").write_text(yaml.safe_dump(settings))
        (folder / "others").mkdir()
        subprocess.run([*RUN, "annotate"], cwd=folder, check=True)
        browser.resize(chromium, "desktop")
        chromium.get((folder / "results/annotations/report.html").as_uri())
        time.sleep(2)
        save(chromium, "docs/visits.jpg")
        with page.reviewing(folder) as address:
            chromium.get(address)
            page.wait_for(chromium, "0 of")
            for _ in range(REVIEWED):
                page.press(chromium, "1", "m", *"dog", Keys.ENTER)
                time.sleep(0.5)
            chromium.execute_script("byId('show').value = 'all'; byId('show').onchange()")
            page.press(chromium, *[Keys.ARROW_RIGHT] * REVIEWED)
            time.sleep(2)
            save(chromium, "docs/review.jpg", 900)


def make_films(folder: Path) -> None:
    """Films of two places, and a configuration for them."""
    for number, gain in enumerate(LIGHT):
        for place, mirrored in (("creek", False), ("hill", True)):
            (folder / "myvideos" / place).mkdir(parents=True, exist_ok=True)
            films.variant(folder / f"myvideos/{place}/film{number}.mp4", ROOT / "samples/videos/meadow.mp4", mirrored, gain)
    (folder / "mine.yaml").write_text(yaml.safe_dump({"videos": {"folder": "myvideos"}, "data": {"folder": "myclips"}}))


def save(chromium: webdriver.Chrome, path: str, height: int = HEIGHT) -> None:
    """The upper part of what is shown, as a picture of this repository."""
    shown = cv2.imdecode(np.frombuffer(chromium.get_screenshot_as_png(), np.uint8), cv2.IMREAD_COLOR)
    cv2.imwrite(str(ROOT / path), shown[:height], [cv2.IMWRITE_JPEG_QUALITY, 85])


if __name__ == "__main__":
    {"report": report, "sorting": sorting, "cameras": cameras, "visits": visits}[sys.argv[1]](*map(Path, sys.argv[2:]))
