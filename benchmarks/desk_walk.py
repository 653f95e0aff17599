"""The environmental desk timed: from a file of 300 squares to a report and a record verified.

One walk in headless Chromium at 1280 px against a copy of the project; every request to another
host is refused and counted. Each step is timed from the click to what it was asked for being
drawn, by the clock of this script; nothing waits for time. ``--pictures FOLDER`` keeps pictures of
the pages and the files of the report.

Run: ``python benchmarks/desk_walk.py [--projects 300] [--pictures FOLDER]``. Needs Chromium and the
set-up of ``python run.py setup``. The load of the computer is printed beside the figures.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(Path(__file__).resolve().parent)]

from what_if import COPIED, FLAGS, FRAME, serving  # noqa: E402

from etk_geo.i18n import text  # noqa: E402

FORMS = ("docx", "pdf", "xlsx", "geojson")


def say(key: str, **values: object) -> str:
    """Return a text of the Chinese pages."""
    return text(key, "zh", **values)


def main() -> None:
    """Walk and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--projects", type=int, default=300)
    parser.add_argument("--pictures", type=Path)
    asked = parser.parse_args()
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
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            page.set_default_timeout(600_000)
            walk = Walk(page, asked.pictures)
            print(f"load {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores")
            walk.all(address, asked.projects)
            print(f"{'all':>40}: {walk.total:6.1f} s")
            print(f"load {os.getloadavg()[0]:.1f}; asked of other hosts: {len(walk.outside)}")
        browser.close()


def squares(count: int) -> bytes:
    """Return a GeoJSON list of triangular sites of some 40 ha."""
    rows = []
    for n in range(count):
        west, south = 107.2 + n % 20 * 0.06, 38.75 + n // 20 * 0.06
        ring = [(west, south), (west + 0.01, south), (west + 0.01, south + 0.01), (west, south)]
        geometry = {"type": "Polygon", "coordinates": [ring]}
        values = {"名称": f"项目{n}", "类别": "煤矿", "精度": 20}
        rows.append({"type": "Feature", "properties": values, "geometry": geometry})
    return json.dumps({"type": "FeatureCollection", "features": rows}).encode()


class Walk:
    """One walk through the pages; each step is printed with its seconds."""

    def __init__(self, page: Page, pictures: Path | None) -> None:
        self.page = page
        self.pictures = pictures
        self.total = 0.0
        self.outside: list[str] = []
        page.route("**/*", self._pass_local)

    def _pass_local(self, route) -> None:
        parts = urlsplit(route.request.url)
        if parts.scheme in ("data", "blob") or parts.hostname == "127.0.0.1":
            route.continue_()
        else:
            self.outside.append(route.request.url)
            route.abort()

    def step(self, name: str, started: float) -> None:
        """Print how long a step took; pictures are taken between steps and not counted."""
        took = time.perf_counter() - started
        self.total += took
        print(f"{name:>40}: {took:6.1f} s", flush=True)

    def settled(self) -> None:
        """Wait until the page is drawn to its end."""
        self.page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for()
        self.page.wait_for_function("!document.querySelector('[data-testid=stSkeleton]')")

    def picture(self, name: str) -> None:
        """Keep a picture of the page as it is."""
        if self.pictures is not None:
            self.pictures.mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=self.pictures / f"{name}.png")

    def press(self, label: str | re.Pattern[str]) -> None:
        """Press a button."""
        exact = isinstance(label, str)
        self.page.get_by_role("button", name=label, exact=exact).first.click()

    def all(self, address: str, count: int) -> None:
        """Walk from the file to the record verified."""
        self.bring(address, count)
        self.screen(count)
        self.judge()
        self.keep()
        self.report()
        self.verify()

    def bring(self, address: str, count: int) -> None:
        """Take the file in and hand it to the desk."""
        page, started = self.page, time.perf_counter()
        page.goto(f"{address}/intake")
        page.get_by_test_id("stFileUploader").wait_for()
        self.settled()
        self.step("intake page", started)
        started = time.perf_counter()
        page.get_by_test_id("stFileUploader").locator("input[type=file]").set_input_files(
            {"name": "项目.geojson", "mimeType": "application/json", "buffer": squares(count)}
        )
        readings = page.get_by_test_id("stRadio").filter(has_text=say("intake.choose_reading"))
        readings.wait_for()
        self.settled()
        self.step("file read, readings shown", started)
        self.picture("walk_intake")
        started = time.perf_counter()
        readings.locator("label").filter(has_text=re.compile(r"^1\s")).click()
        for label in ("intake.confirm", "intake.hand_over"):
            self.press(say(label))
            self.settled()
        page.get_by_text(say("intake.handed_over", n=count)).wait_for()
        self.step("reading confirmed, handed over", started)

    def screen(self, count: int) -> None:
        """Screen the list and look at one project."""
        page, started = self.page, time.perf_counter()
        page.get_by_role("link", name=say("screen.title"), exact=True).click()
        page.get_by_role("heading", level=1, name=say("screen.title"), exact=True).wait_for()
        page.get_by_test_id("stSelectbox").first.locator("input").click()
        page.get_by_role("option", name=re.compile(str(count))).click()
        page.get_by_role("button", name=say("screen.start", n=count)).wait_for()
        self.settled()
        self.step("screening page, list chosen", started)
        started = time.perf_counter()
        self.press(say("screen.start", n=count))
        page.get_by_text(f"显示 {count}/{count} 个项目").wait_for()
        self.settled()
        self.step(f"{count} projects screened, matrix shown", started)
        self.picture("walk_matrix")
        started = time.perf_counter()
        self.view("project")
        page.frame_locator(FRAME).last.locator(".etk-map[data-ready]").wait_for()
        self.settled()
        self.step("one project with its map", started)
        self.picture("walk_project")

    def view(self, name: str) -> None:
        """Choose a view of the result."""
        main = self.page.get_by_test_id("stMain")
        label = say(f"screen.view_{name}")
        radio, button = (main.get_by_role(role, name=label) for role in ("radio", "button"))
        radio.or_(button).first.click()

    def judge(self) -> None:
        """Set the first finding aside."""
        page, started = self.page, time.perf_counter()
        card = page.locator(".st-key-zone_card_0")
        card.get_by_role("button", name=say("opinion.one")).click()
        page.get_by_text(say("opinion.set_aside"), exact=True).last.click()
        page.get_by_label(say("opinion.reason"), exact=True).last.fill("现场核实")
        page.get_by_label(say("opinion.officer"), exact=True).last.fill("张三")
        page.get_by_role("button", name=say("opinion.save"), exact=True).last.click()
        page.get_by_text("人工判断：不采纳上述计算结论").first.wait_for()
        self.settled()
        self.step("a finding set aside", started)

    def keep(self) -> None:
        """Keep the screening and open the archive."""
        page, started = self.page, time.perf_counter()
        self.view("files")
        page.get_by_label(say("archive.author"), exact=True).fill("张三")
        page.get_by_test_id("stFormSubmitButton").get_by_role("button").click()
        page.get_by_text(re.compile("已归档，编号")).wait_for()
        self.step("kept in the archive", started)
        self.picture("walk_kept")

    def report(self) -> None:
        """Make the report and take its files away."""
        page, started = self.page, time.perf_counter()
        page.get_by_role("link", name=say("archive.open")).click()
        page.get_by_role("tab", name=say("archive.tab_report")).click()
        self.settled()
        self.step("archive page", started)
        started = time.perf_counter()
        self.press(say("archive.report_make"))
        page.get_by_text(say("archive.report_made")).wait_for()
        self.step("report made: DOCX, PDF, XLSX, GeoJSON", started)
        self.picture("walk_report")
        started = time.perf_counter()
        for form in FORMS:
            with page.expect_download() as download:
                self.press(re.compile(f"-report\\.{form}$"))
            self.save(download.value, f"report.{form}")
        self.step("its files taken away", started)

    def verify(self) -> None:
        """Verify the record and take it away."""
        page, started = self.page, time.perf_counter()
        page.get_by_role("tab", name=say("archive.tab_verify")).click()
        self.press(say("archive.verify"))
        page.get_by_text(say("screening.verify.holds")).wait_for()
        self.step("record verified and recomputed", started)
        started = time.perf_counter()
        with page.expect_download() as download:
            self.press(say("archive.record"))
        self.save(download.value, "record.json")
        self.step("record taken away", started)

    def save(self, download, name: str) -> None:
        """Wait for a file, and keep it if it is asked for."""
        path = Path(download.path())
        if self.pictures is not None:
            self.pictures.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, self.pictures / name)


if __name__ == "__main__":
    main()
