"""Sorting in a real browser: from films to sorted folders, as a person would do it."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from contextlib import contextmanager

import av
import browser
import films
import numpy as np
import pytest
import yaml
from conftest import ROOT, SAMPLES, run_program, snakemake
from meerkat.data.clips import SPLITS
from meerkat.sorting import sides
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

pytestmark = browser.needed
MEADOW = SAMPLES / "videos/meadow.mp4"


@contextmanager
def _sorting(folder):
    """The page's address, as `python3 start.py sort` prints it; the program is killed at the end."""
    environment = os.environ | {"BROWSER": "true"}  # the program `true`, which shows nothing
    command = [sys.executable, ROOT / "start.py", "sort", "mine.yaml"]
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    with subprocess.Popen(command, cwd=folder, env=environment, start_new_session=True, **streams) as process:
        told = ""
        for line in process.stdout:
            told += line
            if found := re.search(r"http://127\S+", line):
                break
        assert found, told
        try:
            yield found[0]
        finally:
            os.killpg(process.pid, signal.SIGKILL)


def _press(chromium, *keys):
    ActionChains(chromium).send_keys(*keys).perform()


def _wait_for(chromium, text):
    WebDriverWait(chromium, 20).until(lambda _: text in chromium.find_element(By.ID, "progress").text)


def _cards(chromium):
    return chromium.find_elements(By.CSS_SELECTOR, "#grid .card")


def _clips(folder, kind):
    return sorted(path.name for path in (folder / "myclips").rglob(f"{kind}/**/*.jpg"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with the sample film for Training, and its mirror image for Testing."""
    folder = tmp_path_factory.mktemp("sorting")
    (folder / "myvideos").mkdir()
    names = {split: next(f"film{number}" for number in range(100) if sides.split_of(f"film{number}", 1) == split) for split in SPLITS}
    shutil.copy(MEADOW, folder / "myvideos" / f"{names['train']}.mp4")
    pictures = (np.ascontiguousarray(frame.to_ndarray(format="rgb24")[:, ::-1]) for frame in films.pictures(MEADOW))
    mirrored = (av.VideoFrame.from_ndarray(picture, format="rgb24") for picture in pictures)
    films.encode(folder / "myvideos" / f"{names['eval']}.mp4", mirrored, "libx264", options={"crf": "16"})
    (folder / "mine.yaml").write_text(yaml.safe_dump({"videos": {"folder": "myvideos"}, "data": {"folder": "myclips"}}))
    return folder


def test_from_films_to_sorted_folders_by_keys_and_mouse(folder, chromium):
    browser.resize(chromium, "desktop")
    with _sorting(folder) as address:
        chromium.get(address)
        _wait_for(chromium, "0 of 6 cards sorted")
        WebDriverWait(chromium, 20).until(lambda _: len(_cards(chromium)) == 6)
        _press(chromium, "p")
        _wait_for(chromium, "animal 1")
        chromium.find_element(By.CSS_SELECTOR, "[data-decision=negative]").click()
        _wait_for(chromium, "animal 1, background 1")
        _press(chromium, Keys.ARROW_RIGHT, "u")
        _wait_for(chromium, "unsure 1")
        assert _clips(folder, "Unsure") and _clips(folder, "Positive") and _clips(folder, "Negative")
        _press(chromium, "z")
        _wait_for(chromium, "unsure 0")
        assert not _clips(folder, "Unsure") and len(_cards(chromium)) == 4
        _press(chromium, " ", Keys.ARROW_RIGHT, " ", "n")  # two at once
        _wait_for(chromium, "background 3")
        assert len(_cards(chromium)) == 2
    # The program was killed: the page says so, and nothing is lost.
    _press(chromium, "p")
    WebDriverWait(chromium, 20).until(lambda _: "does not answer" in chromium.find_element(By.ID, "problem").text)
    with _sorting(folder) as address:
        chromium.get(address)
        _wait_for(chromium, "4 of 6 cards sorted: animal 1, background 3")
        WebDriverWait(chromium, 20).until(lambda _: len(_cards(chromium)) == 2)
        _press(chromium, "a", "p")
        _wait_for(chromium, "6 of 6")
        assert chromium.find_element(By.ID, "done").is_displayed()
        chromium.find_element(By.ID, "eval").click()
        _wait_for(chromium, "0 of ")
        WebDriverWait(chromium, 20).until(lambda _: _cards(chromium))
        number = len(_cards(chromium))
        _press(chromium, *("pn" * number)[:number])  # faster than the program answers
        _wait_for(chromium, f"{number} of {number}")
    run = snakemake(folder, "--until", "create_docs")
    assert run.status == 0, run.text
    for kind in ("Positive testing", "Negative testing", "Positive training", "Negative training"):
        assert re.search(rf"{kind} samples: [1-9]", run.text), run.text
    rows = (folder / "myclips/labels.csv").read_text().splitlines()
    assert len(rows) == 1 + 8 + number  # the header, six decisions on Training with one more and its undoing, and Testing


@pytest.mark.parametrize(
    "settings, message",
    [
        ({}, "names no folder for sorted clips"),
        ({"data": {"folder": "myclips", "split": "video"}}, "Write split: folders"),
        ({"data": {"folder": "myclips"}, "results": "elsewhere"}, "cards.csv does not exist"),
    ],
)
def test_sorting_says_what_to_write_instead(folder, settings, message):
    (folder / "other.yaml").write_text(yaml.safe_dump(settings))
    done = run_program("sort_clips.py", "other.yaml", "--no-browser", folder=folder)
    assert done.returncode == 1 and message in done.stderr and "Traceback" not in done.stderr


@pytest.mark.parametrize("device", ["desktop", "phone"])
def test_the_page_fits_and_shows_the_clips(folder, chromium, device):
    shutil.rmtree(folder / "myclips", ignore_errors=True)
    browser.resize(chromium, device)
    with _sorting(folder) as address:
        chromium.get(address)
        WebDriverWait(chromium, 20).until(lambda _: len(_cards(chromium)) == 6)
        time.sleep(1)
        seen = chromium.execute_script(browser.LOOK)
        assert seen["width"] <= (1280 if device == "desktop" else 390) and seen["cut"] == seen["nameless"] == 0
        assert seen["images"] > 6 and chromium.find_element(By.CSS_SELECTOR, "[data-decision=positive]").is_displayed()
        _press(chromium, "?")
        assert chromium.find_element(By.ID, "help").is_displayed()
        second = run_program("sort_clips.py", "mine.yaml", "--no-browser", folder=folder)
        assert second.returncode == 1 and "is open already" in second.stderr
        refused = chromium.execute_script("return fetch('/wrong/cards?split=train&number=3').then(answer => answer.status)")
        assert refused == 404
