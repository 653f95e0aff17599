"""The meeting's pages in the app: the live preview of a story, and a kiosk left alone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from etk_geo.i18n import text
from tests.e2e.test_pages import go
from tests.e2e.test_player import WATCH_RETURN

pytestmark = pytest.mark.e2e
PREVIEW = 'iframe[src*="preview-plan"]'


def test_preview_shows_what_was_written(app_url, page):
    go(page, app_url, "stories")
    heading = page.frame_locator(PREVIEW).locator(".etkp[data-ready] .etkp-panel h1")
    expect(heading).to_have_text("一张图看规划")
    page.get_by_label(text("story_editor.title_zh", "zh"), exact=True).fill("全旗一张图")
    page.get_by_role("button", name=text("story_editor.apply", "zh")).click()
    expect(heading).to_have_text("全旗一张图")


def test_kiosk_left_alone_goes_to_the_story_and_back_to_its_beginning(
    project, start_app, page, monkeypatch
):
    monkeypatch.setenv("ETK_KIOSK", "1")
    monkeypatch.setenv("ETK_KIOSK_IDLE_S", "3")
    page.goto(start_app(project))
    expect(page).to_have_url(re.compile(r"/display/play-plan-zh-"))
    page.locator(".etkp[data-ready]").wait_for()
    page.evaluate(WATCH_RETURN)
    page.keyboard.press("End")
    assert page.evaluate("window.returned")
