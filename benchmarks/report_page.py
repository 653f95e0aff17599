"""A report made on the page: from the press of the button to the files on offer, and who waits.

Screens the projects of the plan on the page, keeps them, and presses the button of the archive.
Until the files are on offer, another visitor opens the page of the layers again and again, by turns
in Chinese and English: each view is timed until it is drawn to its end. The same views are timed
before the report is begun. Then a report is begun once more and cancelled: the time from the press
of Cancel to the words that say so.

Run: ``python benchmarks/report_page.py [--tree FOLDER]``; ``--tree`` is another checkout, set up,
to compare with. Needs Chromium. The load of the computer is printed beside the figures.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(Path(__file__).resolve().parent)]

from what_if import COPIED, FLAGS, serving  # noqa: E402

from etk_geo.i18n import text  # noqa: E402

PATIENCE_MS = 900_000
BEFORE = 6
"""Views of the other visitor before the report is begun."""


WATCH = """(words) => {
  window.etkBegan = Date.now();
  window.etkReady = 0;
  new MutationObserver(() => {
    if (!window.etkReady && document.body.innerText.includes(words)) window.etkReady = Date.now();
  }).observe(document.body, { subtree: true, childList: true, characterData: true });
}"""
"""Notes when some words appear."""


def say(key: str, **values: object) -> str:
    """Return a text of the Chinese pages."""
    return text(key, "zh", **values)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tree", type=Path, default=ROOT)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        site = Path(folder)
        for name in COPIED:
            copy = shutil.copytree if (asked.tree / name).is_dir() else shutil.copy
            copy(asked.tree / name, site / name)
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("ETK_BROWSER") or shutil.which("chromium"),
            args=list(FLAGS),
        )
        with serving(site) as address:
            print(f"{asked.tree}: load {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores")
            officer, visitor = browser.new_page(), browser.new_page()
            for page in (officer, visitor):
                page.set_default_timeout(PATIENCE_MS)
            measure(officer, visitor, address)
            print(f"load {os.getloadavg()[0]:.1f}")
        browser.close()


def measure(officer: Page, visitor: Page, address: str) -> None:
    """Walk to the archive, make a report, look elsewhere meanwhile, and cancel another one."""
    keep(officer, address)
    view(visitor, address, 0)
    told("another page before", [view(visitor, address, n) for n in range(BEFORE)])
    officer.evaluate(WATCH, say("archive.report_made"))
    press(officer, say("archive.report_make"))
    meanwhile = []
    while not officer.evaluate("window.etkReady"):
        meanwhile.append(view(visitor, address, len(meanwhile)))
    took = officer.evaluate("window.etkReady - window.etkBegan") / 1000
    print(f"{'files on offer after':>24}: {took:.1f} s", flush=True)
    told("another page meanwhile", meanwhile)
    press(officer, say("archive.report_geojson"))
    officer.wait_for_timeout(3000)
    press(officer, say("archive.report_make"))
    officer.get_by_test_id("stProgress").wait_for()
    officer.wait_for_timeout(8000)
    started = time.perf_counter()
    press(officer, say("screen.stop"))
    officer.get_by_text(re.compile("报告已取消")).wait_for()
    print(f"{'cancelled after':>24}: {time.perf_counter() - started:.1f} s", flush=True)


def keep(page: Page, address: str) -> None:
    """Screen the projects of the plan, keep the screening, and open its report."""
    page.goto(f"{address}/screen?run=1&view=files")
    page.get_by_label(say("archive.author"), exact=True).fill("张三")
    page.get_by_test_id("stFormSubmitButton").get_by_role("button").click()
    page.get_by_role("link", name=say("archive.open")).click()
    page.get_by_role("tab", name=say("archive.tab_report")).click()
    page.get_by_role("button", name=say("archive.report_make"), exact=True).wait_for()


def press(page: Page, label: str) -> None:
    """Press a button."""
    page.get_by_role("button", name=label, exact=True).click()


def view(page: Page, address: str, number: int) -> float:
    """Return how many seconds a page takes to be drawn to its end."""
    started = time.perf_counter()
    page.goto(f"{address}/layers?lang={('zh', 'en')[number % 2]}")
    page.get_by_test_id("stDataFrame").first.wait_for()
    page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for()
    return time.perf_counter() - started


def told(name: str, seconds: list[float]) -> None:
    """Print median and most of some times."""
    print(
        f"{name:>24}: median {statistics.median(seconds):.1f} s, "
        f"longest {max(seconds):.1f} s, {len(seconds)} views",
        flush=True,
    )


if __name__ == "__main__":
    main()
