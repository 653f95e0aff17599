"""The environmental desk in a real browser, with the network blocked: from upload to a kept record.

Every test also ends with the check that no other host was asked and the console stayed clean.
"""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import expect

from etk_geo.i18n import text
from etk_geo.screening.verify import check_integrity
from tests.app.conftest import CJK
from tests.e2e.conftest import MAP_FRAME
from tests.e2e.test_pages import forget_own_server, go, heading, settled
from tests.screening_findings.builders import square, supply_layer

pytestmark = pytest.mark.e2e


def say(key, lang="zh", **values):
    return text(key, lang, **values)


def list_of(count):
    """Return a GeoJSON list of projects, each a square of some 800 m."""
    rows = []
    for n in range(count):
        west, south = 107.2 + n % 20 * 0.06, 38.75 + n // 20 * 0.06
        ring = [(west, south), (west + 0.01, south), (west + 0.01, south + 0.01), (west, south)]
        geometry = {"type": "Polygon", "coordinates": [ring]}
        values = {"名称": f"项目{n}", "类别": "煤矿", "精度": 20}
        rows.append({"type": "Feature", "properties": values, "geometry": geometry})
    return json.dumps({"type": "FeatureCollection", "features": rows}).encode()


def take_in(page, address, content, name="项目.csv"):
    """Upload a list on the intake page and hand it to the desk."""
    go(page, address, "intake")
    page.get_by_test_id("stFileUploader").locator("input[type=file]").set_input_files(
        {"name": name, "mimeType": "text/csv", "buffer": content}
    )
    settled(page)


def screen(page, lang="zh"):
    page.get_by_role("button", name=re.compile("开始筛查|Screen \\d+")).click()
    expect(page.get_by_text(say("screening.not_an_approval", lang)).first).to_be_visible()
    settled(page)


def show(page, view, lang="zh"):
    page.get_by_test_id("stMain").get_by_role("radio", name=say(f"screen.view_{view}", lang)).or_(
        page.get_by_test_id("stMain").get_by_role("button", name=say(f"screen.view_{view}", lang))
    ).first.click()
    settled(page)


@pytest.mark.parametrize(
    "view", [{"width": 1280, "height": 800}, {"width": 1920, "height": 1080}], indirect=True
)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_plan_is_screened_and_every_view_opens(app_url, page, watch, lang):
    go(page, app_url, "screen", lang)
    screen(page, lang)
    for name in ("project", "variants", "files", "matrix"):
        show(page, name, lang)
        expect(page.get_by_test_id("stAlertContentError")).to_have_count(0)
        if lang == "en":
            shown = page.get_by_test_id("stMain").inner_text()
            assert not CJK.search(shown), [s for s in shown.splitlines() if CJK.search(s)]
    expect(page.get_by_test_id("stDataFrame").filter(visible=True).first).to_be_visible()
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0


def test_cards_and_map_mark_each_other(app_url, page, watch):
    page.goto(f"{app_url}/screen?run=1&view=project&project=qipanjing_park")
    expect(page.get_by_text("能够对照的区域：7 个")).to_be_visible()
    frame = page.frame_locator(MAP_FRAME).last
    frame.locator(".etk-map[data-ready]").wait_for()
    card = page.locator(".st-key-zone_card_0")
    name = card.locator("h4").inner_text()
    card.get_by_role("button", name=say("screen.mark")).click()
    expect(page.locator(".st-key-zone_card_marked_0 h4")).to_have_text(name)
    marked = frame.locator('path[stroke="#C2006B"]')
    expect(marked.first).to_be_attached()
    page.locator(".st-key-zone_card_marked_0").get_by_role(
        "button", name=say("screen.unmark")
    ).click()
    expect(page.locator(".st-key-zone_card_marked_0")).to_have_count(0)
    expect(marked).to_have_count(0)
    other = frame.locator('path[data-overlay="dongwu_railway"]').first
    other.dispatch_event("click")
    expect(page.locator(".st-key-zone_card_marked_0 h4")).to_have_text("东乌铁路")
    forget_own_server(page, watch)


def test_dragging_a_project_on_the_map_changes_what_follows(project, start_app, page, watch):
    supply_layer(
        project, "redline_layer", [("redline", "eco_redline", square(-3000, -3000, 6000))],
        accuracy_m=1.0,
    )  # fmt: skip
    address = start_app(project)
    page.goto(f"{address}/screen?run=1&view=variants&project=goat_museum")
    expect(page.get_by_text("现状：").first).to_be_visible()
    frame = page.frame_locator(MAP_FRAME).last
    frame.locator(".etk-map[data-ready]").wait_for()
    pin = frame.locator(".etk-pin")
    expect(pin).to_be_visible()
    frame.locator(".leaflet-draw-edit-edit").click()
    pin.scroll_into_view_if_needed()
    box = pin.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 60, y + 20, steps=6)
    page.mouse.up()
    expect(page.get_by_text(re.compile("中心移动 .* 公里|中心移动 .* 米"))).to_be_visible()
    forget_own_server(page, watch)


def judge(page):
    """Set the finding on the first card aside."""
    page.locator(".st-key-zone_card_0").get_by_role("button", name=say("opinion.one")).click()
    page.get_by_label(say("opinion.set_aside")).or_(
        page.get_by_text(say("opinion.set_aside"), exact=True)
    ).last.click()
    page.get_by_label(say("opinion.reason"), exact=True).last.fill("现场核实")
    page.get_by_label(say("opinion.officer"), exact=True).last.fill("张三")
    page.get_by_role("button", name=say("opinion.save"), exact=True).last.click()
    expect(page.get_by_text("人工判断：不采纳上述计算结论").first).to_be_visible()
    # Saved, the form is closed.
    expect(page.get_by_label(say("opinion.reason"), exact=True).filter(visible=True)).to_have_count(
        0
    )


def test_walk_from_upload_to_a_record_verified_after_a_restart(
    project, start_app, page, watch, tmp_path
):
    supply_layer(
        project, "redline_layer", [("redline", "eco_redline", square(-3000, -3000, 6000))],
        accuracy_m=1.0,
    )  # fmt: skip
    address = start_app(project)
    take_in(page, address, list_of(300), "项目.geojson")
    readings = page.get_by_test_id("stRadio").filter(has_text=say("intake.choose_reading"))
    readings.wait_for()
    settled(page)
    readings.locator("label").filter(has_text=re.compile(r"^1\s")).click()
    for label in (say("intake.confirm"), say("intake.hand_over")):
        page.get_by_role("button", name=label, exact=True).click()
        settled(page)
    expect(page.get_by_text(say("intake.handed_over", n=300))).to_be_visible()
    page.get_by_role("link", name=say("screen.title"), exact=True).click()
    expect(heading(page, "screen", "zh")).to_be_visible()
    settled(page)
    page.get_by_test_id("stSelectbox").first.locator("input").click()
    page.get_by_role("option", name=re.compile("300")).click()
    settled(page)
    screen(page)
    expect(page.get_by_text("显示 300/300 个项目")).to_be_visible()
    show(page, "project")
    expect(page.locator(".etk-head").first).to_be_visible()
    judge(page)
    show(page, "files")
    page.get_by_label(say("archive.author"), exact=True).fill("张三")
    page.get_by_test_id("stFormSubmitButton").get_by_role("button").click()
    expect(page.get_by_text(re.compile("已归档，编号 \\d{4}-0001"))).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name=say("screen.file_record")).click()
    path = tmp_path / "kept.json"
    download.value.save_as(path)
    record, checks = check_integrity(path.read_bytes())
    assert all(check.holds for check in checks)
    assert len(record["content"]["findings"]) == 300
    # The same folder served anew: nothing but the records carries over.
    go(page, start_app(project), "archive")
    expect(page.get_by_text("现场核实").or_(page.get_by_text("2026")).first).to_be_attached()
    page.get_by_role("tab", name=say("archive.tab_verify")).click()
    page.get_by_role("button", name=say("archive.verify")).click()
    expect(page.get_by_text(say("screening.verify.holds"))).to_be_visible()
    forget_own_server(page, watch)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("空.csv", b""),
        ("坏.zip", b"PK\x03\x04 not a zip"),
        ("没有坐标.csv", "名称,类别\n甲,煤矿\n".encode()),
        ("坏.geojson", b'{"type": "FeatureCollection", "features": ['),
        ("照片.jpg", b"\xff\xd8\xff\xe0" + bytes(64)),
    ],
)
def test_bad_upload_is_answered_in_words_and_hands_nothing_over(app_url, page, name, content):
    take_in(page, app_url, content, name)
    expect(page.get_by_test_id("stMain").get_by_role("alert").first).to_be_visible()
    expect(page.get_by_role("button", name=say("intake.hand_over"))).to_have_count(0)
    expect(page.get_by_test_id("stException")).to_have_count(0)


def test_huge_upload_is_refused_in_words(app_url, page, watch, tmp_path):
    huge = tmp_path / "大.zip"
    with huge.open("wb") as file:
        file.truncate(201 * 2**20)  # of zeros that take no room on the disk
    go(page, app_url, "intake")
    chooser = page.get_by_test_id("stFileUploader")
    chooser.locator("input[type=file]").set_input_files(huge)
    expect(chooser.get_by_test_id("stFileChipIconError")).to_be_visible()
    shown = chooser.evaluate("(node) => getComputedStyle(node, '::after').content")
    assert say("frame.upload_failed", limit=200) in shown
    expect(page.get_by_role("button", name=say("intake.hand_over"))).to_have_count(0)
