"""What if: from letting go of a dragged project to the new words on the page.

Opens the what-if desk of one project of the shipped data in headless Chromium, drags the project
to and fro on the map, and takes the time from the release of the pointer to the change of the
words that say what follows, both by the browser's own clock. Printed as well, of the same changes:

- engine: screening the changed project and putting the findings into words, in this process
- told: until the browser has told Streamlit of the change, from the release

Run: ``python benchmarks/what_if.py [--drags 20] [--project goat_museum]``. Needs Chromium and the
set-up of ``python run.py setup``. The load of the computer is printed beside the figures: on a busy
one the times say little, the ratio more.
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
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import Frame, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from etk_geo.rules import read_rules  # noqa: E402
from etk_geo.screening.cards import project_result  # noqa: E402
from etk_geo.screening.findings import screen_projects  # noqa: E402
from etk_geo.screening.projects import plan_projects  # noqa: E402
from etk_geo.screening.whatif import Change, changed_project  # noqa: E402
from etk_geo.screening.zones import collect_zones  # noqa: E402
from etk_geo.workspace import open_workspace  # noqa: E402

COPIED = ("app.py", "etk_geo", "static", "data", "layers", "rules", ".streamlit")
FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking")
FRAME = 'iframe[title="streamlit_folium.st_folium"]'
MOVED = "中心移动"
STEP_PX = 14

WATCH_PAGE = """(moved) => {
  const words = () => [...document.querySelectorAll('[data-testid="stMarkdown"] p')]
    .map((node) => node.textContent).find((text) => text.startsWith(moved)) || "";
  window.etkSeen = [];
  let last = words();
  new MutationObserver(() => {
    const now = words();
    if (now && now !== last) {
      last = now;
      window.etkSeen.push(Date.now());
    }
  }).observe(document.body, { subtree: true, childList: true, characterData: true });
}"""
"""Notes when the words that say how far the project has moved have changed."""

WATCH_MAP = """() => {
  window.etkReleased = [];
  window.etkTold = [];
  window.addEventListener("mouseup", () => window.etkReleased.push(Date.now()), true);
  const tell = window.Streamlit.setComponentValue.bind(window.Streamlit);
  window.Streamlit.setComponentValue = (value) => {
    window.etkTold.push(Date.now());
    tell(value);
  };
}"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--drags", type=int, default=20)
    parser.add_argument("--project", default="goat_museum")
    asked = parser.parse_args()
    print(f"load {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores; {asked.project}")
    engine = engine_ms(asked.project, asked.drags)
    print_times("engine", engine)
    whole, told, sizes = browser_ms(asked.project, asked.drags)
    print_times("told", told)
    print_times("drag to words", whole)
    print(f"kB sent a drag: {statistics.median(sizes) / 1000:.1f}")
    print(f"ratio whole : engine {statistics.median(whole) / statistics.median(engine):.1f}")
    print(f"load {os.getloadavg()[0]:.1f}")


def print_times(name: str, times: list[float]) -> None:
    """Print median, least and most of some times in milliseconds."""
    ordered = sorted(times)
    late = ordered[min(len(ordered) - 1, int(0.9 * len(ordered)))]
    print(
        f"{name:>14}: median {statistics.median(times):6.0f} ms, least {ordered[0]:.0f}, "
        f"nine of ten within {late:.0f}, n {len(times)}"
    )


def engine_ms(project_id: str, count: int) -> list[float]:
    """Time the screening of a moved project and the words on it, in this process."""
    workspace, book = open_workspace(ROOT), read_rules(ROOT)
    day = datetime.now(UTC).date()
    zones = collect_zones(workspace.catalog, book, on=day)
    table = plan_projects(workspace.catalog, workspace.plan)
    one = table[table["project_id"] == project_id]
    times = []
    for number in range(count + 2):
        started = time.perf_counter()
        changed = changed_project(one, Change(east_m=500.0 * number))
        found = screen_projects(changed, zones, book, day)
        project_result(found, project_id, book, "zh")
        times.append((time.perf_counter() - started) * 1000)
    return times[2:]


def browser_ms(project_id: str, drags: int) -> tuple[list[float], list[float], list[int]]:
    """Drag the project on the page; return times to the words, to the telling, and bytes sent."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        site = Path(folder)
        for name in COPIED:
            copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
            copy(ROOT / name, site / name)
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("ETK_BROWSER") or shutil.which("chromium"),
            args=list(FLAGS),
        )
        with serving(site) as address:
            page = browser.new_page(viewport={"width": 1280, "height": 1000})
            page.set_default_timeout(180_000)
            found = drag(page, address, project_id, drags)
        browser.close()
    return found


def drag(
    page: Page, address: str, project_id: str, drags: int
) -> tuple[list[float], list[float], list[int]]:
    """Open the desk and drag; the first two drags only warm it."""
    received = [0]
    page.on(
        "websocket",
        lambda socket: socket.on(
            "framereceived", lambda data: received.__setitem__(0, received[0] + len(data))
        ),
    )
    page.goto(f"{address}/screen?run=1&view=variants&project={project_id}")
    page.frame_locator(FRAME).last.locator(".etk-map[data-ready]").wait_for()
    page.frame_locator(FRAME).last.locator(".leaflet-draw-edit-edit").click()
    frame = map_frame(page)
    frame.evaluate(WATCH_MAP)
    page.evaluate(WATCH_PAGE, MOVED)
    pin = page.frame_locator(FRAME).last.locator(".etk-pin")
    pin.scroll_into_view_if_needed()
    sizes = []
    for number in range(drags + 2):
        before = received[0]
        box = pin.bounding_box()
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        way = STEP_PX if number % 4 < 2 else -STEP_PX
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x + way, y + way / 2, steps=4)
        page.mouse.up()
        page.wait_for_function("(n) => window.etkSeen.length >= n", arg=number + 1)
        page.wait_for_timeout(700)  # what comes after the words is none of the next drag
        sizes.append(received[0] - before)
    released, told = (frame.evaluate(f"window.{name}") for name in ("etkReleased", "etkTold"))
    seen = page.evaluate("window.etkSeen")
    firsts = [next((t for t in told if t >= r), r) for r in released]
    whole = [s - r for r, s in zip(released, seen, strict=True)]
    return whole[2:], [t - r for r, t in zip(released, firsts, strict=True)][2:], sizes[2:]


def map_frame(page: Page) -> Frame:
    """Return the frame of the map that is shown."""
    return page.locator(FRAME).last.element_handle().content_frame()


@contextlib.contextmanager
def serving(site: Path):
    """Run the app of a folder; yield its address."""
    with contextlib.closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless", "true"]
    command += ["--server.port", str(port), "--server.address", "127.0.0.1"]
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
