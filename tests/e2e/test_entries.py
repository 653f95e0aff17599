"""Tables of progress entries in a real browser: down, filled in, up again, entered, taken back."""

from __future__ import annotations

from contextlib import closing

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect

from etk_geo.database import open_database
from etk_geo.i18n import text
from etk_geo.plan import open_plan
from etk_geo.progress import Journal
from tests.e2e.conftest import copy_project, running_app

pytestmark = pytest.mark.e2e
HOSTILE = '<img src=x onerror="window.top.hurt=1">'


@pytest.fixture
def site(tmp_path_factory):
    root = copy_project(tmp_path_factory.mktemp("entries"))
    with running_app(root) as address:
        yield root, address


def opened(page, url, lang):
    page.goto(f"{url}/entries?lang={lang}")
    expect(page.get_by_role("heading", name=text("entries.export", lang))).to_be_visible()
    idle(page)
    # Opened below its root, Streamlit's page first looks for its own server there: a 404.
    page.wait_for_load_state("networkidle")
    page.watch.errors[:] = [error for error in page.watch.errors if "404" not in error]


def idle(page):
    app = page.get_by_test_id("stApp")
    expect(app).to_have_attribute("data-test-script-state", "notRunning")


def holding(root):
    """Return what is said by the users' entries that hold."""
    with closing(open_database(root)) as database:
        book = Journal(database, open_plan(root), lambda: None).book()
        return {
            entry.said.subject: entry.said
            for entry in book.entries
            if book.holds(entry) and not entry.is_shipped
        }


def filled_in(path, values, lang):
    """Fill in rows of a template by the id of their subject."""
    book = load_workbook(path)
    sheet = book.active
    heads = [cell.value for cell in sheet[1]]
    for row in range(2, sheet.max_row + 1):
        for name, value in values.get(sheet.cell(row, 1).value, {}).items():
            at = heads.index(text(f"progress.column.{name}", lang)) + 1
            sheet.cell(row, at, value).data_type = "n" if isinstance(value, float) else "s"
    book.save(path)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_table_goes_out_comes_back_is_entered_and_taken_back(site, page, tmp_path, lang):
    root, url = site
    opened(page, url, lang)
    with page.expect_download() as download:
        page.get_by_role("button", name=text("entries.download", lang)).click()
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    good = {
        "pv_capacity": {"value": 312.5, "source": "年报"},
        "wulan_roads": {"status": text_of_status(root, "done", lang), "source": HOSTILE},
    }
    filled_in(path, {**good, "wind_capacity": {"value": "六十", "source": "年报"}}, lang)
    page.locator('input[type="file"]').set_input_files(str(path))
    wrong = page.get_by_test_id("stTable")
    expect(wrong).to_contain_text("六十")
    enter = page.get_by_test_id("stMain").locator("[class*=st-key-entries_enter] button")
    expect(enter).to_be_disabled()
    filled_in(path, {**good, "wind_capacity": {"value": "", "source": ""}}, lang)
    author = page.get_by_label(text("entries.author", lang), exact=True)
    author.fill("张三")
    author.press("Tab")
    idle(page)
    # By the dialog: only there may a browser's field take a file of the same name once more.
    with page.expect_file_chooser() as chooser:
        page.get_by_test_id("stFileUploader").locator("button").last.click()
    chooser.value.set_files(str(path))
    expect(wrong).to_have_count(0)
    expect(enter).to_contain_text("2")
    expect(enter).to_be_enabled()
    enter.click()
    expect(page.get_by_test_id("stAlertContentSuccess")).to_contain_text(path.name)
    held = holding(root)
    assert held["pv_capacity"].value == 312.5
    assert (held["wulan_roads"].status, held["wulan_roads"].source) == ("done", HOSTILE)
    assert page.evaluate("window.hurt === undefined")
    idle(page)
    page.get_by_test_id("stMain").locator("[class*=st-key-entries_undo] button").click()
    expect(page.get_by_test_id("stAlertContentSuccess")).to_contain_text(
        text("entries.undone", lang)[:6]
    )
    assert holding(root) == {}


def text_of_status(root, status, lang):
    return open_plan(root).word("progress", status, lang)
