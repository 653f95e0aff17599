"""A copy of the project, the app running on it, and a browser that reaches this computer only."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Page,
    Request,
    Route,
    expect,
    sync_playwright,
)

from etk_geo.catalog import record_path
from etk_geo.maps.assets import missing_assets
from etk_geo.store import dump_json, project_root, sha256

FLAGS = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
COPIED = ("app.py", ".streamlit", "etk_geo", "static", "data", "layers", "rules")
LOCAL = ("127.0.0.1", "localhost")
START_SECONDS = 120
PATIENCE_MS = 60_000
"""How long a busy computer may take; a wait ends as soon as what it waits for is there."""

MAP_FRAME = 'iframe[title="streamlit_folium.st_folium"]'

Start = Callable[[Path], str]


@contextmanager
def running_app(root: Path, script: str = "app.py") -> Iterator[str]:
    """Run a script of a project folder with Streamlit on a free port; yield its address."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = root / "server.log"
    command = [sys.executable, "-m", "streamlit", "run", script, "--server.port", str(port)]
    command += ["--server.headless", "true", "--server.address", "127.0.0.1"]
    environment = {**os.environ, "PYTHONPATH": str(root), "PYTHONDONTWRITEBYTECODE": "1"}
    environment.pop("ETK_ROOT", None)
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=root, env=environment, stdout=output, stderr=subprocess.STDOUT
        )
        try:
            _await_health(f"http://127.0.0.1:{port}/_stcore/health", process, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _await_health(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    end = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < end:
        try:
            with opener.open(address, timeout=1):
                return
        except OSError:
            time.sleep(0.1)  # the one wait that no browser can do for us
    pytest.fail(f"the app did not start:\n{log.read_text(errors='replace')}", pytrace=False)


def copy_project(target: Path) -> Path:
    """Copy what the app needs to run into an empty folder."""
    skip = shutil.ignore_patterns("__pycache__", "display")
    for name in COPIED:
        source = project_root() / name
        if source.is_dir():
            shutil.copytree(source, target / name, ignore=skip)
        elif source.is_file():
            shutil.copy(source, target / name)
    return target


@pytest.fixture(scope="session", autouse=True)
def _browser_files() -> None:
    missing = missing_assets(project_root())
    if missing and os.environ.get("ETK_REQUIRE_BROWSER") == "1":
        pytest.fail(f"browser files are not installed: {missing}", pytrace=False)
    if missing:
        pytest.skip("browser files are not installed: run `python run.py setup`")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a copy of the project that a test may break."""
    return copy_project(tmp_path)


@pytest.fixture(scope="session")
def app_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of the app on a sound copy of the project."""
    with running_app(copy_project(tmp_path_factory.mktemp("app"))) as address:
        yield address


@pytest.fixture
def start_app() -> Iterator[Callable[..., str]]:
    """Start the app on a project folder of the test's own; return its address."""
    from contextlib import ExitStack  # noqa: PLC0415

    with ExitStack() as stack:
        yield lambda root, script="app.py": stack.enter_context(running_app(root, script))


@pytest.fixture
def edit_layer() -> Callable[[Path, str, Callable[[list[dict]], None]], None]:
    """Return a function that changes a layer and brings its record's checksum in line."""

    def edit(root: Path, file: str, change: Callable[[list[dict]], None]) -> None:
        document = json.loads((root / file).read_text(encoding="utf-8"))
        change(document["features"])
        content = json.dumps(document, ensure_ascii=False).encode()
        (root / file).write_bytes(content)
        record = json.loads((root / record_path(file)).read_text(encoding="utf-8"))
        record["sha256"] = sha256(content)
        record["feature_count"] = len(document["features"])
        (root / record_path(file)).write_bytes(dump_json(record))

    return edit


@pytest.fixture(scope="session")
def browser(browser_path: str) -> Iterator[Browser]:
    """Start the installed Chromium."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser_path, args=FLAGS)
        yield chromium
        chromium.close()


class Watch:
    """What a page tried: requests to other hosts, errors in the console, WebSocket messages."""

    def __init__(self, page: Page) -> None:
        self.outside: list[str] = []
        self.errors: list[str] = []
        self.frames: list[bytes] = []
        self.fetched: list[str] = []
        page.route("**/*", self._pass_local)
        page.on("request", self._note_request)
        page.on("console", self._note_console)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("websocket", self._note_socket)

    def _note_socket(self, socket) -> None:
        self._note_address(socket.url)
        socket.on("framereceived", lambda data: self.frames.append(_as_bytes(data)))

    def _pass_local(self, route: Route) -> None:
        if _is_local(route.request.url):
            route.continue_()
        else:
            route.abort()

    def _note_request(self, request: Request) -> None:
        self.fetched.append(request.url)
        self._note_address(request.url)

    def _note_address(self, address: str) -> None:
        if not _is_local(address):
            self.outside.append(address)

    def _note_console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.errors.append(message.text)

    def forget(self) -> None:
        """Start counting anew."""
        for seen in (self.outside, self.errors, self.frames, self.fetched):
            seen.clear()


def _as_bytes(data: str | bytes) -> bytes:
    return data.encode() if isinstance(data, str) else data


def _is_local(address: str) -> bool:
    parts = urlsplit(address)
    return parts.scheme in ("data", "blob", "about") or parts.hostname in LOCAL


@pytest.fixture
def view(request: pytest.FixtureRequest) -> dict[str, int]:
    """Size of the window; a test may parametrise it."""
    return getattr(request, "param", {"width": 1280, "height": 800})


@pytest.fixture
def page(
    browser: Browser, view: dict[str, int], request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[Page]:
    """Open a page; a picture of it is kept when the test fails."""
    context = browser.new_context(viewport=view)
    context.set_default_timeout(PATIENCE_MS)
    expect.set_options(timeout=PATIENCE_MS)
    opened = context.new_page()
    opened.watch = Watch(opened)
    failed_before = request.session.testsfailed
    yield opened
    if request.session.testsfailed > failed_before:
        picture = tmp_path / "failed.png"
        opened.screenshot(path=picture)
        print(f"screenshot: {picture}")
    context.close()


@pytest.fixture
def watch(page: Page) -> Watch:
    """Return what the page tried so far."""
    return page.watch


@pytest.fixture(autouse=True)
def _quiet(request: pytest.FixtureRequest) -> Iterator[None]:
    """After every test: nothing was asked of another host, and the console holds no error."""
    if "page" not in request.fixturenames:
        yield
        return
    seen = request.getfixturevalue("page").watch
    yield
    assert not seen.outside, f"asked other hosts: {seen.outside}"
    assert not seen.errors, f"console errors: {seen.errors}"


@pytest.fixture
def open_map(page: Page) -> Callable:
    """Return a function that opens an address and waits until the map is drawn."""

    def run(address: str):
        page.goto(address)
        frame = page.frame_locator(MAP_FRAME).last
        frame.locator(".etk-map[data-ready]").wait_for()
        return frame

    return run
