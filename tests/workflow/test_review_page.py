"""The pages for reviewing visits and for the audit in a real browser, and what the results hold afterwards."""

import csv
import json
import shutil
import zipfile

import browser
import pytest
import yaml
from conftest import SAMPLES, made_once, run_program, snakemake
from films import repeat, variant
from meerkat.video.motion_store import ERASED
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from sorting_page import draw_for, press, progress, reviewing, wait_for, wait_until

pytestmark = browser.needed
MEADOW = SAMPLES / "videos/meadow.mp4"
FILMS = {"creek/one.mp4": (False, 1.0), "creek/two.mp4": (True, 0.9), "ridge/three.mp4": (False, 0.8)}


@pytest.fixture
def folder(sample_run, tmp_path, tmp_path_factory):
    """A folder where visits were found in three films for Training."""

    def make(folder):
        for name, look in FILMS.items():
            (folder / "films" / name).parent.mkdir(parents=True, exist_ok=True)
            variant(folder / "films" / name, MEADOW, *look)
            draw_for("train", folder / "films" / name)
        settings = {"videos": {"folder": "films"}, "data": {"folder": "myclips"}}
        settings |= {"annotate": {"model": str(sample_run / "results/model"), "threshold": 0.2}}
        (folder / "mine.yaml").write_text(yaml.safe_dump(settings))
        (folder / "myclips").mkdir()
        assert snakemake(folder, "--", "annotate").status == 0

    return shutil.copytree(made_once(tmp_path_factory, "review", make), tmp_path / "work")


def _rows(path):
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def _said(folder):
    """The last row of each review: answer, name, count."""
    return {row["review"]: (row["answer"], row["name"], row["count"]) for row in _rows(folder / "myclips/reviews.csv")}


def _type(chromium, field, text):
    chromium.find_element(By.ID, field).send_keys(Keys.CONTROL, "a", Keys.NULL, text, Keys.ENTER)


def test_visits_are_answered_by_keys_and_stand_in_all_results(folder, chromium):
    browser.resize(chromium, "desktop")
    visits = _rows(folder / "results/annotations/visits.csv")
    assert {visit["state"] for visit in visits} == {"machine"} and len(visits) >= 3
    with reviewing(folder) as address:
        chromium.get(address)
        wait_for(chromium, f"0 of {len(visits)} visits reviewed")
        press(chromium, "z")
        wait_until(chromium, lambda: "nothing of yours to undo" in chromium.find_element(By.ID, "problem").text)
        press(chromium, "2", "m")
        chromium.switch_to.active_element.send_keys("Reh, <b>roe</b> deer", Keys.ENTER)
        wait_for(chromium, "1 of")
        press(chromium, "n")
        wait_for(chromium, "1 no animal")
        press(chromium, "n", "z", "u")
        wait_for(chromium, "1 unsure")
        # As if the second head were sure.
        chromium.execute_script("byId('show').value = 'all'; choose(); guesses = {[now().key]: 'hare'}; fillNames(); draw()")
        assert "Perhaps: hare (G)." in chromium.find_element(By.ID, "about").text
        press(chromium, "g")
        wait_until(chromium, lambda: "hare" in [name for _, name, _ in _said(folder).values()])
        press(chromium, "z")
        wait_until(chromium, lambda: "hare" not in [name for _, name, _ in _said(folder).values()])
    said = _said(folder)  # the program was killed
    assert sorted(one for one in said.values() if one[0] != "undone") == [
        ("no", "", ""),
        ("unsure", "", ""),
        ("yes", "Reh, <b>roe</b> deer", "2"),
    ]
    with reviewing(folder) as address:
        chromium.get(address)
        wait_for(chromium, f"3 of {len(visits)} visits reviewed: 1 animal, 1 no animal, 1 unsure")
        press(chromium, "z")
        wait_for(chromium, f"2 of {len(visits)}")
    run = snakemake(folder, "--", "annotate")
    assert run.status == 0 and "score_clips" not in run.jobs, run.text
    now = _rows(folder / "results/annotations/visits.csv")
    assert len(now) == len(visits) - 1
    (named,) = (visit for visit in now if visit["name"])
    assert (named["name"], named["count"], named["state"]) == ("Reh, <b>roe</b> deer", "2", "confirmed") and named["reviewed_by"]
    assert "Reh, &lt;b&gt;roe&lt;/b&gt; deer" in (folder / "results/annotations/report.html").read_text()
    labels = [path.parent.parent.name for path in (folder / "myclips").rglob("*.jpg")]
    assert {"Positive", "Negative"} == set(labels)
    settings = yaml.safe_load((folder / "mine.yaml").read_text())
    settings["annotate"]["threshold"] = 1.0  # as if a new model found nothing any more
    run = snakemake(folder, "--", "annotate", settings=settings)
    assert [visit["name"] for visit in _rows(folder / "results/annotations/visits.csv")] == [named["name"]], run.text


def test_the_pictures_of_private_visits_are_deleted_everywhere_and_nothing_else_is(folder, chromium):
    browser.resize(chromium, "desktop")
    with reviewing(folder) as address:
        chromium.get(address)
        wait_for(chromium, "0 of")
        press(chromium, "m")
        chromium.switch_to.active_element.send_keys("Person", Keys.ENTER)
        wait_for(chromium, "1 of")
    assert snakemake(folder, "--", "annotate").status == 0
    annotations = folder / "results/annotations"
    visits = (annotations / "visits.csv").read_bytes()
    [(video, number)] = [(row["video"], row["visit"]) for row in _rows(annotations / "visits.csv") if row["name"] == "Person"]
    tracks = {row["track"] for row in _rows(annotations / "passages.csv") if (row["video"], row["visit"]) == (video, number)}
    of_visit = {row["file"] for row in _rows(folder / f"results/motion/{video}/clips.csv") if row["track"] in tracks}
    pictures = {path: path.read_bytes() for path in folder.rglob("*.jpg")}
    done = run_program("forget_films.py", "mine.yaml", "--private", folder=folder)
    assert done.returncode == 0 and "Would delete the pictures of 1 private visit" in done.stderr, done.stderr
    assert pictures == {path: path.read_bytes() for path in folder.rglob("*.jpg")}
    done = run_program("forget_films.py", "mine.yaml", "--private", "--yes", folder=folder)
    assert done.returncode == 0 and "Deleted: the pictures of 1 private visit" in done.stderr, done.stderr
    left = {path: path.read_bytes() for path in folder.rglob("*.jpg")}
    [picture] = [row["file"] for row in _rows(annotations / "pictures.csv") if (row["video"], row["visit"]) == (video, number)]
    of_clips = {path for path in pictures if path.is_relative_to(folder / "myclips") and path.name in of_visit}
    assert of_clips and {path for path in pictures if path not in left} == {annotations / picture, *of_clips}
    changed = {path for path in left if left[path] != pictures[path]}
    assert {path.name for path in changed} == of_visit and all(left[path] == ERASED for path in changed)
    gone = {content for path, content in pictures.items() if path.name in of_visit}
    for path in folder.glob("results/state/motion/*/*.zip"):
        with zipfile.ZipFile(path) as archive:
            assert archive.testzip() is None and not gone & {archive.read(name) for name in archive.namelist()}
    run = snakemake(folder, "--", "annotate")
    assert run.status == 0 and "find_motion" not in run.jobs and (annotations / picture).is_file(), run.text
    assert (annotations / "visits.csv").read_bytes() == visits
    with reviewing(folder) as address:
        chromium.get(address)
        wait_for(chromium, "1 of")
    assert not of_visit & {path.name for path in (folder / "myclips").rglob("*.jpg")}


@pytest.mark.parametrize("device", ["desktop", "phone"])
def test_an_audit_says_how_many_visits_are_found_on_the_page_and_in_the_report(folder, chromium, device):
    browser.resize(chromium, device)
    annotations = folder / "results/annotations"
    with reviewing(folder) as address:
        chromium.get(address + "audit")
        wait_for(chromium, "0 of 3 moments looked at")
        drawn = (folder / "myclips/draws.csv").read_bytes()
        assert "not known yet" in chromium.find_element(By.ID, "share").text
        sheet, cells = chromium.find_element(By.ID, "sheet"), lambda: chromium.find_elements(By.CSS_SELECTOR, "#cells button")
        is_shown = lambda: wait_until(chromium, lambda: chromium.execute_script("return isShown"))  # noqa: E731
        is_shown()
        assert int(sheet.get_property("naturalWidth")) > 1000 and len(cells()) == 12
        assert chromium.execute_script("return document.documentElement.scrollWidth <= innerWidth")
        press(chromium, "y")
        wait_until(chromium, lambda: "click on the pictures" in chromium.find_element(By.ID, "problem").text)
        for cell in cells()[4:9]:
            cell.click()
        press(chromium, "y")
        wait_for(chromium, "1 of 3")
        is_shown()
        press(chromium, "n", "n", "n")  # only the first is for this moment
        wait_for(chromium, "2 of 3")
        left = "return document.querySelector(arguments[0]).getBoundingClientRect().left"
        assert chromium.execute_script(left, "#value") > chromium.execute_script(left, ".share .bar") + 50  # the mark stands at 100 %
        press(chromium, "z")
        wait_for(chromium, "1 of 3")
        is_shown()
        press(chromium, Keys.SPACE)
        wait_until(chromium, lambda: chromium.execute_script("return view.isPlaying && view.at > 3"))
        press(chromium, Keys.SPACE, "m", "y")
        wait_for(chromium, "2 of 3")
        is_shown()
        press(chromium, "n")
        wait_for(chromium, "3 of 3")
        assert chromium.find_element(By.ID, "share").text.startswith("100 %")
        assert chromium.find_element(By.ID, "enough").is_displayed() and not chromium.execute_script("return byId('sheet').src")
    rows = _rows(folder / "myclips/looks.csv")
    assert [row["answer"] for row in rows] == ["yes", "no", "undone", "yes", "no"] and rows[0]["seen"] and rows[0]["of"]
    run = snakemake(folder, "--", "annotate")
    assert run.status == 0 and sorted(run.jobs) == ["annotate", "audit_visits", "write_visits_report"], run.text
    audit = json.loads((annotations / "audit.json").read_text())
    assert audit["looks"] == audit["moments"] == 3 and audit["share"] == {"value": 1, "low": 1, "high": 1} and audit["false"]["value"] >= 1
    assert (
        "Of all visits in these films, 100\N{NO-BREAK SPACE}% are found." in (annotations / "report.html").read_text()
    )  # all moments were looked at
    assert (folder / "myclips/draws.csv").read_bytes() == drawn and not (folder / "myclips/reviews.csv").exists()
    settings = yaml.safe_load((folder / "mine.yaml").read_text())
    settings["annotate"]["threshold"] = 1.0
    run = snakemake(folder, "--", "annotate", settings=settings)
    assert run.status == 0, run.text
    assert json.loads((annotations / "audit.json").read_text())["share"]["value"] == 0


def test_the_film_plays_and_its_moments_become_the_times_of_the_visit(folder, chromium):
    browser.resize(chromium, "desktop")
    with reviewing(folder) as address:
        chromium.get(address)
        wait_for(chromium, "0 of")
        press(chromium, Keys.SPACE)
        film = chromium.find_element(By.CSS_SELECTOR, "#frame video")
        wait_until(chromium, lambda: film.is_displayed() and float(film.get_property("currentTime")) > 2.5)
        assert chromium.find_elements(By.CSS_SELECTOR, "#frame .box")
        press(chromium, Keys.SPACE)
        begin = chromium.execute_script("return view.at")
        press(chromium, "[")
        wait_for(chromium, "1 of")
        assert chromium.find_element(By.ID, "about").text.count("Corrected by") == 1
        _type(chromium, "end", "0:06.0")
        wait_until(chromium, lambda: "to 0:06.0" in chromium.find_element(By.ID, "about").text)
        chromium.execute_script("showFilm(5, 0)")
        wait_until(chromium, lambda: film.get_property("currentTime") == 5 and not film.get_property("seeking"))
        press(chromium, "s")
        wait_for(chromium, "2 of")
        chromium.execute_script("document.getElementById('show').value = 'confirmed'; document.getElementById('show').onchange()")
        press(chromium, "x", Keys.ARROW_RIGHT, "x", "j")
        wait_for(chromium, "1 of")
        chromium.execute_script("showFilm(7, 0)")
        press(chromium, "+")
        wait_for(chromium, "2 of")
    spans = [(float(row["begin"]), float(row["end"]), row["change"]) for row in _rows(folder / "myclips/reviews.csv")]
    assert spans[0][0] == pytest.approx(begin, abs=0.01) and [change for *_, change in spans][:2] == ["moved", "moved"]
    assert [span for span in spans if span[2] == "split"][:2] == [(5, 6, "split"), (spans[0][0], 5, "split")]
    assert spans[-1][0] == 7 and spans[-1][2] == "added" and ("joined" in {change for *_, change in spans})
    run = snakemake(folder, "--", "annotate")
    assert run.status == 0, run.text
    assert [row["state"] for row in _rows(folder / "results/annotations/visits.csv")].count("corrected") == 2


def test_a_moment_in_another_piece_of_a_long_film_is_that_moment(sample_run, tmp_path, chromium):
    (tmp_path / "films").mkdir()
    repeat(tmp_path / "films/long.mp4", MEADOW, 4)
    draw_for("train", tmp_path / "films/long.mp4")
    (tmp_path / "myclips").mkdir()
    settings = {"videos": {"folder": "films"}, "data": {"folder": "myclips"}, "annotate": {"model": str(sample_run / "results/model")}}
    run = snakemake(tmp_path, "--", "annotate", settings=settings)
    assert run.status == 0, run.text
    browser.resize(chromium, "desktop")
    with reviewing(tmp_path) as address:
        chromium.get(address)
        wait_for(chromium, "0 of")
        film = chromium.find_element(By.CSS_SELECTOR, "#frame video")
        chromium.execute_script("showFilm(3, 0)")
        wait_until(chromium, lambda: film.is_displayed() and film.get_property("currentTime") == 3)
        chromium.execute_script("showFilm(27, 0)")
        press(chromium, "+")  # before the piece from 20 s on is there
        wait_for(chromium, "1 of")
        assert "0:27.0" in chromium.find_element(By.ID, "about").text
        chromium.execute_script("showFilm(3, 0); showFilm(27, 0)")
        wait_until(chromium, lambda: film.is_displayed() and film.get_property("currentTime") == 7)
        assert chromium.execute_script("return view.at") == 27


def test_the_page_fits_and_the_next_visit_comes_at_the_pace_of_the_eye(folder, chromium):
    with reviewing(folder) as address:
        for device in ("phone", "desktop"):
            browser.resize(chromium, device)
            chromium.get(address)
            wait_for(chromium, "0 of")
            wait_until(chromium, lambda: chromium.execute_script("return view.still.naturalWidth"))
            wait_until(chromium, lambda: chromium.execute_script(browser.LOOK)["broken"] == 0)
            seen = chromium.execute_script(browser.LOOK)
            assert seen["width"] <= {"phone": 390, "desktop": 1280}[device] and seen["cut"] == seen["nameless"] == 0, seen
        shown = "return view.still.complete && view.still.alt"
        before = chromium.execute_script(shown)
        press(chromium, Keys.ARROW_RIGHT)
        wait_until(chromium, lambda: chromium.execute_script(shown) not in (False, before))


def test_two_windows_and_a_film_that_is_gone_lose_nothing(folder, chromium):
    browser.resize(chromium, "desktop")
    with reviewing(folder) as address:
        chromium.get(address)
        wait_for(chromium, "0 of")
        first = chromium.current_window_handle
        chromium.switch_to.new_window("tab")
        chromium.get(address)
        wait_for(chromium, "0 of")
        press(chromium, "y")
        wait_for(chromium, "1 of")
        second = chromium.current_window_handle
        chromium.switch_to.window(first)
        press(chromium, "n")  # on the same visit, which is another one now
        wait_until(chromium, lambda: "changed in another window" in chromium.find_element(By.ID, "problem").text)
        assert "1 of" in progress(chromium) and "Confirmed by" in chromium.find_element(By.ID, "about").text  # the same visit, as it is
        chromium.switch_to.window(second)
        chromium.close()
        chromium.switch_to.window(first)
        for film in (folder / "films").rglob("*.mp4"):
            film.rename(film.with_suffix(".away"))
        press(chromium, Keys.ARROW_RIGHT, Keys.SPACE)
        wait_until(chromium, lambda: "not here" in chromium.find_element(By.CSS_SELECTOR, "#frame .note").text)
        press(chromium, "y")
        wait_for(chromium, "2 of")
    assert [answer for answer, *_ in _said(folder).values()] == ["yes", "yes"]
    for film in (folder / "films").rglob("*.away"):
        film.rename(folder / "films" / film.with_suffix(".mp4").name)  # at another place
    run = snakemake(folder, "--", "annotate")
    assert run.status == 0, run.text
    visits = _rows(folder / "results/annotations/visits.csv")
    assert [visit["state"] for visit in visits].count("confirmed") == 2
