"""The page of cameras in a real browser: what a person sees, types and draws stands in the table."""

import csv
import shutil
from datetime import datetime, timedelta
from functools import partial

import browser
import films
import pytest
from conftest import SAMPLES, made_once, run_program
from season import SEASON, Placed, Shot, make
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from sorting_page import opened, press, wait_until

pytestmark = browser.needed
MEADOW = SAMPLES / "videos/meadow.mp4"
placing = partial(opened, page="cameras")


@pytest.fixture
def folder(tmp_path, tmp_path_factory):
    """A folder with the films of three cameras."""

    def season(folder):
        make(folder / "films", SEASON)
        (folder / "mine.yaml").write_text("videos: {folder: films, cameras: cameras.csv}\n")

    return shutil.copytree(made_once(tmp_path_factory, "season", season), tmp_path / "work")


def _table(folder):
    """The rows by their folders; of several, in the order of their lines."""
    with (folder / "cameras.csv").open(newline="") as file:
        rows: dict[str, list] = {}
        for row in csv.DictReader(file):
            rows.setdefault(row["folder"], []).append(row)
        return rows


def _open(chromium, camera):
    wait_until(chromium, lambda: chromium.find_elements(By.ID, f"row-{camera}"))
    _settle(chromium)
    chromium.find_element(By.ID, f"row-{camera}").click()
    wait_until(chromium, lambda: chromium.find_element(By.CSS_SELECTOR, ".camera.open .row").get_attribute("id") == f"row-{camera}")


def _settle(chromium):
    """Wait until the page has told the program all, and has shown what was clicked and what the program found."""
    wait_until(chromium, lambda: chromium.execute_async_script("queue.then(() => arguments[0](!isLooking && !isHeld))"))


def _click(chromium, selector):
    _settle(chromium)
    chromium.find_element(By.CSS_SELECTOR, selector).click()


def _text(chromium, name):
    return chromium.find_element(By.ID, name).text


def _type(chromium, field, text):
    _settle(chromium)
    chromium.find_element(By.ID, field).send_keys(Keys.CONTROL, "a", Keys.NULL, text, Keys.ENTER)


def _cell(folder, camera, name, place=0):
    return _table(folder)[camera][place][name]


def test_a_season_is_corrected_on_the_page_alone(folder, chromium):
    browser.resize(chromium, "desktop")
    with placing(folder, as_users_do=True) as address:
        chromium.get(address)
        _open(chromium, "creek/cam1")
        # The clock in the picture is found, and shown enlarged beside the time of the file.
        wait_until(chromium, lambda: chromium.find_elements(By.CSS_SELECTOR, ".rectangle.proposed"))
        wait_until(
            chromium,
            lambda: (
                chromium.execute_script("return [...document.querySelectorAll('.check img')].filter(one => one.naturalWidth > 200).length")
                == 2
            ),
        )
        assert [field.get_attribute("value") for field in chromium.find_elements(By.CSS_SELECTOR, ".check input")] == [
            "2024-04-01 07:10:44",
            "2024-04-05 07:10:44",
        ]
        first, last = (field.get_attribute("id") for field in chromium.find_elements(By.CSS_SELECTOR, ".check input"))
        _type(chromium, first, "9:10:44")
        wait_until(chromium, lambda: _cell(folder, "creek/cam1", "clock") == "+2:00")
        wait_until(chromium, lambda: chromium.find_element(By.ID, last).get_attribute("value") == "2024-04-05 09:10:44")
        _click(chromium, f"#{last.replace('time', 'right')}")
        wait_until(chromium, lambda: "agrees" in _text(chromium, "said"))
        assert _cell(folder, "creek/cam1", "clock") == "+2:00"
        press(chromium, "c")
        wait_until(chromium, lambda: _cell(folder, "creek/cam1", "ignore"))
        left, top, width, height = map(float, _cell(folder, "creek/cam1", "ignore").split())
        assert left < 0.02 and top < 0.02 and 0.25 < width < 0.5 and 0.05 < height < 0.15

        _open(chromium, "ridge/cam3")
        _click(chromium, "[id^=right-]")
        wait_until(chromium, lambda: _cell(folder, "ridge/cam3", "clock") == "+0:00")
        _click(chromium, "[id^=mark-silent]")
        wait_until(chromium, lambda: len(_table(folder)["ridge/cam3"]) == 2)
        before, after = _table(folder)["ridge/cam3"]
        assert (before["begin"], before["end"], after["begin"], after["end"]) == ("", "2024-04-04", "2024-04-16", "")
        assert after["clock"] == before["clock"] == "+0:00"
        wait_until(chromium, lambda: not chromium.find_elements(By.CSS_SELECTOR, "[id^=mark-silent]"))
        assert "2 periods" in _text(chromium, "row-ridge/cam3") and "5 nights" in _text(chromium, "row-ridge/cam3")

        _open(chromium, "pond/cam2")
        wait_until(chromium, lambda: chromium.find_elements(By.CSS_SELECTOR, "[id^=mark-turned]"))
        assert "Another view than usual from 2024-04-13 09:10 to 2024-04-14 09:10." in chromium.find_element(By.CSS_SELECTOR, ".marks").text
        _click(chromium, "[id^=mark-turned]")
        wait_until(chromium, lambda: _cell(folder, "pond/cam2", "end") == "2024-04-10")
        wait_until(chromium, lambda: "2 films in no period" in _text(chromium, "row-pond/cam2"))
        assert len(_table(folder)["pond/cam2"]) == 1

        line = _line(folder, "pond/cam2")
        _type(chromium, f"cell-{line}-place", "-26.9786, 21.8323")
        wait_until(chromium, lambda: _cell(folder, "pond/cam2", "longitude") == "21.8323")
        assert _cell(folder, "pond/cam2", "latitude") == "-26.9786"
        _type(chromium, f"cell-{line}-timezone", "Africa/Johannesburg")
        wait_until(chromium, lambda: chromium.find_elements(By.CSS_SELECTOR, "[id^=share-zone]"))
        _click(chromium, "[id^=share-zone]")
        wait_until(chromium, lambda: {row["timezone"] for rows in _table(folder).values() for row in rows} == {"Africa/Johannesburg"})
        assert not _text(chromium, "problem")


def _line(folder, camera):
    with (folder / "cameras.csv").open(newline="") as file:
        return next(number for number, row in enumerate(csv.reader(file), 1) if row[1] == camera)


def test_rectangles_are_drawn_moved_and_removed_by_mouse_and_keys(folder, chromium):
    browser.resize(chromium, "desktop")

    def ignored():
        return [[float(value) for value in part.split()] for part in _cell(folder, "pond/cam2", "ignore").split(";") if part.strip()]

    with placing(folder) as address:
        chromium.get(address)
        _open(chromium, "pond/cam2")
        _settle(chromium)
        wait_until(chromium, lambda: chromium.execute_script("return document.querySelector('#frame img').naturalWidth"))
        frame = chromium.find_element(By.ID, "frame")
        wide, high = frame.size["width"], frame.size["height"]
        mouse = ActionChains(chromium)
        mouse.move_to_element_with_offset(frame, round(-0.3 * wide), round(-0.1 * high)).click_and_hold()
        mouse.move_by_offset(round(0.4 * wide), round(0.3 * high)).release().perform()
        wait_until(chromium, ignored)
        assert ignored()[0] == pytest.approx([0.2, 0.4, 0.4, 0.3], abs=0.01)
        wait_until(chromium, lambda: chromium.find_elements(By.ID, "ignore-0"))
        chromium.find_element(By.ID, "ignore-0").send_keys(Keys.ARROW_RIGHT)
        wait_until(chromium, lambda: ignored()[0][0] == pytest.approx(0.21, abs=0.006))
        ActionChains(chromium).key_down(Keys.SHIFT).send_keys(Keys.ARROW_DOWN).key_up(Keys.SHIFT).perform()
        wait_until(chromium, lambda: ignored()[0][3] == pytest.approx(0.31, abs=0.006))
        _settle(chromium)
        corner = chromium.find_element(By.CSS_SELECTOR, "#ignore-0 i")
        ActionChains(chromium).drag_and_drop_by_offset(corner, round(0.1 * wide), 0).perform()
        wait_until(chromium, lambda: ignored()[0][2] == pytest.approx(0.5, abs=0.012))
        press(chromium, "l")
        wait_until(chromium, lambda: _cell(folder, "pond/cam2", "roi") == "0.1 0.1 0.8 0.8")
        wait_until(chromium, lambda: chromium.switch_to.active_element.get_attribute("id") == "roi-0")
        press(chromium, Keys.DELETE)
        wait_until(chromium, lambda: not _cell(folder, "pond/cam2", "roi"))
        press(chromium, "z")
        wait_until(chromium, lambda: _cell(folder, "pond/cam2", "roi"))
        # After a click on a button, a rectangle is drawn, also inside another one; nothing is written before.
        number, roi = len(ignored()), _cell(folder, "pond/cam2", "roi")
        _click(chromium, "#ignore")
        assert "Draw a rectangle" in _text(chromium, "said") and len(ignored()) == number
        frame = chromium.find_element(By.ID, "frame")
        mouse = ActionChains(chromium)
        mouse.move_to_element_with_offset(frame, round(0.1 * wide), round(-0.3 * high)).click_and_hold()
        mouse.move_by_offset(round(0.1 * wide), round(0.1 * high)).release().perform()
        wait_until(chromium, lambda: len(ignored()) == number + 1)
        assert ignored()[-1] == pytest.approx([0.6, 0.2, 0.1, 0.1], abs=0.01) and _cell(folder, "pond/cam2", "roi") == roi


def test_what_cannot_be_used_is_told_and_not_written_and_other_programs_are_respected(folder, chromium):
    browser.resize(chromium, "desktop")
    with placing(folder) as address:
        chromium.get(address)
        _open(chromium, "pond/cam2")
        before, line = (folder / "cameras.csv").read_bytes(), _line(folder, "pond/cam2")
        for field, text, problem in [
            ("timezone", "Mars/North", "'Mars/North' is not a time zone"),
            ("begin", "17.05.2024", "is not a date. Write it as 2024-05-17"),
            ("place", "-26.9", "latitude and longitude belong together"),
            ("clock", "an hour", "is not what a clock needs"),
        ]:
            _type(chromium, f"cell-{line}-{field}", text)
            wait_until(chromium, lambda problem=problem: problem in _text(chromium, "problem"))
            assert (folder / "cameras.csv").read_bytes() == before
        check = chromium.find_element(By.CSS_SELECTOR, ".check input").get_attribute("id")
        _type(chromium, check, "yesterday")
        wait_until(chromium, lambda: "'yesterday' is not a date and time" in _text(chromium, "problem"))
        assert (folder / "cameras.csv").read_bytes() == before
        (folder / "cameras.csv").write_bytes(before.replace(b"pond,pond", b"Pond,pond"))
        _type(chromium, f"cell-{line}-note", "lost")
        wait_until(chromium, lambda: "Another program has changed the table" in _text(chromium, "problem"))
        assert _cell(folder, "pond/cam2", "site") == "Pond" and "lost" not in _cell(folder, "pond/cam2", "note")
        wait_until(chromium, lambda: "Pond" in _text(chromium, "row-pond/cam2"))
        _type(chromium, f"cell-{line}-note", "found")
        wait_until(chromium, lambda: _cell(folder, "pond/cam2", "note") == "found")
        (folder / "cameras.csv").unlink()
        _type(chromium, f"cell-{line}-note", "again")
        wait_until(chromium, lambda: "cameras.csv is gone" in _text(chromium, "problem"))


def test_the_page_fits_a_phone_and_is_used_by_keys_alone(folder, chromium):
    with placing(folder) as address:
        for device, width in (("phone", 390), ("desktop", 1280)):
            browser.resize(chromium, device)
            chromium.get(address)
            wait_until(chromium, lambda: chromium.find_elements(By.CSS_SELECTOR, ".row"))
            press(chromium, "j", "j", Keys.ENTER)
            wait_until(chromium, lambda: chromium.find_elements(By.CSS_SELECTOR, ".detail .check"))
            _settle(chromium)
            assert chromium.execute_script("return document.querySelector('.camera.open .row').id") == "row-pond/cam2"
            press(chromium, ".")
            wait_until(chromium, lambda: "EK000002" in chromium.find_element(By.CSS_SELECTOR, ".halves").text)
            wait_until(chromium, lambda: chromium.execute_script("return [...document.images].every(one => one.naturalWidth)"))
            seen = chromium.execute_script(browser.LOOK)
            assert seen["width"] <= width and seen["cut"] == 0 and seen["nameless"] == seen["broken"] == 0, seen


def test_what_is_typed_is_kept_when_the_field_is_left_or_refused(folder, chromium):
    browser.resize(chromium, "desktop")
    with placing(folder) as address:
        chromium.get(address)
        _open(chromium, "pond/cam2")
        line = _line(folder, "pond/cam2")
        _settle(chromium)
        first = chromium.find_element(By.CSS_SELECTOR, ".check input").get_attribute("id")
        chromium.find_element(By.ID, first).send_keys(Keys.CONTROL, "a", Keys.NULL, "2024-04-01 10:10:44", Keys.TAB)
        wait_until(chromium, lambda: _cell(folder, "pond/cam2", "clock") == "+1:00")
        _settle(chromium)
        chromium.find_element(By.ID, f"cell-{line}-end").send_keys("6 May 2024", Keys.TAB)
        wait_until(chromium, lambda: "is not a date" in _text(chromium, "problem"))
        end = f"cell-{line}-end"
        assert chromium.find_element(By.ID, end).get_attribute("value") == "6 May 2024"
        problem = chromium.find_element(By.ID, "problem").rect
        assert 0 <= problem["y"] - chromium.execute_script("return scrollY") < 900
        # After Tab, what is typed takes the place of what stands in the next field, also once the page was drawn anew.
        chromium.find_element(By.ID, f"cell-{line}-camera").send_keys(Keys.CONTROL, "a", Keys.NULL, "Browning", Keys.TAB)
        wait_until(chromium, lambda: _cell(folder, "pond/cam2", "camera") == "Browning")
        _settle(chromium)
        press(chromium, *"fine", Keys.ENTER)
        wait_until(chromium, lambda: _cell(folder, "pond/cam2", "note") == "fine")
        _settle(chromium)
        end = chromium.find_element(By.ID, end)
        assert end.get_attribute("value") == "6 May 2024" and "refused" in end.get_attribute("class")
        # A slow click right after typing counts, although what was typed is saved meanwhile.
        chromium.find_element(By.ID, f"cell-{line}-note").send_keys("!")
        right = chromium.find_elements(By.CSS_SELECTOR, "[id^=right-]")[-1]
        assert right.text == "Right"
        ActionChains(chromium).click_and_hold(right).pause(0.4).release().perform()
        wait_until(chromium, lambda: _cell(folder, "pond/cam2", "note") == "fine!")
        wait_until(chromium, lambda: chromium.find_elements(By.CSS_SELECTOR, "[id^=right-]")[-1].text == "Right ✓")
        second = run_program("place_cameras.py", "mine.yaml", "--no-browser", folder=folder)
        assert second.returncode == 1 and "is already open" in second.stderr


def test_films_whose_clock_was_reset_or_that_have_no_time_are_put_right(folder, chromium):
    shutil.rmtree(folder / "films")
    days = [Shot(datetime(2024, 4, day, 9, 10, 44)) for day in (1, 2, 3)] + [Shot(datetime(2000, 1, day, 0, 5)) for day in (1, 2)]
    make(folder / "films", [Placed("creek/cam1", (8, 20), timedelta(0), days)])
    films.copy(folder / "films/creek/cam1/timeless.mp4", MEADOW)
    browser.resize(chromium, "desktop")
    with placing(folder) as address:
        chromium.get(address)
        _open(chromium, "creek/cam1")
        _settle(chromium)
        assert "2 films far from the others" in _text(chromium, "row-creek/cam1")
        (field,) = (one.get_attribute("id") for one in chromium.find_elements(By.CSS_SELECTOR, "[id^=reset-]"))
        _type(chromium, field, "2024-04-05 10:00")
        wait_until(chromium, lambda: len(_table(folder)["creek/cam1"]) == 2)
        before, after = _table(folder)["creek/cam1"]
        assert (before["end"], after["begin"], after["end"]) == ("2024-04-05 10:00", "2024-04-05 10:00", "2024-04-06")
        assert after["clock"] == "+8861 d 9:55"
        wait_until(chromium, lambda: "far from the others" not in _text(chromium, "row-creek/cam1"))
        (button,) = (one for one in chromium.find_elements(By.CSS_SELECTOR, ".marks button") if one.text == "Show it")
        button.click()
        _settle(chromium)
        (field,) = (one.get_attribute("id") for one in chromium.find_elements(By.CSS_SELECTOR, "[id^=begin-]"))
        for said in ("2024-04-09 12:00:00", "2024-04-09 13:00:00"):
            _type(chromium, field, said)
            wait_until(chromium, lambda said=said: [row["start"] for row in _table(folder).get("creek/cam1/timeless.mp4", [])] == [said])
