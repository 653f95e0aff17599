"""The map in a real browser, with every request to another host blocked and counted."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import expect

from etk_geo.catalog import open_catalog
from etk_geo.store import project_root

pytestmark = pytest.mark.e2e

MAP_FRAME = 'iframe[title="streamlit_folium.st_folium"]'
HOSTILE = '<img src=x onerror="window.top.hurt=1">'
RERUN_APP = Path(__file__).with_name("rerun_app.py")


def in_map(page, expression):
    """Evaluate an expression in the frame of the map; ``map`` is the Leaflet map."""
    frame = [f for f in page.frames if "streamlit_folium" in f.url][-1]
    return frame.evaluate(f"() => {{ const map = window.map; return {expression}; }}")


def seen_view(page):
    return in_map(page, "[map.getCenter().lat, map.getCenter().lng, map.getZoom()]")


def choose(frame, feature):
    frame.locator(f'[data-feature="{feature}"]').first.dispatch_event("click")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_map_draws_every_layer_in_both_languages(lang, app_url, open_map):
    frame = open_map(f"{app_url}/?lang={lang}")
    legend = frame.locator(".etk-legend")
    for layer in open_catalog(project_root()).layers.values():
        title = layer.provenance.title_zh if lang == "zh" else layer.provenance.title_en
        row = legend.locator(".etk-layer", has=frame.locator(f'[data-layer="{layer.id}"]'))
        expect(row).to_contain_text(title)
        box = row.locator("input")
        if not box.is_checked():
            box.check()
        expect(
            frame.locator(f'[data-feature="{layer.located["id"].iloc[0]}"]').first
        ).to_be_attached()
    expect(legend.get_by_role("alert")).to_have_count(0)


def test_furniture_is_there(app_url, open_map):
    frame = open_map(app_url)
    expect(frame.locator(".leaflet-control-scale-line")).to_contain_text("km")
    expect(frame.locator(".etk-north")).to_be_visible()
    expect(frame.locator(".etk-degrees")).to_contain_text("108°E")
    expect(frame.locator(".etk-degrees")).to_contain_text("39°N")
    expect(frame.locator(".etk-review")).to_contain_text("未经地图审核")
    expect(frame.locator(".etk-label-place", has_text="乌兰镇")).to_be_visible()
    expect(frame.locator(".etk-label", has_text="杭锦旗")).to_be_visible()


def test_switch_hides_and_shows_a_layer(app_url, open_map):
    frame = open_map(app_url)
    marker = frame.locator('[data-feature="qipanjing_park"]')
    switch = frame.locator('[data-layer="industrial_parks"]')
    expect(marker).to_be_visible()
    switch.uncheck()
    expect(marker).to_have_count(0)
    switch.check()
    expect(marker).to_be_visible()


def test_switch_and_card_work_with_the_keyboard(app_url, open_map, page):
    frame = open_map(app_url)
    switch = frame.locator('[data-layer="township_projects"]')
    switch.focus()
    page.keyboard.press("Space")
    expect(switch).not_to_be_checked()
    marker = frame.locator('[data-feature="qipanjing_park"]')
    marker.focus()
    page.keyboard.press("Enter")
    panel = frame.get_by_role("dialog")
    expect(panel).to_be_visible()
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(marker).to_be_focused()


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("zh", ("规划指标", "2025 年目标", "位置误差 ±", "规划出处", "来源", "3.1.1")),
        ("en", ("Plan targets", "2025 target", "Position ±", "Plan sections", "3.1.1")),
    ],
)
def test_click_shows_targets_accuracy_and_sources(lang, said, app_url, open_map):
    frame = open_map(f"{app_url}/?lang={lang}")
    choose(frame, "qipanjing_park")
    panel = frame.get_by_role("dialog")
    panel.locator("summary").first.click()
    for words in said:
        expect(panel).to_contain_text(words)


def test_pointing_shows_the_tip_and_the_halo(app_url, open_map):
    frame = open_map(app_url)
    frame.locator('[data-feature="wulan_town"]').hover()
    expect(frame.locator(".etk-tip")).to_contain_text("乌兰镇")
    expect(frame.locator(".etk-tip")).to_contain_text("位置误差 ±800 米")
    expect(frame.locator(".leaflet-etk-chosen-pane path")).not_to_have_count(0)


def test_outer_extent_is_hatched_without_outline_and_said_so(app_url, open_map):
    frame = open_map(app_url)
    area = frame.locator('path[data-feature="west_ordos_reserve"]')
    expect(area).to_have_attribute("stroke", "none")
    expect(area).to_have_attribute("fill", re.compile(r"^url\(#etk-hatch"))
    expect(frame.locator(".etk-label", has_text="西鄂尔多斯")).to_contain_text("仅示外包范围")
    choose(frame, "west_ordos_reserve")
    expect(frame.get_by_role("dialog")).to_contain_text("不是边界")


def test_schematic_lines_are_dashed(app_url, open_map):
    frame = open_map(app_url)
    dashed = frame.locator(".leaflet-etk-60-pane path[stroke-dasharray]")
    expect(dashed).not_to_have_count(0)
    expect(frame.locator(".etk-honest")).to_contain_text("示意走向")


def test_halos_can_be_switched_off(app_url, open_map):
    frame = open_map(app_url)
    halos = frame.locator(".leaflet-etk-halo-pane path")
    expect(halos).not_to_have_count(0)
    frame.locator("[data-halo]").uncheck()
    expect(halos).to_have_count(0)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_names_do_not_overlap_at_any_zoom(lang, app_url, open_map, page):
    frame = open_map(f"{app_url}/?lang={lang}")
    for box in frame.locator("[data-layer]").all():
        box.check()
    for zoom in (8, 9, 10, 11):
        in_map(page, f"(map.setView([39.4, 107.0], {zoom}, {{animate: false}}), 1)")
        expect(frame.locator(".etk-label")).not_to_have_count(0)
        overlaps = in_map(page, _OVERLAPS)
        assert overlaps == [], (zoom, overlaps)


_OVERLAPS = """(() => {
  const nodes = [...document.querySelectorAll('.etk-label:not([style*=rotate])')];
  const boxes = nodes.map((n) => [n.textContent, n.getBoundingClientRect()]);
  const pairs = [];
  boxes.forEach(([one, a], i) => boxes.slice(i + 1).forEach(([other, b]) => {
    const apart = a.left >= b.right || b.left >= a.right || a.top >= b.bottom || b.top >= a.bottom;
    if (!apart) pairs.push([one, other]);
  }));
  return pairs;
})()"""


def test_markers_of_layers_at_one_place_do_not_hide_each_other(app_url, open_map, page):
    open_map(app_url)
    hidden = in_map(page, _HIDDEN_MARKERS)
    assert hidden == []


_HIDDEN_MARKERS = """(() => {
  const marks = [...document.querySelectorAll('.etk-marker')].filter((m) => m.offsetWidth > 16);
  const boxes = marks.map((m) => [m.dataset.feature, m.getBoundingClientRect()]);
  const pairs = [];
  boxes.forEach(([one, a], i) => boxes.slice(i + 1).forEach(([other, b]) => {
    const [dx, dy] = [a.left + a.right - b.left - b.right, a.top + a.bottom - b.top - b.bottom];
    if (Math.hypot(dx, dy) / 2 < 12) pairs.push([one, other]);
  }));
  return pairs;
})()"""


def test_view_and_switches_outlast_a_change_of_language(app_url, open_map, page):
    frame = open_map(app_url)
    frame.locator('[data-layer="highways"]').uncheck()
    in_map(page, "(map.setView([39.1, 107.9], 10, {animate: false}), 1)")
    before = seen_view(page)
    page.get_by_text("English", exact=True).click()
    frame.locator(".etk-map[data-ready]:lang(en)").wait_for()
    assert seen_view(page) == pytest.approx(before, abs=1e-3)
    expect(frame.locator('[data-layer="highways"]')).not_to_be_checked()


def test_home_goes_back_to_the_banner(app_url, open_map, page):
    frame = open_map(app_url)
    before = in_map(page, "map.getZoom()")
    in_map(page, "(map.setView([39.1, 107.9], 12, {animate: false}), 1)")
    frame.locator(".etk-home button").click()
    page.wait_for_function(
        "zoom => Math.abs(document.querySelector('iframe').contentWindow.map.getZoom() - zoom) < 1",
        arg=before,
    )


@pytest.mark.parametrize(
    "view", [{"width": 390, "height": 800}, {"width": 1920, "height": 1080}], indirect=True
)
def test_map_fits_narrow_and_wide_windows(view, app_url, open_map, page):
    frame = open_map(app_url)
    expect(frame.locator(".etk-label-place", has_text="乌兰镇")).to_be_visible()
    body = frame.locator(".etk-legend-body")
    if view["width"] < 700:
        expect(body).to_be_hidden()
        frame.locator(".etk-legend-toggle").click()
    expect(body).to_be_visible()
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= view["width"]


@pytest.mark.parametrize("view", [{"width": 1280, "height": 480}], indirect=True)
def test_first_press_on_the_map_does_not_scroll_the_page(app_url, open_map, page):
    open_map(app_url)
    box = page.locator(MAP_FRAME).bounding_box()
    top = "document.querySelector('[data-testid=stMain]').scrollTop"
    before = page.evaluate(top)
    page.mouse.click(box["x"] + 300, 470)
    in_map(page, "document.activeElement.className")
    assert page.evaluate(top) == before


def test_online_map_is_asked_for_only_when_switched_on(app_url, open_map, page, watch):
    frame = open_map(app_url)
    before = seen_view(page)
    assert not watch.outside
    page.get_by_text("在线底图（可选，需要网络）").click()
    with page.expect_request("https://tile.openstreetmap.org/**"):
        page.get_by_text("OpenStreetMap", exact=True).click()
    expect(frame.locator(".etk-review")).to_contain_text("© OpenStreetMap contributors")
    assert seen_view(page) == before
    page.locator("label", has_text="不用").click()
    expect(frame.locator(".etk-review")).not_to_contain_text("OpenStreetMap")
    assert {address.split("/")[2] for address in watch.outside} == {"tile.openstreetmap.org"}
    watch.forget()


def test_unrelated_widget_sends_no_map_data_and_keeps_the_view(
    project, start_app, open_map, page, watch
):
    shutil.copy(RERUN_APP, project / "rerun_app.py")
    frame = open_map(start_app(project, "rerun_app.py"))
    in_map(page, "(map.setView([39.1, 107.9], 10.5, {animate: false}), 1)")
    in_map(page, "(window.sameFrame = true, 1)")
    before = seen_view(page)
    for label, most_bytes in (("whole page", 15_000), ("fragment", 6_000)):
        watch.forget()
        page.get_by_role("button", name=label).click()
        expect(page.get_by_text(f"{label}: 1")).to_be_visible()
        assert not watch.fetched, "map files were fetched again"
        assert sum(map(len, watch.frames)) < most_bytes
        assert not any(b"coordinates" in data for data in watch.frames)
        assert in_map(page, "window.sameFrame") is True
        assert seen_view(page) == before
    expect(frame.locator(".etk-label-place", has_text="乌兰镇")).to_be_visible()


def test_hostile_strings_stay_text(project, start_app, open_map, page, edit_layer):
    def poison(features):
        for feature in features:
            values = feature["properties"]
            for name in ("name_zh", "known_zh", "accuracy_zh", "status_date", "as_of"):
                values[name] = HOSTILE
            for name in ("citations", "sources", "places"):
                values[name] = [HOSTILE]
            for fact in values["facts"]:
                fact.update(value=HOSTILE, note_zh=HOSTILE)

    for file in ("layers/industrial_parks.geojson", "layers/railways.geojson"):
        edit_layer(project, file, poison)
        record = project / file.replace(".geojson", ".provenance.json")
        values = json.loads(record.read_text(encoding="utf-8"))
        values |= {"title_zh": HOSTILE, "attribution_zh": HOSTILE}
        record.write_text(json.dumps(values, ensure_ascii=False), encoding="utf-8")
    frame = open_map(start_app(project))
    in_map(page, "(map.setView([39.394, 107.037], 14, {animate: false}), 1)")
    expect(frame.locator(".etk-name", has_text=HOSTILE).first).to_be_visible()
    expect(frame.locator(".etk-label", has_text=HOSTILE).first).to_be_visible()
    frame.locator('[data-feature="qipanjing_park"]').hover()
    expect(frame.locator(".etk-tip")).to_contain_text(HOSTILE)
    choose(frame, "qipanjing_park")
    panel = frame.get_by_role("dialog")
    panel.locator("summary").first.click()
    expect(panel).to_contain_text(HOSTILE)
    frame.locator(".etk-credits summary").click()
    expect(frame.locator(".etk-credits")).to_contain_text(HOSTILE)
    assert frame.locator("img").count() == 0
    assert page.evaluate("window.hurt") is None


def test_large_layer_is_drawn_above_the_ground_and_answers_a_click(
    project, start_app, open_map, page, edit_layer
):
    def multiply(features):
        first = json.dumps(features[0])
        for number in range(1600):
            copy = json.loads(first)
            copy["properties"]["id"] = f"copy{number}"
            copy["properties"]["name_zh"] = f"第{number}个"
            copy["geometry"]["coordinates"] = [107 + number % 40 * 0.05, 38.5 + number // 40 * 0.04]
            features.append(copy)

    edit_layer(project, "layers/power_plants.geojson", multiply)
    frame = open_map(start_app(project))
    frame.locator('[data-layer="power_plants"]').check()
    in_map(page, "(map.setView([38.9, 108.0], 12, {animate: false}), 1)")
    x, y = in_map(page, "Object.values(map.latLngToContainerPoint([38.9, 108.0]))")
    box = frame.locator(".etk-map").bounding_box()
    page.mouse.click(box["x"] + x, box["y"] + y)
    expect(frame.get_by_role("dialog")).to_contain_text("第420个")


def test_missing_and_truncated_layers_leave_the_others_and_are_named(
    project, start_app, open_map, page
):
    (project / "layers/highways.geojson").unlink()
    broken = project / "layers/railways.geojson"
    broken.write_bytes(broken.read_bytes()[:-200])
    frame = open_map(start_app(project))
    expect(frame.locator('[data-feature="qipanjing_park"]')).to_be_visible()
    expect(frame.locator("[data-layer=highways]")).to_have_count(0)
    for file in ("layers/highways.geojson", "layers/railways.geojson"):
        expect(frame.locator(".etk-withheld")).to_contain_text(file)
    notice = page.get_by_text("处数据问题")
    expect(notice).to_be_visible()
    notice.click()
    expect(page.get_by_text("layers/railways.geojson").last).to_be_visible()


def test_layer_that_cannot_be_fetched_leaves_the_others_and_is_said(app_url, page, open_map, watch):
    page.route("**/display/railways-*.geojson", lambda route: route.fulfill(body="{", status=200))
    frame = open_map(app_url)
    expect(frame.locator('[data-feature="qipanjing_park"]')).to_be_visible()
    row = frame.locator(".etk-layer", has=frame.locator("[data-layer=railways]"))
    expect(row.get_by_role("alert")).to_have_text("没有读到")
    assert not watch.outside
