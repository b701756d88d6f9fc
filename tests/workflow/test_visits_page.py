"""The page of visits in a real browser, with as many videos and visits as a large project has."""

import random
from pathlib import Path

import browser
import cv2
import numpy as np
import pytest
from conftest import ROOT
from meerkat.report import visits_report
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select, WebDriverWait

TEMPLATE = ROOT / "workflow/report/visits.html.j2"
CHECK = {"visits": 40, "found": 36, "no motion": 3, "scored below the threshold": 1, "never decoded": 0, "videos": 12, "hours": 5.5}
AUDIT = {
    **{"looks": 250, "moments": 2000, "films": 2000, "hours": 16.7, "last_look": "2026-11-29T01:25:07+00:00", "threshold": 0.3},
    **{"share": {"value": 0.95, "low": 0.91, "high": 0.98}, "below": {"value": 26.4, "low": 12, "high": 55.2}, "unsure": 2},
    **{"unmoved": {"value": 14, "low": 2, "high": 40}, "false": {"value": 30, "low": 20, "high": 44}, "films_in_training": 3},
    **{"not_in_training": {"share": {"value": 0.94, "low": 0.89, "high": 0.98}}, "films_not_drawn": 1, "looks_elsewhere": 1},
    "keeping": {"wanted": 0.95, "threshold": 0.21999, "seconds": 3000.0, "seconds_in_use": 2400.0},
    "draws": [{"drawn": "2026-11-28T10:00:00+00:00", "seed": 1, "looks": 250, "moments": 2000}],
}
CHECK |= {"videos_in_training": 0, "share": {"value": 0.9, "low": 0.78, "high": 0.97}, "false_visits": 4, "seconds_left_to_watch": 1200.0}


def _page(folder: Path, videos: int, visits_each: int, check: dict | None = None, audit: dict | None = None) -> Path:
    """The page of so many videos at 40 sites, with a picture for each visit of the first ten videos."""
    draw, films, visits = random.Random(1), [], []
    picture = cv2.imencode(".jpg", np.random.default_rng(1).integers(0, 255, (90, 160, 3), np.uint8))[1].tobytes()
    for video in range(videos):
        name, site = f"film{video:04d}", f"site {video % 40}"
        films.append(
            {"video": name, "path": str(folder / f"{name}.mp4"), "site": site, "start": "2024-05-17 06:00:00", "time_from": "name"}
            | {
                "seconds": "600",
                "pictures": "",
                "tracks": "30",
                "visits": str(visits_each),
                "problem": "" if video % 50 else "its last 3.0 s are missing",
            }
        )
        (folder / name).mkdir(parents=True)
        for visit in range(visits_each):
            if video < 10:
                (folder / name / f"{visit}.jpg").write_bytes(picture)
            visits.append(
                {"video": name, "site": site, "visit": str(visit + 1), "event": str(len(visits) + 1), "begin": f"{visit}.000"}
                | {"state": "machine", "name": "", "count": "", "reviewed_by": ""}
                | {
                    "seconds": f"{draw.uniform(1, 30):.3f}",
                    "begin_time": f"2024-05-17 {draw.randrange(24):02d}:00:05",
                    "boxes_at_once": "2",
                }
                | {"score": f"{draw.random():.4f}", "best_frame": str(visit)}
            )
    effort = [  # half of the sites
        {"site": f"site {site}", "nights": "182", "visits": "60", "visits_per_100_nights": "32.97", "low": "25.16", "high": "42.44"}
        for site in range(0, 40, 2)
    ]
    page = folder / "report.html"
    page.write_text(visits_report.render(TEMPLATE, folder, films, visits, check, audit, effort, ["films"], is_guess=False))
    return page


def _cards(chromium) -> list:
    return chromium.find_elements(By.CSS_SELECTOR, "#visits > li")


def _scrolled_down(chromium) -> int:
    """How many cards there are after the page was scrolled to the last of them."""
    chromium.execute_script("document.getElementById('more').scrollIntoView()")
    return len(_cards(chromium))


@browser.needed
def test_ten_thousand_visits_can_be_looked_through(tmp_path, chromium):
    page = _page(tmp_path, 1000, 10)
    browser.check_page(chromium, page)
    browser.resize(chromium, "desktop")
    chromium.get(page.as_uri())
    assert chromium.find_element(By.TAG_NAME, "h1").text.startswith("10000 visits: ")
    assert len(_cards(chromium)) == 60  # what is far below is made when it comes into sight
    WebDriverWait(chromium, 20).until(lambda _: _scrolled_down(chromium) > 60)
    Select(chromium.find_element(By.ID, "order")).select_by_value("score")
    scores = [float(card.get_attribute("data-score")) for card in _cards(chromium)]
    assert scores == sorted(scores, reverse=True) and scores[0] > 0.999
    Select(chromium.find_element(By.ID, "site")).select_by_value("site 7")
    assert {card.get_attribute("data-site") for card in _cards(chromium)} == {"site 7"}
    WebDriverWait(chromium, 20).until(lambda _: _scrolled_down(chromium) == 250)


@browser.needed
@pytest.mark.parametrize("check, audit", [(None, None), (CHECK, None), (None, AUDIT), (CHECK, AUDIT)])
def test_the_page_says_how_many_are_missed_or_how_to_know(tmp_path, chromium, check, audit):
    page = _page(tmp_path, 3, 2, check, audit)
    browser.check_page(chromium, page)
    text = chromium.find_element(By.TAG_NAME, "main").text
    assert ("36 of the 40 visits that a person saw were found" in text) == bool(check)
    assert ("Only what the search cuts out can be found" in text) == (check is None and audit is None)
    assert ("Of all visits in these films, 95 % (91 to 98 %) are found." in text) == bool(audit)
    assert ("about 26 (12 to 55) visits are missed because they score below the threshold of 0.3000" in text) == bool(audit)
    assert ("a threshold of 0.2199 (annotate: threshold) would keep 95 % of the visits in which something moves" in text) == bool(audit)
    assert ("1 look at films that are gone, or of a draw that was deleted, does not count." in text) == bool(audit)
    assert len(_cards(chromium)) == 6 and not chromium.find_element(By.ID, "more").text


@pytest.mark.parametrize(
    "became, sentence",
    [
        ({}, "Of the others, 3 had no motion that the search saw; 1 scored below the threshold."),
        ({"found": 39, "no motion": 0}, "Of the others, 1 scored below the threshold."),
        ({"found": 40, "no motion": 0, "scored below the threshold": 0}, ""),
    ],
)
def test_what_became_of_lost_visits_is_told_where_there_are_any(tmp_path, became, sentence):
    page = _page(tmp_path, 1, 1, CHECK | became).read_text()
    assert (sentence in page) and ("Of the others" in page) == bool(sentence)
