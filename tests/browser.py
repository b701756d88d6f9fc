"""A real browser for the tests of pages: Debian's Chromium, steered by selenium."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from selenium import webdriver

_DRIVER = shutil.which("chromedriver")
needed = pytest.mark.skipif(_DRIVER is None, reason="needs Chromium: apt-get install chromium chromium-driver")
_SIZES = {"desktop": (1280, 900, False), "phone": (390, 800, True)}
LOOK = """const images = [...document.images].filter(image => image.loading !== "lazy" || image.complete);
return {
  width: document.documentElement.scrollWidth,
  images: images.length,
  broken: images.filter(image => !image.complete || !image.naturalWidth).length,
  nameless: images.filter(image => !image.alt).length,
  cut: [...document.querySelectorAll("p, h1, h2, h3, figcaption, img, caption")].filter(element =>
    !element.closest(".table") && element.getBoundingClientRect().right > innerWidth + 1).length,
}"""


@contextmanager
def started() -> Iterator[webdriver.Chrome]:
    """A browser without a window; pages of files may show other files."""
    options = webdriver.ChromeOptions()
    for argument in ("headless=new", "no-sandbox", "disable-gpu", "disable-dev-shm-usage"):
        options.add_argument(f"--{argument}")
    driver = webdriver.Chrome(options, webdriver.ChromeService(_DRIVER))
    try:
        yield driver
    finally:
        driver.quit()


def resize(driver: webdriver.Chrome, device: str) -> None:
    """Show pages as on a desktop or a phone."""
    width, height, is_mobile = _SIZES[device]
    metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": is_mobile}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)


def check_page(driver: webdriver.Chrome, page: Path) -> dict:
    """Assert that the page fits desktop and phone, and that all pictures show; gives what was seen on the phone."""
    for device, (width, *_) in _SIZES.items():
        resize(driver, device)
        driver.get(page.as_uri())
        seen = driver.execute_script(LOOK)
        assert seen["width"] <= width and seen["cut"] == 0, seen
        assert seen["broken"] == seen["nameless"] == 0, seen
    return seen
