"""The pictures of README.md and of docs/, taken anew from the running app.

Run in the program's folder: ``.venv/bin/python -m docs.pictures [NAME ...]`` (all without a name);
look at each one. They show the data as shipped. Those of the evaluation walk, on made-up values,
are taken by ``docs.evaluation_walk``, those of the stories by ``tests/e2e/pictures.py``.
"""

from __future__ import annotations

import io
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from docs.evaluation_walk import COLOURS, TODAY
from etk_geo.i18n import text
from etk_geo.store import project_root
from tests.conftest import find_browser
from tests.e2e.conftest import FLAGS, MAP_FRAME, copy_project, running_app

FOLDER = Path(__file__).resolve().parent / "images"
PATIENCE_MS = 120_000
SETTLE_MS = 2_500
"""For names on maps and for charts to take their places."""

G338 = "/screen?run=1&view=project&project=g338_chabu_taole"
MUSEUM = "/screen?run=1&view=variants&project=goat_museum"
REPORTED = ("g338_chabu_taole", "general_airport", "qipanjing_park")
REPORT_PAGES = (1, 2, 4, 5)
REPORT_PX = (640, 905)

Act = Callable[[Page], None]


def say(key: str, **values: object) -> str:
    """Return a text of the Chinese pages."""
    return text(key, "zh", **values)


def drawn(page: Page) -> None:
    """Wait until a page and its map are drawn to the end."""
    page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for()
    page.wait_for_function("!document.querySelector('[data-testid=stSkeleton]')")
    if page.locator(MAP_FRAME).count():
        page.frame_locator(MAP_FRAME).last.locator(".etk-map[data-ready]").wait_for()
    page.wait_for_timeout(SETTLE_MS)


def keep_screening(page: Page) -> None:
    """Keep the screening of the plan's projects and go to it in the archive."""
    page.get_by_label(say("archive.author"), exact=True).fill("张三")
    page.get_by_test_id("stFormSubmitButton").get_by_role("button").click()
    page.get_by_role("link", name=say("archive.open")).click()
    page.get_by_role("tab", name=say("archive.tab_report")).wait_for()


def drag_project(page: Page) -> None:
    """Drag the pin of a project some way to the east and keep that as a variant."""
    frame = page.frame_locator(MAP_FRAME).last
    frame.locator(".leaflet-draw-edit-edit").click()
    pin = frame.locator(".etk-pin").bounding_box()
    if pin is None:
        return
    x, y = pin["x"] + pin["width"] / 2, pin["y"] + pin["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 60, y + 30, steps=8)
    page.mouse.up()
    drawn(page)
    page.get_by_role("button", name=say("variant.keep"), exact=True).click()


def fill_in_table(page: Page) -> None:
    """Hand in a table of entries of which one row is wrong."""
    columns = ("name", "status", "value", "year", "date", "source")
    header = [say(f"progress.column.{column}") for column in columns]
    rows = (
        ("新增光伏装机", "", "312.5", "2024", "2025-02", "演示数据"),
        ("新增风电装机", "", "106", "2024", "", "演示数据"),
        ("高速公路建设规模", "", "45", "2024", "", "演示数据"),
        ("没有的指标", "", "1", "2024", "", "演示数据"),
    )
    content = "\n".join(",".join(row) for row in (header, *rows))
    author = page.get_by_role("textbox", name=say("entries.author"))
    author.fill("张三")
    author.press("Tab")
    drawn(page)
    file = {"name": "进展.csv", "mimeType": "text/csv", "buffer": content.encode("utf-8-sig")}
    page.locator('input[type="file"]').set_input_files(file)  # type: ignore[arg-type]
    page.get_by_test_id("stTable").first.wait_for()


def change_layer(page: Page) -> None:
    """Change what is known of a feature, so that the page lists what will change."""
    known = page.get_by_label(say("edit.member.known_zh"), exact=True)
    known.fill("范围以批复为准，图上仅为公开资料所述的四至外包范围。")
    known.press("Tab")
    page.get_by_test_id("stTable").first.wait_for()


def stay(page: Page) -> None:
    """Take the page as it opens."""


SHOTS: dict[str, tuple[str, tuple[int, int], Act]] = {
    "map_zh": ("/", (1280, 800), stay),
    "map_en": ("/?lang=en", (1280, 800), stay),
    "environment_project": (G338, (1280, 1700), stay),
    "environment_matrix": ("/screen?run=1&view=matrix", (1280, 1000), stay),
    "environment_variants": (MUSEUM, (1280, 1300), drag_project),
    "environment_coverage": ("/coverage", (1280, 1100), stay),
    "environment_archive": ("/screen?run=1&view=files", (1280, 1300), keep_screening),
    "desk_entries_zh": ("/entries", (1280, 1300), fill_in_table),
    "edit_layer_zh": (
        "/edit?layer=nature_reserves&feature=west_ordos_reserve",
        (1280, 1900),
        change_layer,
    ),
}
"""Name of each picture: address, size of the window, what is done before it is taken."""


def save(content: bytes, name: str) -> None:
    """Keep a picture with few colours, which keeps it small."""
    picture = Image.open(io.BytesIO(content)).convert("RGB")
    small = picture.quantize(COLOURS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    small.save(FOLDER / f"{name}.png", optimize=True)


def take(browser: Browser, address: str, name: str) -> None:
    """Take one picture of the app."""
    path, (width, height), act = SHOTS[name]
    page = browser.new_page(viewport={"width": width, "height": height})
    page.set_default_timeout(PATIENCE_MS)
    page.goto(address + path)
    drawn(page)
    act(page)
    drawn(page)
    page.evaluate("document.activeElement?.blur(); scrollTo(0, 0)")
    save(page.screenshot(), name)
    page.close()


def take_report() -> None:
    """Set a report of a few projects and put some of its pages side by side (pdftoppm)."""
    from etk_geo.catalog import open_catalog  # noqa: PLC0415
    from etk_geo.model import BANNER_BOUNDS  # noqa: PLC0415
    from etk_geo.plan import open_plan  # noqa: PLC0415
    from etk_geo.reports.rendering import render_report  # noqa: PLC0415
    from etk_geo.reports.source import ReportFacts, read_source  # noqa: PLC0415
    from etk_geo.rules import read_rules  # noqa: PLC0415
    from etk_geo.screening.findings import screen_projects  # noqa: PLC0415
    from etk_geo.screening.measures import passages  # noqa: PLC0415
    from etk_geo.screening.projects import plan_projects  # noqa: PLC0415
    from etk_geo.screening.record import (  # noqa: PLC0415
        Parameters,
        build_record,
        canonical,
    )
    from etk_geo.screening.zones import collect_zones  # noqa: PLC0415

    root, day = project_root(), date(TODAY.year, TODAY.month, TODAY.day)
    catalog, plan, book = open_catalog(root), open_plan(root), read_rules(root)
    projects = plan_projects(catalog, plan)
    projects = projects[projects["project_id"].isin(REPORTED)].reset_index(drop=True)
    zones = collect_zones(catalog, book, on=day)
    found = screen_projects(projects, zones, book, day)
    parameters = Parameters(day.isoformat(), None, BANNER_BOUNDS)
    passed = passages(found, projects, zones)
    record = build_record(found, projects, catalog, book, parameters, passed)
    source = read_source(canonical(record), catalog, plan, book)
    facts = ReportFacts(day, number="2026-0001", author="张三")
    made = render_report(source, facts, "zh", ("pdf",))["pdf"]
    pages = [page_picture(made, number) for number in REPORT_PAGES]
    width, height = REPORT_PX
    sheet = Image.new("RGB", (2 * width, 2 * height), "#9aa5ab")
    for number, picture in enumerate(pages):
        picture.thumbnail((width - 16, height - 16))
        left = number % 2 * width + (width - picture.width) // 2
        sheet.paste(picture, (left, number // 2 * height + 8))
    lowest = 8 + pages[0].height + 8 + max(page.height for page in pages[2:])
    stream = io.BytesIO()
    sheet.crop((0, 0, 2 * width, max(lowest, height + pages[2].height + 16))).save(stream, "PNG")
    save(stream.getvalue(), "environment_report")


def page_picture(pdf: bytes, number: int) -> Image.Image:
    """Return one page of a PDF as a picture."""
    command = ["pdftoppm", "-r", "80", "-f", str(number), "-l", str(number), "-png", "-"]
    done = subprocess.run(command, input=pdf, capture_output=True, check=True)  # noqa: S603
    return Image.open(io.BytesIO(done.stdout)).convert("RGB")


def main(names: list[str]) -> None:
    """Take the pictures that are named, or all."""
    if not names or "environment_report" in names:
        take_report()
    wanted = [name for name in SHOTS if not names or name in names]
    if not wanted:
        return
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        os.environ["ETK_RECORDS"] = str(Path(folder) / "records")
        site = Path(folder) / "app"
        site.mkdir()
        browser = playwright.chromium.launch(executable_path=find_browser(), args=FLAGS)
        with running_app(copy_project(site)) as address:
            for name in wanted:
                take(browser, address, name)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
