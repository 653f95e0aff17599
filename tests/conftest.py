"""What all tests share: the browser, the records, and what to do where one is missing."""

import os
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import URL, create_engine, make_url, text

from etk_geo.database import Database

# How long an example takes says how busy the computer is, not whether the code is right.
settings.register_profile(
    "etk", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.load_profile("etk")

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


@pytest.fixture(autouse=True, scope="session")
def _no_records_of_the_user() -> Iterator[None]:
    """Let no test find the records that the tester's own environment names."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("ETK_DATABASE", raising=False)
        patch.delenv("ETK_RECORDS", raising=False)
        yield


def _without_server() -> None:
    message = "no PostgreSQL (bash .ci/postgres COMMAND starts one for a command)"
    if os.environ.get("ETK_REQUIRE_POSTGRES") == "1":
        pytest.fail(message, pytrace=False)
    pytest.skip(message)


@pytest.fixture
def server_address() -> Iterator[URL]:
    """Address of an empty schema on the PostgreSQL that ETK_TEST_POSTGRES names."""
    named = os.environ.get("ETK_TEST_POSTGRES")
    if not named:
        _without_server()
    address = make_url(named or "").set(drivername="postgresql+psycopg")
    schema = f"test_{uuid.uuid4().hex}"
    engine = create_engine(address)
    try:
        with engine.begin() as connection:
            connection.execute(text(f"CREATE SCHEMA {schema}"))
        yield address.update_query_dict({"options": f"-csearch_path={schema}"})
        with engine.begin() as connection:
            connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
    finally:
        engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """Empty records, once embedded and once on a server: the same tests hold for both."""
    if request.param == "sqlite":
        address = URL.create("sqlite", database=str(tmp_path / "records" / "records.db"))
    else:
        address = request.getfixturevalue("server_address")
    opened = Database(address)
    yield opened
    opened.close()
