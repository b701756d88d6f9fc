"""Sorting in a real browser: from films to sorted folders, as a person would do it."""

import csv
import re
import shutil
import socket
import time
import urllib.request

import browser
import films
import psutil
import pytest
import yaml
from conftest import SAMPLES, processes, run_program, snakemake
from meerkat.sorting import sides
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from sorting_page import (
    cards,
    draw_for,
    is_done,
    press,
    progress,
    sorted_clips,
    sorting,
    take,
    units,
    wait_for,
    wait_until,
)

pytestmark = browser.needed
MEADOW = SAMPLES / "videos/meadow.mp4"


def _number(folder, split, kind="cards"):
    """How many cards, or clips, the films of a side have."""
    with (folder / "results/sorting/cards.csv").open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if sides.split_of(row["film"], 1) == split]
    return len(rows) if kind == "clips" else len({(row["video"], row["track"]) for row in rows})


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with the sample film for Training, and its mirror image for Testing."""
    folder = tmp_path_factory.mktemp("sorting")
    (folder / "myvideos").mkdir()
    shutil.copy(MEADOW, folder / "myvideos/meadow.mp4")
    films.variant(folder / "myvideos/mirrored.mp4", MEADOW, mirrored=True)
    draw_for("train", folder / "myvideos/meadow.mp4")
    draw_for("eval", folder / "myvideos/mirrored.mp4")
    (folder / "mine.yaml").write_text(yaml.safe_dump({"videos": {"folder": "myvideos"}, "data": {"folder": "myclips"}}))
    return folder


def test_from_films_to_sorted_folders_by_keys_and_mouse(folder, chromium):
    browser.resize(chromium, "desktop")
    with sorting(folder) as address:
        number = _number(folder, "train")
        chromium.get(address)
        wait_for(chromium, f"0 of {number} passages sorted")
        wait_until(chromium, lambda: len(cards(chromium)) >= 4)
        press(chromium, "p")
        wait_until(chromium, lambda: "animal 0" not in progress(chromium))
        chromium.find_element(By.CSS_SELECTOR, "[data-decision=negative]").click()
        wait_until(chromium, lambda: "background 0" not in progress(chromium))
        shown = len(cards(chromium))
        press(chromium, Keys.ARROW_RIGHT, "u")
        wait_until(chromium, lambda: "unsure 0" not in progress(chromium))
        assert sorted_clips(folder, "Unsure") and sorted_clips(folder, "Positive") and sorted_clips(folder, "Negative")
        press(chromium, "z")
        wait_for(chromium, "unsure 0")
        assert not sorted_clips(folder, "Unsure") and len(cards(chromium)) == shown
        press(chromium, " ", Keys.ARROW_RIGHT, " ", "n")  # two at once
        wait_until(chromium, lambda: len(cards(chromium)) == shown - 2)
        done = progress(chromium)
        assert "background 0" not in done
    # The program was killed: the page says so, and nothing is lost.
    press(chromium, "p")
    wait_until(chromium, lambda: "does not answer" in chromium.find_element(By.ID, "problem").text)
    with sorting(folder) as address:
        chromium.get(address)
        wait_for(chromium, done)
        wait_until(chromium, lambda: len(cards(chromium)) == shown - 2)
        press(chromium, "a", "p")
        wait_for(chromium, f"{number} of {number}")
        wait_until(chromium, lambda: is_done(chromium))
        take(chromium, "testing")
        wait_for(chromium, "0 of ")
        wait_until(chromium, lambda: cards(chromium))
        number = len(cards(chromium))
        press(chromium, *("pn" * number)[:number])  # faster than the program answers
        wait_until(chromium, lambda: is_done(chromium))
    run = snakemake(folder, "--until", "create_docs")
    assert run.status == 0, run.text
    for kind in ("Positive Testing", "Negative Testing", "Positive Training", "Negative Training"):
        assert re.search(rf"{kind} clips: [1-9]", run.text), run.text


def test_a_passage_is_seen_in_its_whole_frame_and_plays(folder, chromium):
    shutil.rmtree(folder / "myclips", ignore_errors=True)
    browser.resize(chromium, "desktop")
    with sorting(folder) as address:
        chromium.get(address)
        wait_until(chromium, lambda: cards(chromium))
        press(chromium, "f")
        wait_until(chromium, lambda: chromium.execute_script("return view.still.naturalWidth") == 640)
        assert len(chromium.find_elements(By.CSS_SELECTOR, "#frame .box")) == 1
        assert not chromium.find_element(By.ID, "clips").is_displayed()
        press(chromium, "v")
        wait_until(chromium, lambda: chromium.execute_script("return view.isPlaying && view.film.currentTime") > 0.2)
        press(chromium, Keys.ARROW_RIGHT)
        wait_until(chromium, lambda: not chromium.execute_script("return view.isFilm"))
        press(chromium, "f")
        wait_until(chromium, lambda: chromium.find_element(By.ID, "clips").is_displayed())
        for device in ("phone", "desktop"):
            browser.resize(chromium, device)
            press(chromium, "f")
            wait_until(chromium, lambda: chromium.execute_script(browser.LOOK)["broken"] == 0)
            seen = chromium.execute_script(browser.LOOK)
            assert seen["cut"] == seen["nameless"] == 0, seen
            press(chromium, "f")


def test_a_mixed_card_is_split_and_two_tabs_do_no_harm(folder, chromium):
    shutil.rmtree(folder / "myclips", ignore_errors=True)
    browser.resize(chromium, "desktop")
    with sorting(folder) as address:
        chromium.get(address)
        wait_until(chromium, lambda: cards(chromium) and units(chromium))
        for _ in cards(chromium):  # a card of one passage with several clips
            if len(units(chromium)) > 1 and chromium.execute_script("return questions[current].cards.length") == 1:
                break
            press(chromium, Keys.ARROW_RIGHT)
        first, *others = units(chromium)
        chromium.find_element(By.CSS_SELECTOR, "#clips .unit").click()  # the decision is for this clip only
        wait_until(chromium, lambda: "1 selected" in chromium.find_element(By.ID, "selection").text)
        press(chromium, "p")
        wait_until(chromium, lambda: units(chromium) == others)
        assert sorted_clips(folder, "Positive") == [first] and not sorted_clips(folder, "Negative")
        press(chromium, "n")
        wait_until(chromium, lambda: set(others) <= set(sorted_clips(folder, "Negative")))
        # The clips lie in their folder before the page knows of it.
        wait_until(chromium, lambda: units(chromium) != others and len(units(chromium)) > 1)
        number, clips = len(cards(chromium)), units(chromium)
        press(chromium, "s", "p", "u")  # each clip is a card of its own
        wait_until(chromium, lambda: len(cards(chromium)) == number + len(clips) - 3)
        wait_until(chromium, lambda: clips[1] in sorted_clips(folder, "Unsure"))
        assert {first, clips[0]} <= set(sorted_clips(folder, "Positive")) and clips[0] not in sorted_clips(folder, "Unsure")
        # The same page in another tab does not know of what is decided here; its decision on the same card counts, once.
        there = chromium.current_window_handle
        chromium.switch_to.new_window("tab")
        chromium.get(address)
        wait_until(chromium, lambda: cards(chromium))
        here = chromium.current_window_handle
        left = set(units(chromium))
        press(chromium, "p")
        wait_until(chromium, lambda: left <= set(sorted_clips(folder, "Positive")))
        chromium.switch_to.window(there)
        press(chromium, "a", "n")
        wait_until(chromium, lambda: is_done(chromium))
        everything = [path.name for path in (folder / "myclips").rglob("*.jpg")]
        assert len(everything) == len(set(everything)) == _number(folder, "train", "clips")
        chromium.switch_to.window(here)
        chromium.close()
        chromium.switch_to.window(there)


def test_a_program_that_is_killed_between_a_key_and_its_answer_loses_nothing(folder, chromium):
    shutil.rmtree(folder / "myclips", ignore_errors=True)
    with sorting(folder, as_users_do=True) as address:
        chromium.get(address)
        wait_until(chromium, lambda: cards(chromium))
        press(chromium, "p")
        wait_until(chromium, lambda: "animal 0" not in progress(chromium))
        done = progress(chromium)
        # The first one: what opens the browser is for a moment a second one.
        program = next(processes("sort_clips.py", folder))
        program.suspend()
        press(chromium, "n")
    wait_until(chromium, lambda: "does not answer" in chromium.find_element(By.ID, "problem").text)
    with sorting(folder) as address:
        chromium.get(address)
        wait_for(chromium, done)
        wait_until(chromium, lambda: cards(chromium))
        press(chromium, "n")
        wait_until(chromium, lambda: "background 0" not in progress(chromium))


def test_several_cards_are_undone_at_once_and_the_keyboard_reaches_all(folder, chromium):
    shutil.rmtree(folder / "myclips", ignore_errors=True)
    browser.resize(chromium, "desktop")
    with sorting(folder) as address:
        chromium.get(address)
        wait_until(chromium, lambda: len(cards(chromium)) >= 4)
        shown = len(cards(chromium))
        press(chromium, "a", "n")
        wait_until(chromium, lambda: is_done(chromium))
        press(chromium, "z")
        wait_until(chromium, lambda: len(cards(chromium)) == shown)
        assert not sorted_clips(folder, "Negative") and not is_done(chromium)
        # The card that the keyboard has reached is the one that is meant.
        name = chromium.execute_script(
            "const card = document.querySelectorAll('#grid .card')[2]; card.focus(); return card.querySelector('img').alt"
        )
        press(chromium, "p")
        wait_until(chromium, lambda: name in sorted_clips(folder, "Positive"))
        assert chromium.execute_script("return document.activeElement.className").startswith("card")


@pytest.mark.parametrize(
    "settings, message",
    [
        ({}, "names no folder for sorted clips"),
        ({"data": {"folder": "myclips"}, "sorting": {"unsortd": "old"}}, "sorting: unsortd: no such setting"),
        ({"data": {"folder": "myclips"}, "sorting": {"unsorted": [1]}}, "sorting: unsorted: [1] is not allowed"),
        ({"data": {"folder": "myclips"}, "sorting": {"unsorted": "nowhere"}}, "nowhere is not a folder"),
        ({"data": {"folder": "myclips"}, "sorting": {"unsorted": "."}}, "contains data: folder"),
        ({"data": {"folder": "mine.yaml/clips"}}, "cannot be written to"),
        ({"data": {"folder": "myclips", "split": "video"}}, "Write split: folders"),
        ({"data": {"folder": "myclips"}, "results": "elsewhere"}, "cards.csv does not exist"),
    ],
)
def test_sorting_says_what_to_write_instead(folder, settings, message):
    (folder / "other.yaml").write_text(yaml.safe_dump(settings))
    done = run_program("sort_clips.py", "other.yaml", "--no-browser", folder=folder)
    assert done.returncode == 1 and message in done.stderr and "Traceback" not in done.stderr


@pytest.mark.parametrize("person", ["", " ", "a\nb", "x" * 100, "=cmd()"])
def test_a_person_has_a_name(folder, person):
    done = run_program("sort_clips.py", "mine.yaml", "--check", "--person", person, folder=folder)
    assert done.returncode == 2 and "is not a name" in done.stderr


def test_the_page_ends_with_its_program_and_its_secret_is_on_no_command_line(folder, tmp_path):
    browser_program = tmp_path / "browser"
    browser_program.write_text(f'#!/bin/sh\necho "$1" > {tmp_path}/given\ncp "${{1#file://}}" {tmp_path}/page\n')
    browser_program.chmod(0o755)
    with sorting(folder, browser=str(browser_program), as_users_do=True) as address:
        secret = address.rstrip("/").rpartition("/")[2]
        for _ in range(50):
            time.sleep(0.1)
            if (tmp_path / "page").is_file() and (tmp_path / "page").read_text().endswith("\n"):
                break
        assert secret not in (tmp_path / "given").read_text() and address in (tmp_path / "page").read_text()
        processes = [process for process in psutil.process_iter(["cmdline"]) if "sort" in (process.info["cmdline"] or [])]
        (started,) = (process for process in processes if process.cwd() == str(folder))
        children = started.children()
        assert children and secret not in " ".join(word for child in children for word in child.cmdline())
        started.terminate()
        _, alive = psutil.wait_procs([started, *children], 10)
        assert not alive


def test_another_margin_loses_no_answer(folder, chromium):
    shutil.rmtree(folder / "myclips", ignore_errors=True)
    settings = yaml.safe_load((folder / "mine.yaml").read_text())
    number, done = None, "0"
    try:
        for margin in (0.1, 0.5):
            (folder / "mine.yaml").write_text(yaml.safe_dump(settings | {"videos": settings["videos"] | {"margin": margin}}))
            with sorting(folder) as address:
                number = number or _number(folder, "train")
                chromium.get(address)
                wait_for(chromium, f"{done} of {number} passages sorted")
                if margin == 0.1:
                    wait_until(chromium, lambda: len(cards(chromium)) >= 4)
                    press(chromium, "p")
                    wait_until(chromium, lambda: not progress(chromium).startswith("0 of"))
                    done = progress(chromium).partition(" ")[0]
        stored = {path.name: path.read_bytes() for path in (folder / "myclips").rglob("*.jpg")}
        cut = {path.name: path.read_bytes() for path in (folder / "results/clips").rglob("*.jpg")}
        assert stored and all(cut[name] == content for name, content in stored.items())
        assert "undone" not in (folder / "myclips/labels.csv").read_text()
    finally:
        (folder / "mine.yaml").write_text(yaml.safe_dump(settings))
        shutil.rmtree(folder / "myclips", ignore_errors=True)


def test_idle_connections_lock_nobody_out(folder):
    with sorting(folder) as address:
        port = int(re.search(r":(\d+)/", address)[1])
        idle = [socket.create_connection(("127.0.0.1", port)) for _ in range(200)]
        with urllib.request.urlopen(address, timeout=20) as page:
            assert page.status == 200
        for connection in idle:
            connection.close()


@pytest.mark.parametrize("device", ["desktop", "phone"])
def test_the_page_fits_and_shows_the_clips(folder, chromium, device):
    shutil.rmtree(folder / "myclips", ignore_errors=True)
    browser.resize(chromium, device)
    with sorting(folder) as address:
        chromium.get(address)
        wait_until(chromium, lambda: len(cards(chromium)) >= 4)
        time.sleep(1)
        seen = chromium.execute_script(browser.LOOK)
        assert seen["width"] <= (1280 if device == "desktop" else 390) and seen["cut"] == seen["nameless"] == 0
        assert seen["images"] >= 6 and chromium.find_element(By.CSS_SELECTOR, "[data-decision=positive]").is_displayed()
        chromium.execute_script("document.getElementById('sites').open = true")
        assert chromium.execute_script("return document.documentElement.scrollWidth") <= seen["width"]
        press(chromium, "?")
        assert chromium.find_element(By.ID, "help").is_displayed()
        second = run_program("sort_clips.py", "mine.yaml", "--no-browser", folder=folder)
        assert second.returncode == 1 and "is already open" in second.stderr
        refused = chromium.execute_script("return fetch('/wrong/advice?task=training').then(answer => answer.status)")
        assert refused == 404
