"""Editing layers in a real browser: drawing, saving, two people, leaving, hostile names."""

from __future__ import annotations

import json
import re
from contextlib import contextmanager

import pytest
from playwright.sync_api import expect

from etk_geo.catalog import open_catalog
from etk_geo.i18n import text
from tests.app.conftest import CJK
from tests.e2e.choosing import choose
from tests.e2e.conftest import MAP_FRAME, PATIENCE_MS, Watch, copy_project, running_app

pytestmark = pytest.mark.e2e
HAND_MS = 120
"""Leaflet.draw takes no second corner within 50 ms of the first: no hand is faster."""
HOSTILE = '<img src=x onerror="window.top.hurt=1">'
PARKS, PLANTS = "industrial_parks", "power_plants"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A project folder that the tests of this file edit, each another feature."""
    root = copy_project(tmp_path_factory.mktemp("edited"))
    with running_app(root) as address:
        yield root, address


@pytest.fixture
def root(site):
    return site[0]


@pytest.fixture
def url(site):
    return site[1]


def opened(page, url, layer, feature, lang="zh"):
    page.goto(f"{url}/edit?lang={lang}&layer={layer}&feature={feature}")
    frame = page.frame_locator(MAP_FRAME).last
    frame.locator(".etk-map[data-ready]").wait_for()
    expect(page.get_by_role("heading", name=text("edit.review", lang))).to_be_visible()
    idle(page)
    # Opened below its root, Streamlit's page first looks for its own server there: a 404.
    page.wait_for_load_state("networkidle")
    page.watch.errors[:] = [error for error in page.watch.errors if "404" not in error]
    return frame


def idle(page):
    app = page.get_by_test_id("stApp")
    expect(app).to_have_attribute("data-test-script-state", "notRunning")


def enter(page, name, value, lang="zh", nth=0):
    """Fill in a field by its label and leave it."""
    field = page.get_by_label(text(f"edit.member.{name}", lang), exact=True).nth(nth)
    field.fill(value)
    field.press("Tab")
    idle(page)


def press(page, name, lang="zh"):
    page.get_by_role("button", name=text(f"edit.{name}", lang), exact=False).first.click()


def sign(page, lang="zh", author="张三"):
    for name, value in (("author", author), ("reason", "核实"), ("source", "现场测量")):
        enter(page, name, value, lang)


def choose_named(page, label, option):
    idle(page)
    field = page.get_by_label(label, exact=True)
    choose(field, page.get_by_role("option", name=option, exact=True), option[:2])
    idle(page)


def tool(frame, name, lang="zh"):
    frame.get_by_title(text(f"drawing.tool.{name}", lang), exact=True).click()


def click(page, *points):
    map_ = page.locator(MAP_FRAME).last
    map_.scroll_into_view_if_needed()
    box = map_.bounding_box()
    for x, y in points:
        page.mouse.move(box["x"] + x, box["y"] + y)
        page.mouse.click(box["x"] + x, box["y"] + y)
        page.wait_for_timeout(HAND_MS)


def row(root, layer, feature):
    return open_catalog(root).layers[layer].gdf.set_index("id").loc[feature]


@contextmanager
def another_person(browser, view):
    """A second browser, whose cookies and storage are its own."""
    context = browser.new_context(viewport=view)
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    page.watch = Watch(page)
    yield page
    assert not page.watch.outside
    assert not page.watch.errors
    context.close()


@pytest.mark.parametrize("view", [{"width": 1920, "height": 1080}], indirect=True)
def test_position_is_drawn_described_saved_and_undone(url, root, page):
    feature = "qipanjing_east"
    frame = opened(page, url, PARKS, feature)
    before = open_catalog(root).layers[PARKS].provenance.sha256
    tool(frame, "draw.toolbar.buttons.marker")
    click(page, (300, 250))
    expect(page.get_by_text(text("edit.say_accuracy", "zh"))).to_be_visible()
    expect(page.get_by_text("ETK125")).to_be_visible()
    expect(page.get_by_role("button", name=text("edit.save", "zh"))).to_be_disabled()
    choose_named(page, text("edit.member.bound", "zh"), "参考位置（占地范围未知）")
    enter(page, "accuracy_zh", "按复函附图")
    sign(page)
    changes = page.get_by_test_id("stTable").first
    expect(changes).to_contain_text("点 1 个，东经")
    press(page, "save")
    expect(page.get_by_text("已保存（第", exact=False)).to_be_visible()
    kept = row(root, PARKS, feature)
    assert 106.5 < kept.geometry.x < 108.9
    assert (kept.bound, kept.accuracy_zh) == ("position", "按复函附图")
    assert kept.accuracy_m > 500
    assert open_catalog(root).layers[PARKS].provenance.sha256 != before
    history = page.get_by_test_id("stTable").last
    expect(history).to_contain_text("现场测量")
    idle(page)
    page.get_by_text(text("edit.back", "zh"), exact=True).click()
    undo = page.get_by_role("button", name=text("edit.undo", "zh"))
    expect(undo).to_be_visible()
    undo.click()
    expect(page.get_by_test_id("stTable").first).to_contain_text("撤销第 1 次")
    assert row(root, PARKS, feature).geometry is None
    assert open_catalog(root).layers[PARKS].provenance.sha256 == before, "byte for byte"


def test_dragged_corner_counts_at_once_with_the_accuracy_of_the_view(url, page):
    frame = opened(page, url, "nature_reserves", "west_ordos_reserve")
    expect(page.get_by_text("面 1 块、5 个拐点，面积 981,849.1 公顷")).to_be_visible()
    tool(frame, "edit.toolbar.buttons.edit")
    corner = frame.locator(".leaflet-editing-icon").first
    corner.scroll_into_view_if_needed()
    box = corner.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 50, box["y"] + 40, steps=5)
    page.mouse.up()
    expect(page.get_by_test_id("stTable").first).to_contain_text("中心移动")
    accuracy = page.get_by_label(text("drawing.accuracy", "zh"), exact=True)
    expect(accuracy).to_have_value(re.compile(r"^([6-9]|[1-9]\d)\d\d$|^[1-9]\d{3,}$"))


def test_mixed_shapes_are_refused_in_words(url, page):
    frame = opened(page, url, PARKS, "qipanjing_park")
    tool(frame, "draw.toolbar.buttons.polygon")
    click(page, (150, 200), (250, 200), (250, 300), (150, 300), (150, 200))
    expect(page.get_by_text("ETK667")).to_be_visible()
    expect(page.get_by_role("button", name=text("edit.save", "zh"))).to_have_count(0)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_two_people_who_edit_one_feature_see_both_versions(browser, url, root, page, view, lang):
    plants = list(open_catalog(root).layers[PLANTS].gdf["id"])
    feature = plants[0 if lang == "zh" else 1]
    opened(page, url, PLANTS, feature, lang)
    enter(page, "known_zh", "我的说明", lang)
    with another_person(browser, view) as other:
        opened(other, url, PLANTS, feature, lang)
        enter(other, "known_zh", HOSTILE, lang)
        enter(other, "name_zh", "对方改的名", lang)
        sign(other, lang, author="李四")
        press(other, "save", lang)
        expect(other.get_by_text(text("edit.act.change", lang), exact=True)).to_be_visible()
    enter(page, "author", "张三", lang)
    expect(page.get_by_role("heading", name=text("edit.meeting.title", lang))).to_be_visible()
    idle(page)
    expect(page.get_by_text("李四").first).to_be_visible()
    both = page.get_by_test_id("stTable").first
    expect(both).to_contain_text(HOSTILE)
    expect(both).to_contain_text("我的说明")
    assert page.evaluate("window.hurt === undefined")
    assert row(root, PLANTS, feature).known_zh == HOSTILE
    mine = page.get_by_role("radio", name=text("edit.column.mine", lang), exact=True)
    mine.locator("xpath=ancestor::label").click()
    expect(mine).to_be_checked()
    press(page, "meeting.go_on", lang)
    expect(page.get_by_role("button", name=text("edit.save", lang))).to_be_visible()
    sign(page, lang)
    press(page, "save", lang)
    expect(page.get_by_test_id("stTable").first).to_contain_text("李四")
    kept = row(root, PLANTS, feature)
    assert (kept.known_zh, kept.name_zh) == ("我的说明", "对方改的名")
    edits = json.loads((root / f"data/edits/{PLANTS}.json").read_text("utf-8"))
    assert [e["author"] for e in edits if e["feature"] == feature] == ["李四", "张三"]


def test_window_with_changes_asks_before_it_is_left(url, page):
    opened(page, url, PARKS, "qipanjing_park")
    enter(page, "known_zh", "还没存")
    expect(page.get_by_role("button", name=text("edit.save", "zh"))).to_be_visible()
    page.wait_for_function("window.etkUnsaved === true")
    asked = []

    def stay(dialog):
        asked.append(dialog.type)
        dialog.dismiss()

    page.once("dialog", stay)
    with page.expect_event("dialog"):
        page.evaluate("setTimeout(() => location.reload(), 0)")
    assert asked == ["beforeunload"]
    expect(page.get_by_label(text("edit.member.known_zh", "zh"), exact=True)).to_have_value(
        "还没存"
    )
    press(page, "drop")
    page.wait_for_function("window.etkUnsaved === false")


def test_feature_is_opened_by_a_click_on_the_map(url, page):
    page.goto(f"{url}/edit?layer={PARKS}")
    frame = page.frame_locator(MAP_FRAME).last
    frame.locator(".etk-map[data-ready]").wait_for()
    page.wait_for_load_state("networkidle")
    page.watch.errors.clear()
    frame.locator(f"[data-layer={PLANTS}], .leaflet-marker-icon").first.click()
    expect(page).to_have_url(re.compile(r"[?&]feature=\w+"))
    expect(page.get_by_role("heading", name=text("edit.review", "zh"))).to_be_visible()


@pytest.mark.parametrize("view", [{"width": 1920, "height": 1080}], indirect=True)
def test_labels_speak_english(url, page):
    opened(page, url, "railways", "baoyin_hsr", "en")
    for summary in page.get_by_test_id("stExpander").locator("summary").all():
        assert not CJK.search(summary.inner_text())
    for label in page.get_by_test_id("stMain").locator("label").all():
        if "Chinese" not in label.inner_text():
            assert not CJK.search(label.inner_text()), label.inner_text()
