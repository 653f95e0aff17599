"""The divider of the comparing page: pointer, keyboard, address, and what is cut off where."""

from __future__ import annotations

import re
from datetime import date

import pytest
from playwright.sync_api import expect
from shapely.geometry import box

from etk_geo.supply.keeping import supply_layer
from tests.e2e.test_pages import forget_own_server, settled
from tests.supply.builders import TODAY, statement, taken

pytestmark = pytest.mark.e2e
DAYS = "first=2023-04-02&second=2023-04-03"
SEEN = """(side) => [...document.querySelectorAll(`[data-side="${side}"]`)].filter((node) => {
  const box = node.getBoundingClientRect();
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  if (!box.width || x < 0 || y < 0 || x > innerWidth || y > innerHeight) return false;
  return document.elementsFromPoint(x, y).includes(node);
}).length"""
"""How many markers and lines of a side can be reached by the pointer: cut off ones cannot."""


@pytest.fixture
def compare(app_url, open_map, page, watch):
    """Open the page with parameters; return the frame of its map and the divider."""

    def run(parameters):
        frame = open_map(f"{app_url}/compare?{parameters}")
        settled(page)
        forget_own_server(page, watch)
        divider = frame.get_by_role("slider")
        expect(divider).to_be_visible()
        return frame, divider

    return run


def seen(frame, side):
    return frame.locator("body").evaluate(f"(body, side) => ({SEEN})(side)", side)


def test_divider_follows_the_keyboard_and_the_address_keeps_it(compare, page):
    _, divider = compare(DAYS)
    divider.focus()
    start = int(divider.get_attribute("aria-valuenow"))
    page.keyboard.press("ArrowRight")
    expect(divider).to_have_attribute("aria-valuenow", str(start + 2))
    page.keyboard.press("PageDown")
    expect(divider).to_have_attribute("aria-valuenow", str(start - 8))
    expect(page).to_have_url(re.compile(f"[?&]swipe={start - 8}(&|$)"))
    page.keyboard.press("End")
    expect(divider).to_have_attribute("aria-valuenow", "100")
    page.keyboard.press("Home")
    expect(divider).to_have_attribute("aria-valuenow", "0")


def test_each_side_is_cut_off_at_the_divider(compare, page):
    frame, divider = compare(DAYS)
    divider.focus()
    page.keyboard.press("Home")
    expect(divider).to_have_attribute("aria-valuenow", "0")
    assert seen(frame, "before") == 0
    assert seen(frame, "after") > 3
    page.keyboard.press("End")
    expect(divider).to_have_attribute("aria-valuenow", "100")
    assert seen(frame, "before") > 3
    assert seen(frame, "after") == 0
    expect(frame.locator('[data-side="after"][data-role^="status_done"]')).to_have_count(1)
    expect(frame.locator('[data-side="before"][data-role^="status_done"]')).to_have_count(0)


def test_divider_is_dragged_and_the_map_stays(compare, page):
    frame, divider = compare(DAYS)
    view = page.url
    box = divider.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 150, y, steps=4)
    page.mouse.up()
    wide = frame.locator(".etk-map").bounding_box()
    expected = round(100 * (x - 150 - wide["x"]) / wide["width"])
    expect(divider).to_have_attribute("aria-valuenow", str(expected))
    expect(page).to_have_url(re.compile(f"swipe={expected}"))
    moved = [re.search("view=([^&]*)", address) for address in (view, page.url)]
    assert moved[0] is None or moved[0][1] == moved[1][1]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    "view", [{"width": 1280, "height": 900}, {"width": 1920, "height": 1080}], indirect=True
)
def test_link_reopens_the_same_comparison(compare, page, lang):
    frame, divider = compare(f"{DAYS}&swipe=30&view=107.95,39.1,9&lang={lang}")
    expect(divider).to_have_attribute("aria-valuenow", "30")
    expect(frame.get_by_text("2023-04-02", exact=True)).to_be_visible()
    expect(frame.get_by_text("2023-04-03", exact=True)).to_be_visible()
    main = page.get_by_test_id("stMain")
    name = {"zh": "鄂托克旗通用机场", "en": "Otog general aviation airport"}[lang]
    expect(main.get_by_role("cell", name=name, exact=True)).to_be_visible()
    expect(page).to_have_url(re.compile(r"view=107\.9\d*,39\.1\d*,9&"))


def test_two_years_and_one_target_reopen(compare, page):
    frame, _ = compare("by=years&first=2023&second=2024&target=park_output")
    expect(frame.get_by_text("2023 年", exact=True)).to_be_visible()
    chosen = page.get_by_role("combobox", name="选择指标")
    expect(chosen).to_have_value("鄂托克经济开发区产值规模")
    expect(frame.locator('[data-side="after"][data-role^="light_grey"]').first).to_be_attached()
    expect(page).to_have_url(re.compile("target=park_output"))


def test_official_layer_is_on_the_side_of_the_day_on_which_it_was_in_force(
    project, start_app, open_map, page, watch
):
    given = statement("basic_grassland", title_zh="旗基本草原", valid_from=date(2025, 6, 1))
    supply_layer(project, taken([box(107.4, 39.0, 108.0, 39.4)]), given, TODAY)
    address = f"{start_app(project)}/compare?view=107.7,39.2,9"
    frame = open_map(f"{address}&first=2025-05-31&second=2025-06-01")
    settled(page)
    forget_own_server(page, watch)
    assert drawn_on_sides(frame) == ["after"]
    row = page.get_by_role("row").filter(has_text="旗基本草原")
    expect(row.get_by_role("cell")).to_have_text(["旗基本草原", "2025-06-01", "仍有效", "否", "是"])
    expect(page.get_by_text("效力不同的法定图层 1 个")).to_be_visible()
    frame = open_map(f"{address}&first=2025-06-01&second=2025-06-02")
    settled(page)
    forget_own_server(page, watch)
    assert drawn_on_sides(frame) == ["after", "before"]
    expect(page.get_by_text("两期之间没有法定图层生效或失效")).to_be_visible()


def drawn_on_sides(frame):
    """Return on which sides official layers are drawn; one as a layer of the map is on both."""
    expect(frame.locator('path[data-role^="after-"]').first).to_be_attached()
    expect(frame.get_by_role("button", name="基本草原 1", exact=True)).to_have_count(
        0, timeout=3_000
    )
    return sorted(
        path.get_attribute("data-side")
        for path in frame.locator('path[data-role^="after-"], path[data-role^="before-"]').all()
    )
