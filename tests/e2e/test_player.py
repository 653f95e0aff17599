"""The player at a meeting: clicker, notes, by itself, exploring, time, touch, idling."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from etk_geo.handout.content import Setting
from tests.e2e.documents import SIZES, opened, story_document, write_page

pytestmark = pytest.mark.e2e
CALM = {"reduced_motion": "reduce"}
PHONE = SIZES[2]
VIEW = "[etk.player.map.getCenter().lng, etk.player.map.getCenter().lat, etk.player.map.getZoom()]"
RESIZED = """new Promise((done) => {
  new ResizeObserver(() => setTimeout(done)).observe(document.body);
})"""
HOLDS_THE_MARKED = """(node) => {
  const map = node.getBoundingClientRect();
  return [...node.querySelectorAll(".etk-marked")].every((mark) => {
    const box = mark.getBoundingClientRect();
    const across = box.left > map.left && box.right < map.right;
    return across && box.top > map.top && box.bottom < map.bottom;
  });
}"""

WATCH_RETURN = """() => {
  const root = document.querySelector(".etkp");
  window.returned = new Promise((done) => {
    let left = false;
    new MutationObserver(() => {
      left = left || root.dataset.scene === "missing";
      if (left && root.dataset.scene === "overview") done(true);
    }).observe(root, { attributes: true, attributeFilter: ["data-scene"] });
    setTimeout(() => done(false), 60000);
  });
}"""
"""Remembers that the last scene was left for the first: a busy test may not see it happen."""


@pytest.fixture(scope="module")
def plan(tmp_path_factory):
    return write_page(tmp_path_factory.mktemp("player") / "p.html", story_document("plan", "zh"))


@pytest.fixture(scope="module")
def rail(tmp_path_factory):
    document = story_document("roads_rail", "zh")
    return write_page(tmp_path_factory.mktemp("player") / "r.html", document)


def test_black_screen_and_back_keeps_the_scene(browser, plan):
    with opened(browser, plan, **CALM) as shown:
        shown.press("PageDown", "b")
        black = shown.page.locator(".etkp-black")
        expect(black).to_be_visible()
        assert black.evaluate("(node) => getComputedStyle(node).backgroundColor") == "rgb(0, 0, 0)"
        assert black.bounding_box() == {"x": 0, "y": 0, "width": 1280, "height": 720}
        shown.press(".")
        expect(black).to_be_hidden()
        shown.at("water")
        shown.press("b", "PageDown")  # the clicker wakes the screen
        shown.at("reserves")
        expect(black).to_be_hidden()


def test_large_type_on_a_projector(browser, plan):
    """One part in forty of the picture's height is read from the last row (some 18 pt at A4)."""
    with opened(browser, plan, **CALM) as shown:
        for scene in range(10):
            shown.press("Home" if scene == 0 else "PageDown")
            size = shown.page.locator(".etkp-words p").first.evaluate(
                "(node) => parseFloat(getComputedStyle(node).fontSize)"
            )
            assert size >= 720 / 40


def test_jump_by_dots_and_by_the_list_of_scenes(browser, plan):
    with opened(browser, plan, **CALM) as shown:
        dots = shown.page.locator(".etkp-dot")
        expect(dots).to_have_count(10)
        dots.nth(3).click()
        shown.at("mines")
        expect(shown.page.locator(".etkp-past")).to_have_count(3)
        shown.press("o")
        shown.page.get_by_role("button", name="9. 乌兰镇：城镇与民生").press("Enter")
        shown.at("towns")
        assert shown.page.url.endswith("#9")


def test_notes_are_for_the_presenter_and_follow_the_scene(browser, plan):
    with opened(browser, plan, **CALM) as shown:
        notes = shown.page.locator(".etkp-notes")
        expect(notes).to_be_hidden()
        shown.press("n")
        expect(notes).to_contain_text("只供内部讨论")
        shown.press("PageDown")
        expect(notes).to_contain_text("75 公里是区划调整前的旧数")
        with shown.page.expect_popup() as popup:
            shown.press("Shift+N")
        window = popup.value
        expect(window.locator("h1")).to_have_text("两条河：黄河与都斯图河")
        expect(window.locator("body")).to_contain_text("下一幕： 自然保护地：边界没有公开")
        window.bring_to_front()
        window.keyboard.press("PageDown")  # the clicker works whichever window has the focus
        shown.at("reserves")
        expect(window.locator("h1")).to_have_text("自然保护地：边界没有公开")
        window.close()


def test_plays_by_itself_and_stops_at_the_end(browser, tmp_path):
    document = story_document("plan", "zh")
    for scene in document["story"]["scenes"]:
        scene["seconds"] = 0.05
    with opened(browser, write_page(tmp_path / "p.html", document), **CALM) as shown:
        shown.press("a")
        shown.at("missing")
        expect(shown.page.locator(".etkp-auto")).to_have_attribute("aria-pressed", "false")


def test_pause_to_explore_and_come_back(browser, plan):
    with opened(browser, plan, **CALM) as shown:
        shown.press("5")
        shown.at("parks")
        before = shown.page.evaluate(VIEW)
        box = shown.page.locator(".etkp-map-box").bounding_box()
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        shown.press("a")
        shown.page.mouse.move(x, y)
        shown.page.mouse.down()
        shown.page.mouse.move(x - 200, y + 60, steps=4)
        shown.page.mouse.up()
        back = shown.page.get_by_role("button", name="回到讲述")
        expect(back).to_be_visible()
        expect(shown.page.locator(".etkp-auto")).to_have_attribute("aria-pressed", "false")
        assert shown.page.evaluate(VIEW) != before
        shown.press("r")
        expect(back).to_be_hidden()
        assert shown.page.evaluate(VIEW) == pytest.approx(before, abs=0.005)  # whole pixels
        shown.press("e")  # the map takes all the room
        expect(shown.page.locator(".etkp-panel")).to_be_hidden()
        shown.press("Escape")
        expect(shown.page.locator(".etkp-panel")).to_be_visible()


def test_full_screen_keeps_what_is_shown(browser, plan):
    with opened(browser, plan, **CALM) as shown:
        shown.press("5")
        shown.at("parks")
        shown.page.set_viewport_size({"width": 1920, "height": 1080})
        shown.page.evaluate(RESIZED)
        shown.settled()
        assert shown.page.locator(".etk-marked").count() == 2
        assert shown.page.locator("#etk-map").evaluate(HOLDS_THE_MARKED)


def test_camera_moves_through_what_lies_between(browser, rail):
    with opened(browser, rail) as shown:
        shown.page.evaluate(
            """() => {
              const { map } = etk.player;
              window.zooms = [];
              map.on("move", () => window.zooms.push(map.getZoom()));
              window.arrived = new Promise((done) => map.once("moveend", done)).then(() => null);
            }"""
        )
        start = shown.page.evaluate("etk.player.map.getZoom()")
        shown.press("4")
        shown.page.evaluate("window.arrived")
        zooms = shown.page.evaluate("window.zooms")
        end = zooms[-1]
        between = [zoom for zoom in zooms if start < zoom < end]
        assert end > start + 1
        assert len(between) >= 3


def test_year_slider_shows_what_is_there_by_then(browser, rail):
    with opened(browser, rail, **CALM) as shown:
        shown.press("End")
        shown.at("built")
        ticks = shown.page.locator(".etk-built")
        expect(ticks).to_have_count(2)
        slider = shown.page.get_by_role("slider")
        expect(slider).to_have_attribute("aria-valuetext", "2025 年 · 目标年")
        slider.focus()
        shown.press("ArrowLeft", "ArrowLeft")
        expect(slider).to_have_attribute("aria-valuetext", "2023 年")
        expect(ticks).to_have_count(1)
        shown.press("Home")
        expect(slider).to_have_attribute("aria-valuetext", "2020 年 · 基期")
        expect(ticks).to_have_count(0)
        faded = shown.page.locator(".etk-marker.etk-faded")
        assert faded.count() > 0  # the plan names no project before 2021
        undated = shown.page.locator(".etkp-undated")
        expect(undated).to_contain_text("没有日期，各年都显示：公路 1；铁路 3")
        shown.press("End")
        expect(slider).to_have_attribute("aria-valuetext", "全部")
        expect(faded).to_have_count(0)
        expect(undated).to_be_hidden()


def test_what_has_no_date_stays_in_every_year(browser, plan):
    with opened(browser, plan, **CALM) as shown:
        shown.press("4")
        shown.at("mines")
        mines = shown.page.locator('.etk-marker[data-feature^="mine_m"]')
        count = mines.count()
        assert count > 20
        shown.page.get_by_role("slider").focus()
        shown.press("Home")
        expect(shown.page.locator(".etkp-undated")).to_contain_text("矿区治理与地下水 32")
        expect(shown.page.locator('.etk-marker.etk-faded[data-feature^="mine_m"]')).to_have_count(0)
        assert mines.count() == count


def test_swipe_turns_the_page_on_a_phone(browser, plan):
    with opened(browser, plan, PHONE, has_touch=True, is_mobile=True, **CALM) as shown:
        swipe = """([from, to, down]) => {
          const panel = document.querySelector(".etkp-panel");
          const at = (x, y) => new Touch({ identifier: 1, target: panel, clientX: x, clientY: y });
          const fire = (name, touch) => panel.dispatchEvent(new TouchEvent(name, {
            bubbles: true, touches: name === "touchend" ? [] : [touch], changedTouches: [touch] }));
          fire("touchstart", at(from, 500));
          fire("touchend", at(to, 500 + down));
        }"""
        shown.page.evaluate(swipe, [300, 120, 10])
        shown.at("water")
        shown.page.evaluate(swipe, [120, 300, 10])
        shown.at("overview")
        shown.page.evaluate(swipe, [200, 190, 300])  # that was scrolling
        shown.settled()
        shown.at("overview")


def test_kiosk_goes_back_to_the_first_scene_when_nobody_touches_it(browser, tmp_path):
    document = story_document("plan", "zh", Setting(home="../", idle_s=1.5))
    with opened(browser, write_page(tmp_path / "k.html", document), **CALM) as shown:
        expect(shown.page.locator(".etkp-auto")).to_have_attribute("aria-pressed", "true")
        shown.page.evaluate(WATCH_RETURN)
        shown.press("End", "n")
        assert shown.page.evaluate("window.returned")
        expect(shown.page.locator(".etkp-notes")).to_be_hidden()
