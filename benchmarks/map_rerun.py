"""What the map costs: this project's against a plain st_folium map of the same layers.

Both run in the same session of this script, in the same browser, with the browser files served
from this computer. The plain map is what one writes first: ``folium.GeoJson`` per layer with a
tooltip and a popup, the data cached, the map built on every rerun. Measured for the repository's
layers and for synthetic ones of 1,000 and 10,000 features:

- load: seconds from opening the page until every feature is drawn; kB over WebSocket and HTTP
- rerun (a button beside the map): kB sent, milliseconds of Python, seconds until it is answered.
  Streamlit sends a message of 10 kB or more that has not changed as a reference of 100 bytes
- change (a button that adds one marker to the map): kB sent, seconds until the marker is there

Run: ``python benchmarks/map_rerun.py [real] [1000] [10000]``. Needs Chromium and the set-up of
``python run.py setup``. Ratios hold better than times.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
COPIED = ("etk_geo", "static", "data", "layers", ".streamlit")
FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking")
RERUNS = 7
FRAME = 'iframe[title="streamlit_folium.st_folium"]'
DRAWN = {"plan": ".etk-map[data-ready]", "plain": "path.leaflet-interactive"}
SIZES = ("real", "1000", "10000")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", default=SIZES, help="real, or a number of features")
    sizes = parser.parse_args().sizes
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        site = Path(folder)
        for name in COPIED:
            shutil.copytree(ROOT / name, site / name, ignore=shutil.ignore_patterns("display"))
        for name in ("map_app.py", "benchmark_layers.py"):
            shutil.copy(ROOT / "benchmarks" / name, site)
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("ETK_BROWSER") or shutil.which("chromium"),
            args=list(FLAGS),
        )
        print(HEADER)
        for size in sizes:
            rows = {kind: measure(browser, site, kind, size) for kind in ("plain", "plan")}
            for kind, row in rows.items():
                print(LINE.format(size=size, kind=kind, **row))
            ratios = {name: rows["plain"][name] / rows["plan"][name] for name in rows["plan"]}
            print(RATIO.format(size=size, kind="ratio", **ratios), flush=True)
        browser.close()


HEADER = (
    f"{'features':>9} {'map':>6} {'drawn s':>8} {'load ws kB':>11} {'load http kB':>13} "
    f"{'rerun kB':>9} {'python ms':>10} {'rerun s':>8} {'change kB':>10} {'change s':>9}"
)
LINE = (
    "{size:>9} {kind:>6} {drawn_s:8.2f} {load_ws_kb:11.1f} {load_http_kb:13.1f} "
    "{rerun_kb:9.1f} {python_ms:10.2f} {rerun_s:8.3f} {change_kb:10.1f} {change_s:9.2f}"
)
RATIO = (
    "{size:>9} {kind:>6} {drawn_s:8.1f} {load_ws_kb:11.1f} {load_http_kb:13.1f} "
    "{rerun_kb:9.1f} {python_ms:10.1f} {rerun_s:8.1f} {change_kb:10.1f} {change_s:9.1f}\n"
)


def measure(browser: Browser, site: Path, kind: str, size: str) -> dict[str, float]:
    """Load a page twice (the first time warms the server) and press its button."""
    with serving(site, kind, size) as address:
        for attempt in ("warm the server", "measure"):
            page = browser.new_page(viewport={"width": 1280, "height": 800})
            count = Count(page)
            started = time.perf_counter()
            page.goto(address)
            page.frame_locator(FRAME).locator(DRAWN[kind]).first.wait_for(
                timeout=180_000, state="attached"
            )
            drawn_s = time.perf_counter() - started
            page.get_by_text("reruns: 0", exact=True).wait_for()
            load_ws, load_http = count.socket, count.http
            if attempt == "warm the server":
                page.close()
        sent, python_ms, answered = [], [], []
        for number in range(1, RERUNS + 1):
            count.socket = 0
            started = time.perf_counter()
            page.get_by_role("button", name="rerun").click()
            page.get_by_text(f"reruns: {number}", exact=True).wait_for(timeout=120_000)
            answered.append(time.perf_counter() - started)
            page.wait_for_timeout(300)  # what comes after the answer counts too
            sent.append(count.socket)
            python_ms.append(float(page.get_by_text("python ms").inner_text().split(":")[1]))
        count.socket = 0
        started = time.perf_counter()
        page.get_by_role("button", name="change").click()
        page.frame_locator(FRAME).last.locator(".benchmark-mark").wait_for(
            timeout=180_000, state="attached"
        )
        change_s, change_kb = time.perf_counter() - started, count.socket / 1000
        page.close()
    return {
        "drawn_s": drawn_s,
        "load_ws_kb": load_ws / 1000,
        "load_http_kb": load_http / 1000,
        "rerun_kb": statistics.median(sent) / 1000,
        "python_ms": statistics.median(python_ms),
        "rerun_s": statistics.median(answered),
        "change_kb": change_kb,
        "change_s": change_s,
    }


class Count:
    """Bytes that a page received: over its WebSocket, and by HTTP for the map's own frame."""

    def __init__(self, page: Page) -> None:
        self.socket = 0
        self.http = 0
        self._map_requests: set[str] = set()
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.on("Network.webSocketFrameReceived", self._add_frame)
        session.on("Network.responseReceived", self._note)
        session.on("Network.loadingFinished", self._add_response)

    def _add_frame(self, event: dict) -> None:
        response = event["response"]
        length = len(response["payloadData"])
        # Binary frames come as base64.
        self.socket += length if response["opcode"] == 1 else length * 3 // 4

    def _note(self, event: dict) -> None:
        address = event["response"]["url"]
        if "/app/static/" in address or "/component/" in address:
            self._map_requests.add(event["requestId"])

    def _add_response(self, event: dict) -> None:
        if event["requestId"] in self._map_requests:
            self.http += int(event["encodedDataLength"])


@contextlib.contextmanager
def serving(site: Path, kind: str, size: str):
    """Run the app of one kind and size; yield its address."""
    with contextlib.closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "map_app.py"]
    command += ["--server.port", str(port), "--server.headless", "true", "--", kind, size]
    environment = {**os.environ, "PYTHONPATH": str(site)}
    with (site / "server.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=site, env=environment, stdout=log, stderr=log)
        try:
            opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
            for _ in range(600):
                try:
                    opener.open(f"http://127.0.0.1:{port}/_stcore/health", timeout=1).close()
                    break
                except OSError:
                    time.sleep(0.1)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait()


if __name__ == "__main__":
    main()
