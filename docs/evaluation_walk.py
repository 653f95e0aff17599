"""One evaluation on made-up values: the counts and the pictures of docs/evaluation_walk.md.

Run in the program's folder: ``.venv/bin/python -m docs.evaluation_walk``. The values are those of
``docs/demonstration.csv``, taken in as a user would, into records of their own; the counts are
written into the page between its marks, the pictures below ``docs/images``.
"""

from __future__ import annotations

import io
import os
import tempfile
from datetime import UTC, date, datetime
from pathlib import Path

from etk_geo.database import open_database
from etk_geo.evaluation import GapKind, compare, evaluate, open_rules
from etk_geo.plan import open_plan
from etk_geo.progress import Intake, Journal, ProgressBook, read_entries
from etk_geo.store import project_root

TODAY = date(2026, 6, 20)
YEAR = 2025
HERE = Path(__file__).resolve().parent
TABLE = HERE / "demonstration.csv"
PAGE = HERE / "evaluation_walk.md"
START, END = "<!-- counts -->", "<!-- /counts -->"
PICTURES = {
    "desk_sectors_zh": "/sectors?year=2025",
    "desk_evaluate_zh": "/evaluate?year=2025",
    "desk_compare_zh": "/compare?first=2023-12-31&second=2025-12-31",
    "desk_compare_en": "/compare?by=years&first=2024&second=2025&lang=en",
    "desk_find_zh": "/find?q=%E6%A3%8B%E7%9B%98%E4%BA%95&pick=project:qipanjing_park",
    "desk_project_zh": "/project?project=general_airport",
    "desk_structure_en": "/structure?pattern=functional_spaces&lang=en",
}
VIEW = {"width": 1280, "height": 1000}
COLOURS = 256
DRAWN = """() => document.querySelector('[data-testid=stApp]')?.dataset.testScriptState ===
  'notRunning' && !document.querySelector('[data-testid=stSkeleton]') &&
  document.querySelector('h1')"""


def take_in(root: Path) -> tuple[Intake, ProgressBook]:
    """Take the table in as the page for tables of entries does; return it and the book after it."""
    plan = open_plan(root)
    journal = Journal(open_database(root), plan, lambda: datetime(2026, 6, 20, 8, tzinfo=UTC))
    content = TABLE.read_bytes()
    found = read_entries(TABLE.name, content, plan, journal.book(), author="演示", today=TODAY)
    for draft in found.drafts:
        journal.enter(draft, seen=journal.book().newest(draft.line))
    return found, journal.book()


def counts(root: Path) -> str:
    """Return the counts of the walk as a table in both languages."""
    plan, rules = open_plan(root), open_rules(root)
    empty = evaluate(plan, ProgressBook(()), rules, YEAR)
    found, book = take_in(root)
    earlier, now = (evaluate(plan, book, rules, year) for year in (YEAR - 1, YEAR))
    compared = compare(earlier, now)
    lights = {str(light): n for light, n in now.lights().items()}
    statuses = {str(status): n for status, n in now.statuses().items()}
    gaps = {kind: sum(gap.kind is kind for gap in now.gaps) for kind in GapKind}
    rows = [
        ("有 2025 年目标的指标 · figures with a 2025 target", len(now.results)),
        ("登记前不判断 · not judged before entering", sum(r.actual is None for r in empty.results)),
        (
            "登记：行、有问题的行 · rows taken in, refused",
            f"{len(found.drafts)}, {len(found.issues)}",
        ),
        (
            "2025 年：绿、黄、红、不判断 · green, amber, red, not judged",
            ", ".join(str(lights[light]) for light in ("green", "amber", "red", "grey")),
        ),
        (
            "项目：未开工、推进中、已完成、已停止、无数据 · projects by status, none last",
            ", ".join(str(n) for n in statuses.values()),
        ),
        ("没有实际值的指标 · targets without a value", gaps[GapKind.NO_ACTUAL]),
        ("没有基期值的指标 · targets without a baseline", gaps[GapKind.NO_BASELINE]),
        ("没有进展登记的项目 · projects without an entry", gaps[GapKind.NO_STATUS]),
        (
            "2024 与 2025 年不同的指标、项目 · targets, projects that differ",
            ", ".join(
                str(sum(pair.differs for pair in pairs))
                for pairs in (compared.targets, compared.projects)
            ),
        ),
    ]
    lines = [f"| {what} | {n} |" for what, n in rows]
    return "\n".join([START, "| | |", "|---|---|", *lines, END])


def written(page: str, table: str) -> str:
    """Return the page with the counts in the place of the older ones."""
    head, rest = page.split(START)
    return head + table + rest.split(END)[1]


def take_pictures(root: Path) -> None:
    """Start the app on the records and take the pictures, with few colours to keep them small."""
    from PIL import Image  # noqa: PLC0415
    from playwright.sync_api import sync_playwright  # noqa: PLC0415

    from tests.conftest import find_browser  # noqa: PLC0415
    from tests.e2e.conftest import FLAGS, copy_project, running_app  # noqa: PLC0415

    root.mkdir()
    copy_project(root)
    take_in(root)
    with running_app(root) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=FLAGS)
        for name, path in PICTURES.items():
            page = browser.new_page(viewport=VIEW)
            page.goto(address + path)
            page.wait_for_function(DRAWN, timeout=120_000)
            if page.locator("iframe").count():
                frame = page.frame_locator("iframe").last
                frame.locator(".etk-map[data-ready]").wait_for(timeout=120_000)
            page.wait_for_timeout(2_000)  # charts and names settle
            picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
            small = picture.quantize(COLOURS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
            small.save(HERE / "images" / f"{name}.png", optimize=True)
            page.close()
        browser.close()


def main() -> None:
    """Write the counts and take the pictures."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["ETK_RECORDS"] = str(Path(folder) / "records")
        PAGE.write_text(written(PAGE.read_text("utf-8"), counts(project_root())), "utf-8")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["ETK_RECORDS"] = str(Path(folder) / "records")
        take_pictures(Path(folder) / "app")


if __name__ == "__main__":
    main()
