"""From films to visits as the tutorial goes: look at a guess, sort in the browser, train, find the animal in all films, and review."""

import csv
import re
import shutil

import browser
import pytest
from conftest import ROOT, SAMPLES, snakemake
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select
from sorting_page import cards, is_done, press, progress, reviewing, sorting, take, units, wait_until

pytestmark = browser.needed
TUTORIAL = (ROOT / "docs/tutorial.md").read_text()
COMMANDS = re.findall(r"^ *python3 start.py (.+)$", TUTORIAL, re.MULTILINE)
CONFIGURATION = re.search(r"```yaml\n(.+?)```", TUTORIAL, re.DOTALL)[1]
GUESS = "These visits are a guess."


def _dog():
    """The box of the dog in each frame of each film: left, top, right, bottom."""
    dog = {}
    with (SAMPLES / "season/boxes.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            x, y, w, h = (int(row[name]) for name in "xywh")
            video = row["film"].removesuffix(".mp4").replace("/", "__")
            dog.setdefault(video, {})[int(row["frame"])] = (x, y, x + w, y + h)
    return dog


def _shows_the_dog(row, dog):
    """Whether half of a clip's box is the dog, or half of the dog is in it."""
    x, y, w, h = (float(row[name]) for name in "xywh")
    left, top, right, bottom = dog.get(int(row["frame"]), (0, 0, 0, 0))
    inside = max(0, min(right, x + w) - max(left, x)) * max(0, min(bottom, y + h) - max(top, y))
    return inside > 0.5 * min(w * h, (right - left) * (bottom - top) or 1)


def _answer(chromium, truth):
    """Decide on the card that is shown as a person would: a mixed one clip by clip."""
    shown = [truth[name] for name in units(chromium)]
    before = progress(chromium), units(chromium)
    if len(set(shown)) > 1:
        press(chromium, "s")
        wait_until(chromium, lambda: len(units(chromium)) == 1)
        before = progress(chromium), units(chromium)
    press(chromium, "p" if truth[units(chromium)[0]] else "n")
    wait_until(chromium, lambda: (progress(chromium), units(chromium)) != before)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("whole")
    shutil.copytree(SAMPLES / "season", folder / "samples/season")
    (folder / "mine.yaml").write_text(CONFIGURATION)
    return folder


def test_the_tutorial(folder, chromium):
    assert COMMANDS == ["run mine.yaml annotate", "sort mine.yaml", "run mine.yaml", "run mine.yaml annotate", "review mine.yaml"]
    results, dog, truth = folder / "season_results", _dog(), {}
    run = snakemake(folder, "--", "annotate")
    assert run.status == 0 and "write_guess" in run.jobs and "create_docs" not in run.jobs, run.text
    assert GUESS in (results / "annotations/report.html").read_text()
    browser.resize(chromium, "desktop")
    with sorting(folder) as address:
        for table in results.glob("motion/*/clips.csv"):
            with table.open(newline="") as file:
                truth |= {row["file"]: _shows_the_dog(row, dog.get(table.parent.name, {})) for row in csv.DictReader(file)}
        chromium.get(address)
        answers = {}
        for task, most in (("training", 40), ("testing", 100)):
            take(chromium, task)
            wait_until(chromium, lambda: cards(chromium) or is_done(chromium))
            answers[task] = 0
            while cards(chromium) and answers[task] < most:
                _answer(chromium, truth)
                answers[task] += 1
                wait_until(chromium, lambda: cards(chromium) or is_done(chromium))
    # The films, and so their tracks and piles, differ a little with the processor that decodes them.
    assert answers["training"] == 40 and 15 <= answers["testing"] <= 35
    run = snakemake(folder)
    assert run.status == 0, run.text
    assert "videos that the page for sorting drew by chance" in (results / "report.html").read_text()
    run = snakemake(folder, "--", "annotate")
    assert run.status == 0 and "write_guess" not in run.jobs, run.text
    assert GUESS not in (results / "annotations/report.html").read_text()
    with (results / "annotations/visits.csv").open(newline="") as file:
        visits = list(csv.DictReader(file))
    assert sorted(visit["video"] for visit in visits) == sorted(dog)  # the dog, once in each film, and nothing else
    with reviewing(folder, as_users_do=True) as address:
        chromium.get(address)
        wait_until(chromium, lambda: "of 8 visits reviewed" in progress(chromium))
        Select(chromium.find_element(By.ID, "show")).select_by_value("all")
        press(chromium, "m")
        chromium.switch_to.active_element.send_keys("dog", Keys.ENTER)
        wait_until(chromium, lambda: (folder / "season_clips/reviews.csv").is_file())
    assert ",dog," in (folder / "season_clips/reviews.csv").read_text()
