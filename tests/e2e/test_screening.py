"""The environmental desk in a real browser, with the network blocked: from upload to a kept record.

Every test also ends with the check that no other host was asked and the console stayed clean.
"""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import expect
from shapely.geometry import mapping

from etk_geo.i18n import text
from etk_geo.screening.verify import check_integrity
from etk_geo.supply.keeping import supply_layer as supply_official
from tests.app.conftest import CJK
from tests.e2e.choosing import choose
from tests.e2e.conftest import MAP_FRAME, copy_project, running_app
from tests.e2e.test_drawing import HAND_MS
from tests.e2e.test_pages import forget_own_server, go, heading, settled
from tests.screening_findings.builders import line, square, supply_layer
from tests.supply.builders import TODAY as SUPPLIED
from tests.supply.builders import statement, taken

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


def hand_over(page, count):
    """Take the first reading of what was uploaded, and go to the desk with the list chosen."""
    readings = page.get_by_test_id("stRadio").filter(has_text=say("intake.choose_reading"))
    readings.wait_for()
    settled(page)
    readings.locator("label").filter(has_text=re.compile(r"^1\s")).click()
    confirm = page.get_by_role("button", name=say("intake.confirm"), exact=True)
    confirm.click()
    settled(page)
    to_the_desk(page, count)


def to_the_desk(page, count):
    """Hand over what was taken in, and choose it on the page of screening."""
    page.get_by_role("button", name=say("intake.hand_over"), exact=True).click()
    expect(page.get_by_text(say("intake.handed_over", n=count))).to_be_visible()
    settled(page)
    page.get_by_role("link", name=say("screen.title"), exact=True).click()
    expect(heading(page, "screen", "zh")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("开始筛查"))).to_be_visible()
    settled(page)
    box = page.get_by_test_id("stSelectbox").first.locator("input")
    choose(box, page.get_by_role("option", name=re.compile(rf"\D{count}\D")).last)
    expect(page.get_by_role("button", name=say("screen.start", n=count))).to_be_visible()
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
    hand_over(page, 300)
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


RESERVE, ROAD_M, ROAD = "试验保护区", 5.0, "试验公路"
WEST, SOUTH = -84_000, -34_000
"""Where the plan's G338 is believed to pass: metres from ``builders.EAST`` and ``NORTH``."""


@pytest.fixture(scope="module")
def reserve_url(tmp_path_factory):
    """The app with a reserve of 4 by 4 km supplied, the only one of its kind in the banner."""
    folder = copy_project(tmp_path_factory.mktemp("reserve"))
    zone = square(WEST - 2000, SOUTH - 2000, 4000)
    stated = statement(
        "nature_reserve", title_zh="试验保护区界线", title_en="Trial reserve", accepted="试验"
    )
    supply_official(folder, taken([zone], names=[RESERVE], accuracy_m=5.0), stated, SUPPLIED)
    with running_app(folder) as address:
        yield address


def road_file():
    """Return a straight road of 10 km that passes through the reserve from its 3,000th metre."""
    way = line((WEST - 5000, SOUTH), (WEST + 5000, SOUTH))
    values = {"名称": ROAD, "类别": "国道", "精度": ROAD_M}
    feature = {"type": "Feature", "properties": values, "geometry": mapping(way)}
    return json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()


def card_of(page, zone):
    return page.locator('[class*="st-key-zone_card_"]').filter(
        has=page.get_by_role("heading", name=zone, exact=True)
    )


def test_surveyed_road_overlaps_a_supplied_reserve_and_the_plans_road_stays_open(
    reserve_url, page, watch
):
    take_in(page, reserve_url, road_file(), "线位.geojson")
    hand_over(page, 1)
    screen(page)
    show(page, "project")
    card = card_of(page, RESERVE)
    expect(card).to_contain_text(say("screening.verdict.OVERLAPS"))
    # 4,000 m on the map plane are 3,999.65 m on the ground here; 10 m of doubt at either end.
    expect(card).to_contain_text("3,979.6 米 至 4,019.7 米")
    expect(card).to_contain_text("K3+000 至 K6+999（按精度，最早 K2+990，最晚 K7+009）")
    expect(card).to_contain_text("第26条：禁止")
    frame = page.frame_locator(MAP_FRAME).last
    frame.locator(".etk-map[data-ready]").wait_for()
    for mark in ("K3+000", "K6+999"):
        expect(frame.get_by_text(mark, exact=True)).to_be_visible()
    card.get_by_role("button", name=say("screen.mark")).click()
    marked = page.locator(".st-key-zone_card_marked_0")
    expect(marked).to_contain_text(RESERVE)
    expect(marked).to_be_in_viewport()  # the list was scrolled to its end
    expect(frame.locator('path[stroke="#C2006B"]').first).to_be_attached()
    road = "g338_chabu_taole"
    page.goto(f"{reserve_url}/screen?run=1&pick=ids:{road}&view=project&project={road}")
    card = card_of(page, RESERVE)
    expect(card).to_contain_text(say("screening.verdict.INDETERMINATE"))
    expect(card).to_contain_text("实际范围离参考位置多远不知道")
    expect(card).to_contain_text("也可能不进入")
    forget_own_server(page, watch)


def test_drawn_polygon_is_screened(app_url, page, open_map, watch):
    frame = open_map(f"{app_url}/intake?from=draw")
    forget_own_server(page, watch)
    frame.get_by_title(say("drawing.tool.draw.toolbar.buttons.polygon"), exact=True).click()
    box = page.locator("iframe").bounding_box()
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    for east, south in ((-20, -20), (20, -20), (20, 20), (-20, 20), (-20, -20)):
        page.mouse.move(middle[0] + east, middle[1] + south)
        page.mouse.click(middle[0] + east, middle[1] + south)
        page.wait_for_timeout(HAND_MS)
    name = page.get_by_label(say("intake.drawn_name", n=1, shape="面"))
    name.fill("手绘地块")
    name.press("Enter")
    settled(page)
    to_the_desk(page, 1)
    screen(page)
    show(page, "project")
    card = card_of(page, "鄂托克旗")
    expect(card).to_contain_text(say("screening.verdict.INSIDE"))
    expect(card).to_contain_text("100.00%")
    frame = page.frame_locator(MAP_FRAME).last
    frame.locator(".etk-map[data-ready]").wait_for()
    expect(frame.get_by_text("手绘地块", exact=True).first).to_be_visible()


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
