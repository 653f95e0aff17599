"""A long screening and a report, cancelled in the browser: the page is usable afterwards."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import expect

from etk_geo.i18n import text
from tests.e2e.choosing import choose
from tests.e2e.conftest import copy_project, running_app
from tests.e2e.test_pages import forget_own_server, settled

pytestmark = pytest.mark.e2e
SCRIPT = "desk_app.py"
WORK_MS = 240_000
"""How long a busy computer may take for the tables of 65 projects."""


def say(key, **values):
    return text(key, "zh", **values)


@pytest.fixture(scope="module")
def desk_url(tmp_path_factory):
    folder = copy_project(tmp_path_factory.mktemp("desk"))
    shutil.copy(Path(__file__).with_name(SCRIPT), folder / SCRIPT)
    with running_app(folder, SCRIPT) as address:
        yield address


def press(page, label):
    page.get_by_role("button", name=label, exact=True).click()


def choose_list(page, pattern):
    box = page.get_by_test_id("stSelectbox").first.locator("input")
    choose(box, page.get_by_role("option", name=re.compile(pattern)))


def test_long_screening_is_cancelled_and_another_one_made(desk_url, page, watch):
    page.goto(f"{desk_url}/screen")
    choose_list(page, "30000")
    page.get_by_role("button", name=say("screen.start", n=30000)).click()
    bar = page.get_by_test_id("stProgress")
    expect(bar).to_contain_text(re.compile(r"\d+.*30000"))
    press(page, say("screen.stop"))
    expect(page.get_by_text(re.compile("筛查已取消，完成了 \\d+/30000 个项目"))).to_be_visible()
    expect(bar).to_have_count(0)
    expect(page).not_to_have_url(re.compile("run="))
    choose_list(page, "规划项目")
    page.get_by_role("button", name=say("screen.start", n=65)).click()
    expect(page.locator(".etk-head").first).to_contain_text("65 个项目都还不能判断")
    forget_own_server(page, watch)


def test_report_is_cancelled_and_another_one_taken_away(desk_url, page, watch, tmp_path):
    page.goto(f"{desk_url}/screen?run=1&view=files")
    page.get_by_label(say("archive.author"), exact=True).fill("张三")
    page.get_by_test_id("stFormSubmitButton").get_by_role("button").click()
    page.get_by_role("link", name=say("archive.open")).click()
    page.get_by_role("tab", name=say("archive.tab_report")).click()
    press(page, say("archive.report_make"))
    press(page, say("screen.stop"))
    expect(page.get_by_text(re.compile("报告已取消（完成 \\d+/\\d+ 步）"))).to_be_visible()
    for form in ("docx", "pdf"):
        press(page, say(f"archive.report_{form}"))
        settled(page)
    press(page, say("archive.report_make"))
    expect(page.get_by_text(say("archive.report_made"))).to_be_visible(timeout=WORK_MS)
    for form, begins in (("xlsx", b"PK"), ("geojson", b"{")):
        button = page.get_by_role("button", name=re.compile(f"-0001-report\\.{form}$"))
        with page.expect_download() as download:
            button.click()
        path = tmp_path / form
        download.value.save_as(path)
        assert path.read_bytes().startswith(begins)
    expect(page.get_by_role("button", name=re.compile("report\\.pdf$"))).to_have_count(0)
    forget_own_server(page, watch)
