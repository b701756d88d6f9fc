"""From films to visits as a new user goes: look at a guess, sort thirty cards in the browser, train, and find the animal in all films."""

import csv
import json

import browser
import pytest
import yaml
from conftest import SAMPLES, snakemake
from films import variant
from meerkat.data.clips import SPLITS
from sorting_page import cards, draw_for, is_done, press, progress, sorting, take, units, wait_until

pytestmark = browser.needed
MEADOW = SAMPLES / "videos/meadow.mp4"
WIDTH = 640
ANSWERS = 30
GUESS = "These visits are a guess."
# How the sample film is changed for the films of each side: mirrored or not, and how bright.
LOOKS = {"train": [(False, 1.0), (True, 0.95), (False, 0.85), (True, 0.8), (False, 0.7)], "eval": [(True, 1.0), (False, 0.9)]}


def _dog():
    """The box of the dog in each frame of the sample film: left, top, right, bottom."""
    with (SAMPLES / "videos/meadow.csv").open(newline="") as file:
        rows = [[int(value) for value in row.values()] for row in csv.DictReader(file)]
    return {frame: (x, y, x + w, y + h) for frame, x, y, w, h, _ in rows}


def _shows_the_dog(row, dog, mirrored):
    """Whether half of a clip's box is the dog."""
    x, y, w, h = (float(row[name]) for name in "xywh")
    left, top, right, bottom = dog.get(int(row["frame"]), (0, 0, 0, 0))
    if mirrored:
        left, right = WIDTH - right, WIDTH - left
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
    (folder / "myvideos").mkdir()
    looks = {}
    for split in SPLITS:
        for number, look in enumerate(LOOKS[split]):
            name = f"{split}{number}"
            variant(folder / "myvideos" / f"{name}.mp4", MEADOW, *look)
            draw_for(split, folder / "myvideos" / f"{name}.mp4")
            looks[name] = look
    settings = {"videos": {"folder": "myvideos"}, "data": {"folder": "myclips"}, "annotate": {"truth": "truth.csv"}}
    (folder / "truth.csv").write_text("video,begin,end\n" + "".join(f"{name},2,6\n" for name in looks))
    (folder / "mine.yaml").write_text(yaml.safe_dump(settings))
    return folder, looks


def test_from_films_to_visits(folder, chromium):
    folder, looks = folder
    run = snakemake(folder, "--", "annotate")
    assert run.status == 0 and "write_guess" in run.jobs and "create_docs" not in run.jobs, run.text
    assert GUESS in (folder / "results/annotations/report.html").read_text()
    browser.resize(chromium, "desktop")
    with sorting(folder) as address:
        dog, truth = _dog(), {}
        for video, (mirrored, _) in looks.items():
            with (folder / "results/motion" / video / "clips.csv").open(newline="") as file:
                truth |= {row["file"]: _shows_the_dog(row, dog, mirrored) for row in csv.DictReader(file)}
        chromium.get(address)
        answers = 0
        for task, most in (("training", ANSWERS // 2), ("testing", ANSWERS)):
            take(chromium, task)
            wait_until(chromium, lambda: cards(chromium) or is_done(chromium))
            while answers < most and cards(chromium):
                _answer(chromium, truth)
                answers += 1
                wait_until(chromium, lambda: cards(chromium) or is_done(chromium))
        # The films, and so their tracks and piles, differ a little with the processor that encodes them.
        assert answers == ANSWERS or (answers > 0.9 * ANSWERS and is_done(chromium))
    run = snakemake(folder, "--", "all", "annotate")
    assert run.status == 0 and "write_guess" not in run.jobs, run.text
    assert GUESS not in (folder / "results/annotations/report.html").read_text()
    assert "videos that the page for sorting drew by chance" in (folder / "results/report.html").read_text()
    with (folder / "results/annotations/visits.csv").open(newline="") as file:
        visits = list(csv.DictReader(file))
    assert sorted(visit["video"] for visit in visits) == sorted(looks)  # the dog, once in each film, and nothing else
    check = json.loads((folder / "results/annotations/check.json").read_text())
    assert check["found"] == len(looks) and check["false_visits"] == 0
    # The model knows some of these films, and the reports say of how many.
    assert 1 <= check["videos_in_training"] <= len(LOOKS["train"])
    for report in ("report.html", "annotations/report.html"):
        assert f"<strong>{check['videos_in_training']} of these films ha" in (folder / "results" / report).read_text()
