"""Table and map of the finding page as two views of one selection."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.test_pages import forget_own_server, settled

pytestmark = pytest.mark.e2e
CHOSEN = "[?&]pick=project%3A"


@pytest.fixture
def find(app_url, open_map, page, watch):
    """Open the page with parameters; return the frame of its map."""

    def run(parameters):
        frame = open_map(f"{app_url}/find?{parameters}")
        settled(page)
        forget_own_server(page, watch)
        return frame

    return run


def test_row_of_the_table_is_marked_on_the_map(find, page):
    frame = find("kind=project&q=qpj")
    table = page.get_by_test_id("stDataFrame").locator("canvas").first
    box = table.bounding_box()
    page.mouse.click(box["x"] + 18, box["y"] + 52)
    expect(page).to_have_url(re.compile(CHOSEN))
    expect(frame.locator(".etk-marked, [data-traced]").first).to_be_attached()


def test_feature_of_the_map_is_marked_in_the_table(find, page):
    frame = find("kind=project")
    marker = frame.locator('[data-feature="qipanjing_park"]').first
    marker.dispatch_event("click")
    expect(page).to_have_url(re.compile(f"{CHOSEN}qipanjing_park"))
    expect(page.get_by_role("link", name="打开项目页")).to_be_visible()
    frame.get_by_role("dialog").get_by_role("button").click()
    expect(page).not_to_have_url(re.compile("pick="))


def test_selection_fades_the_rest_of_the_map(find):
    frame = find("category=railway&kind=project")
    expect(frame.locator('.etk-marker[data-feature="qipanjing_park"]')).to_have_class(
        re.compile("etk-faded")
    )


def test_link_reopens_the_same_selection(find, page):
    frame = find("lang=en&kind=project&pick=project:qipanjing_park")
    expect(frame.locator('.etk-marker[data-feature="qipanjing_park"]')).to_have_class(
        re.compile("etk-marked")
    )
    page.get_by_role("link", name="Open the project").click()
    expect(page.get_by_role("heading", level=1, name="One project", exact=True)).to_be_visible()
    expect(page).to_have_url(re.compile("project=qipanjing_park"))
    expect(page).to_have_url(re.compile("lang=en"))
