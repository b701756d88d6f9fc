"""Makes the pictures of the pages in README and docs, with Chromium.

python3 start.py samples
python docs/screenshot.py report results/report.html
python docs/screenshot.py sorting                      (of changed copies of the sample film)
"""

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
import sorting_page as page  # noqa: E402
import yaml  # noqa: E402
from selenium.webdriver.common.keys import Keys  # noqa: E402

# How bright the copies are.
LIGHT = (1.0, 0.95, 0.9, 0.85, 0.8, 0.75)
# Answers before the picture is taken, and cards from there to one that shows the dog.
ANSWERS, TO_THE_DOG = 8, 4
HEIGHT = 720


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
        for number, gain in enumerate(LIGHT):
            for place, mirrored in (("creek", False), ("hill", True)):
                (folder / "myvideos" / place).mkdir(parents=True, exist_ok=True)
                films.variant(folder / f"myvideos/{place}/film{number}.mp4", ROOT / "samples/videos/meadow.mp4", mirrored, gain)
        (folder / "mine.yaml").write_text(yaml.safe_dump({"videos": {"folder": "myvideos"}, "data": {"folder": "myclips"}}))
        browser.resize(chromium, "desktop")
        with page.sorting(folder) as address:
            chromium.get(address)
            for _ in range(ANSWERS):
                page.wait_until(chromium, lambda: page.cards(chromium))
                page.press(chromium, "n")
            page.press(chromium, *[Keys.ARROW_RIGHT] * TO_THE_DOG)
            time.sleep(2)
            shown = cv2.imdecode(np.frombuffer(chromium.get_screenshot_as_png(), np.uint8), cv2.IMREAD_COLOR)
            cv2.imwrite(str(ROOT / "docs/sorting.jpg"), shown[:HEIGHT], [cv2.IMWRITE_JPEG_QUALITY, 85])


if __name__ == "__main__":
    {"report": report, "sorting": sorting}[sys.argv[1]](*map(Path, sys.argv[2:]))
