"""The pages for sorting and for reviewing in a real browser, for tests: started as a user does, steered by keys."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from glob import glob
from pathlib import Path

from conftest import ROOT, forks
from meerkat.sorting import sides
from meerkat.video.film_ids import id_of
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver import Chrome
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

_PATIENCE = 20


@contextmanager
def opened(folder: Path, page: str, browser: str = "true", as_users_do: bool = False) -> Iterator[str]:
    """The address of a page, `sort` or `review`, as `python3 start.py` prints it; the program is killed at the end.

    browser      the program that is given the page to open; `true` shows nothing
    as_users_do  start.py starts processes, not forks
    """
    environment = forks().environment | {"BROWSER": browser}
    command = [sys.executable, ROOT / "start.py", page, "mine.yaml"] if as_users_do else forks().start_command(page, "mine.yaml")
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
            with suppress(ProcessLookupError):  # A test may have ended it.
                os.killpg(process.pid, signal.SIGKILL)


sorting = partial(opened, page="sort")
reviewing = partial(opened, page="review")


def press(chromium: Chrome, *keys: str) -> None:
    """Type keys, on nothing in particular."""
    ActionChains(chromium).send_keys(*keys).perform()


def wait_until(chromium: Chrome, condition: Callable[[], object]) -> None:
    """Wait until something is so. Pages replace what they show, so an element that was just found may be gone."""
    WebDriverWait(chromium, _PATIENCE, ignored_exceptions=[StaleElementReferenceException]).until(lambda _: condition())


def wait_for(chromium: Chrome, text: str) -> None:
    """Wait until the page says how far the task is."""
    wait_until(chromium, lambda: text in progress(chromium))


def progress(chromium: Chrome) -> str:
    """How far the task is, in the words of the page."""
    return chromium.find_element(By.ID, "progress").text


def cards(chromium: Chrome) -> list:
    """The cards that are asked for."""
    return chromium.find_elements(By.CSS_SELECTOR, "#grid .card")


def units(chromium: Chrome) -> list[str]:
    """The clips that are shown large, by their names."""
    return chromium.execute_script("return [...document.querySelectorAll('#clips .unit img')].map(image => image.alt)")


def is_done(chromium: Chrome) -> bool:
    """Whether nothing is left of the task."""
    return chromium.find_element(By.ID, "done").is_displayed()


def take(chromium: Chrome, task: str) -> None:
    """Take up a task."""
    chromium.find_element(By.CSS_SELECTOR, f"[data-task='{task}']").click()


def sorted_clips(folder: Path, kind: str) -> list[str]:
    """The names of the clips in the folders of a class, or of unsure ones. Temporary folders of the program come and go meanwhile."""
    return sorted(Path(path).name for path in glob(f"**/{kind}/**/*.jpg", root_dir=folder / "myclips", recursive=True))


def draw_for(split: str, film: Path) -> None:
    """Change a film so that it is drawn for a side: bytes that do not belong to its pictures are added."""
    while sides.split_of(id_of(str(film), film.stat().st_size), 1) != split:
        with film.open("ab") as file:
            file.write(b"\0")
