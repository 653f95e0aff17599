"""What all tests share: where the browser is, and what to do where there is none."""

import os
import shutil
from pathlib import Path

import pytest

_NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge")
_PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
)


def find_browser() -> str | None:
    """Return the path of an installed Chromium (``ETK_BROWSER`` names another), or nothing."""
    if named := os.environ.get("ETK_BROWSER"):
        return named if Path(named).exists() else None
    found = next((path for path in map(shutil.which, _NAMES) if path), None)
    return found or next((place for place in _PLACES if Path(place).exists()), None)


def _without_browser() -> None:
    message = "no Chromium found (install one, or name it in ETK_BROWSER)"
    if os.environ.get("ETK_REQUIRE_BROWSER") == "1":
        pytest.fail(message, pytrace=False)
    pytest.skip(message)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip tests of the marker e2e without a browser, or fail them where one is required."""
    if item.get_closest_marker("e2e") and find_browser() is None:
        _without_browser()


@pytest.fixture(scope="session")
def browser_path() -> str:
    """Path of the installed Chromium."""
    found = find_browser()
    if found is None:
        _without_browser()
    return found or ""
