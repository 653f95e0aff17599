"""A browser without a window that plays a page from this computer and says what it measured.

The page comes from a server that only this computer reaches. Every other host is sent to a proxy
that does not exist, so whatever works here works with the network cable out.
"""

from __future__ import annotations

import json
import os
import queue
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from etk_geo.errors import EtkGeoError

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge", "microsoft-edge")
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
    r"C:\Program Files\Microsoft\Edge\Application\msedge.exe",
)
FLAGS = (
    "--headless=new",
    "--disable-gpu",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
    "--window-size=1280,720",
    "--proxy-server=http://127.0.0.1:9",
    "--proxy-bypass-list=127.0.0.1",
)
PATIENCE_S = 120.0
"""How long a browser may take to play a story before it is given up."""

MOST_BYTES = 1_000_000


def find_browser() -> Path | None:
    """Return an installed Chromium, Chrome or Edge; ``ETK_BROWSER`` names another."""
    named = os.environ.get("ETK_BROWSER")
    if named:
        return Path(named) if Path(named).is_file() else None
    found = next((path for path in map(shutil.which, NAMES) if path), None)
    return Path(found) if found else next((Path(p) for p in PLACES if Path(p).is_file()), None)


def play(browser: Path, page: bytes, *, patience_s: float = PATIENCE_S) -> Mapping[str, Any]:
    """Play a page that checks itself, and return what it sent.

    Parameters
    ----------
    browser
        As from :func:`find_browser`.
    page
        As from ``handout_page(..., checked=True)``.
    patience_s
        Seconds after which it is given up.

    Returns
    -------
    measured
        ``errors`` and ``asked`` (addresses), ``scenes`` (``id``, ``ms``), ``opened_ms``,
        ``chinese``: whether Chinese letters are drawn as such.

    Raises
    ------
    EtkGeoError
        If the browser does not start or does not answer.
    """
    answers: queue.Queue[Mapping[str, Any]] = queue.Queue()
    # The browser's helpers outlive it for a moment, and may still write into the profile.
    held = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
    with _server(page, answers) as address, held as profile:
        # Started by an administrator (or in a container), Chromium refuses its sandbox.
        as_root = ["--no-sandbox"] if getattr(os, "geteuid", lambda: 1)() == 0 else []
        command = [str(browser), *FLAGS, *as_root, f"--user-data-dir={profile}", address]
        try:
            process = subprocess.Popen(  # noqa: S603 - the user's own browser
                command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
        except OSError as error:
            raise EtkGeoError("ETK985", file=browser.name, reason=error.strerror or "?") from error
        try:
            return answers.get(timeout=patience_s)
        except queue.Empty:
            raise EtkGeoError("ETK985", file=browser.name, reason=f"> {patience_s:g} s") from None
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@contextmanager
def _server(page: bytes, answers: queue.Queue[Mapping[str, Any]]) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = self.path in ("/", "/index.html")
            self.send_response(200 if found else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(page) if found else 0))
            self.end_headers()
            if found:
                self.wfile.write(page)

        def do_POST(self) -> None:
            length = min(int(self.headers.get("Content-Length", 0)), MOST_BYTES)
            content = self.rfile.read(length)
            self.send_response(204)
            self.end_headers()
            answers.put(json.loads(content))

        def log_message(self, *_arguments: object) -> None:
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
