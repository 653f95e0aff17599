"""Drive the intake page with a very large file, and note how responsive it stays.

``python -m benchmarks.intake_page FILE ADDRESS`` opens the running app in Chromium, brings the file
in, hands it over, shows it on the map, supplies it as an official layer and screens it. Each step
is timed; meanwhile the server is asked for its health twice a second and the browser draws
frames: the longest wait of either is printed, and with ``--server PID`` the server's memory at
its peak (Linux). Supplying writes into the project that the app runs
on: use a copy.
"""

from __future__ import annotations

import argparse
import re
import shutil
import threading
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import Page, sync_playwright
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from etk_geo.i18n import text

FRAMES = """() => { window.etkGap = 0; let last = performance.now();
  const look = () => { const now = performance.now();
    window.etkGap = Math.max(window.etkGap, now - last); last = now; requestAnimationFrame(look); };
  requestAnimationFrame(look); }"""
STEP_MS = 3_600_000


class Watch(threading.Thread):
    """Asks the server for its health and keeps the longest wait."""

    def __init__(self, address: str) -> None:
        super().__init__(daemon=True)
        self._address = f"{address}/_stcore/health"
        self._open = urllib.request.build_opener(urllib.request.ProxyHandler({})).open
        self.longest_s = 0.0
        self.ended = threading.Event()

    def run(self) -> None:
        while not self.ended.wait(0.5):
            started = time.perf_counter()
            self._open(self._address, timeout=600).read()
            self.longest_s = max(self.longest_s, time.perf_counter() - started)


class Steps:
    """Times steps, and says how long server and browser let one wait in each."""

    def __init__(self, page: Page, address: str, server: int | None) -> None:
        self._page = page
        self._address = address
        self._server = server

    def __call__(self, name: str, act, seen) -> None:
        watch = Watch(self._address)
        watch.start()
        self._page.evaluate(FRAMES)
        bars = 0
        started = time.perf_counter()
        act()
        while not seen():
            bars += self._page.get_by_test_id("stProgress").count() > 0
            self._page.wait_for_timeout(250)
        took = time.perf_counter() - started
        watch.ended.set()
        frame_s = self._page.evaluate("window.etkGap") / 1000
        print(
            f"{name:28}{took:8.1f} s   server {watch.longest_s:6.2f} s   browser {frame_s:6.2f} s"
            f"   progress seen {bars} times   {self._memory()}",
            flush=True,
        )

    def _memory(self) -> str:
        """Return the resident memory of the server now and at its peak."""
        if self._server is None:
            return ""
        lines = Path(f"/proc/{self._server}/status").read_text(encoding="ascii").splitlines()
        parts = [line.split() for line in lines if line.startswith(("VmRSS", "VmHWM"))]
        kb = {name.rstrip(":"): int(value) for name, value, _ in parts}
        return f"memory {kb['VmRSS'] / 1e6:.2f} GB, peak {kb['VmHWM'] / 1e6:.2f} GB"


def say(key: str, **values: object) -> str:
    return text(key, "zh", **values)


def drive(page: Page, path: Path, step: Steps, address: str, steps: list[str]) -> None:
    button = lambda key: page.get_by_role("button", name=say(key), exact=True)  # noqa: E731
    page.goto(f"{address}/intake")
    chooser = page.locator('input[type="file"]').first
    chooser.wait_for(state="attached")
    parts = [p for p in path.parent.iterdir() if p.stem == path.stem]
    confirm = button("intake.confirm")
    if len(parts) > 1:
        packed = shutil.make_archive(str(path.with_suffix("")), "zip", path.parent, None)
        parts = [Path(packed)]
    step("upload, read, understand", lambda: chooser.set_input_files([str(p) for p in parts]),
         lambda: confirm.count() > 0)  # fmt: skip
    accuracy = page.get_by_label(re.compile("^" + re.escape(say("intake.accuracy")))).first
    accuracy.fill("5")
    accuracy.press("Enter")
    page.wait_for_timeout(3000)
    uses = page.get_by_role("heading", name=say("intake.uses"))
    step("convert, check", confirm.click, lambda: uses.count() > 0)
    handed = page.get_by_text(re.compile("已交给生态环境台"))
    if "projects" in steps:
        step("hand over", button("intake.hand_over").click, lambda: handed.count() > 0)
    use = lambda key: page.get_by_test_id("stButtonGroup").get_by_text(say(key)).click()  # noqa: E731
    if "look" in steps:
        use("intake.use_look")
        step("show on the map", button("intake.show_on_map").click,
             lambda: page.get_by_text(say("intake.shown")).count() > 0)  # fmt: skip
    if "official" in steps:
        use("intake.use_official")
        fill_official(page)
        step("survey", lambda: None, lambda: button("supply.form.supply").count() > 0)
        step("supply", button("supply.form.supply").click,
             lambda: page.get_by_text(re.compile("自 2025-01-01 起生效")).count() > 0)  # fmt: skip
        link = page.get_by_role("link", name=say("supply.see_coverage"))
        step("coverage ledger", link.first.click,
             lambda: page.get_by_role("heading", level=1, name=say("coverage.title")).count() > 0
             and page.get_by_test_id("stDataFrame").count() > 0)  # fmt: skip
    if "screen" in steps:
        screen(page, step)


def screen(page: Page, step: Steps) -> None:
    """Screen the list that was handed over, and look at one project, another, and the files."""
    seen = lambda where: lambda: where.count() > 0  # noqa: E731
    view = lambda key: page.get_by_test_id("stButtonGroup").get_by_text(say(key)).click()  # noqa: E731
    page.get_by_role("link", name=say("screen.title"), exact=True).click()
    page.get_by_label(say("screen.list")).click()
    begin = say("screen.start", n="#").partition("#")[0]
    start = page.get_by_role("button", name=re.compile(re.escape(begin) + r"\d{4,}"))
    step("choose the list", page.get_by_role("option").last.click, seen(start))
    step("screen", start.click, seen(page.locator(".etk-head")))
    find = page.get_by_label(re.compile("找（名称或编号含）"))
    cards = page.get_by_text(re.compile("能够对照的区域"))
    step("one project", lambda: view("screen.view_project"), seen(cards))
    find.fill("1999")
    step("find another", lambda: find.press("Enter"), lambda: "1999" in page.url)
    files = page.get_by_text(say("screen.file_conclusions_csv"))
    step("files", lambda: view("screen.view_files"), seen(files))
    with page.expect_download() as download:
        step("conclusions", files.click, lambda: True)
    print(f"conclusions.csv {Path(download.value.path()).stat().st_size / 1e6:.0f} MB")


def fill_official(page: Page) -> None:
    """Fill the form for permanent basic farmland, complete for the banner."""

    def choose(key: str, option: str) -> None:
        # The page may be drawn anew over an open list: a user opens it again.
        found = page.get_by_role("option", name=option).first
        while True:
            page.get_by_label(say(key)).click()
            try:
                found.click(timeout=10_000)
                break
            except PlaywrightTimeout:
                continue
        page.wait_for_timeout(2000)

    def fill(key: str, value: str) -> None:
        box = page.get_by_label(say(key), exact=True).last  # a column may be called like a field
        box.fill(value)
        box.press("Enter")
        page.wait_for_timeout(2000)

    choose("supply.form.zone_type", "永久基本农田")
    fill("supply.form.version", "2025")
    fill("supply.form.licence", "内部")
    fill("supply.form.valid_from", "2025-01-01")
    choose("supply.form.complete", say("supply.form.complete_banner"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("path", type=Path)
    parser.add_argument("address")
    parser.add_argument("--steps", default="projects,look,official,screen")
    parser.add_argument("--server", type=int, help="process of the app, to tell its memory")
    parser.add_argument("--picture", default="intake-last.png", help="of the page at the end")
    parser.add_argument("--browser", default=shutil.which("chromium"))
    arguments = parser.parse_args()
    with sync_playwright() as playwright:
        flags = ["--headless", "--no-sandbox", "--disable-gpu"]
        chromium = playwright.chromium.launch(executable_path=arguments.browser, args=flags)
        page = chromium.new_page(viewport={"width": 1280, "height": 800})
        page.set_default_timeout(STEP_MS)
        try:
            step = Steps(page, arguments.address, arguments.server)
            drive(page, arguments.path, step, arguments.address, arguments.steps.split(","))
        finally:
            page.screenshot(path=arguments.picture)
            chromium.close()


if __name__ == "__main__":
    main()
