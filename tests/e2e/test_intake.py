"""Bringing data in, in a real browser: files of many kinds, pasted pairs, a drawing, hostile data.

Every test also ends with the check that no other host was asked and the console stayed clean.
"""

from __future__ import annotations

import io
import os
import re
import signal
import threading
import zipfile
from pathlib import Path

import geopandas as gpd
import openpyxl
import pytest
from playwright.sync_api import expect
from shapely import Polygon

from etk_geo.i18n import text
from etk_geo.intake.child import MODULE
from etk_geo.intake.export.target import ExportCrs, ExportFormat
from etk_geo.intake.export.write import export_frame
from tests.app.conftest import CJK
from tests.e2e.choosing import choose
from tests.e2e.conftest import MAP_FRAME, Watch
from tests.e2e.test_pages import forget_own_server, settled

pytestmark = pytest.mark.e2e
HOSTILE = '<img src=x onerror="window.top.hurt=1">'
LATIN_WORD = re.compile(r"[A-Za-z]{4,}")
NAMES_KEPT = {
    *("English", "Shapefile", "GeoPackage", "GeoJSON", "FlatGeobuf", "GeoParquet", "XLSX", "CGCS"),
    *("EPSG", "WKT", "Ctrl", "UTF", "GB18030", "PRJCS"),
}
"""Names of formats and systems, the same in every language."""


def parcels(*names):
    squares = [
        Polygon([(w, 39.1), (w + 0.03, 39.1), (w + 0.03, 39.13), (w, 39.13)])
        for w in (107.2 + 0.05 * i for i in range(len(names)))
    ]
    return gpd.GeoDataFrame({"项目名称": list(names)}, geometry=squares, crs="EPSG:4326")


def gbk_shapefile(folder: Path, *names) -> Path:
    """Write a zipped Shapefile in GBK that says neither its encoding nor its CRS."""
    inside = folder / "shp"
    inside.mkdir()
    parcels(*names).to_crs(4545).to_file(inside / "项目.shp", encoding="gb18030")
    path = folder / "项目.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for part in inside.iterdir():
            if part.suffix not in (".cpg", ".prj"):
                archive.write(part, part.name)
    return path


def dms_sheet(folder: Path) -> Path:
    book = openpyxl.Workbook()
    for row in (("名称", "经度", "纬度"), ("一号井", "107°30′00″E", "39°12′00″N")):
        book.active.append(row)
    path = folder / "井.xlsx"
    book.save(path)
    return path


def exported(folder: Path, target: ExportFormat, crs: ExportCrs) -> Path:
    made = export_frame(parcels("甲", "乙"), target, crs, "地块")
    path = folder / made.name
    path.write_bytes(made.content)
    return path


def open_intake(page, address, lang="zh", source=None):
    page.goto(f"{address}/intake?lang={lang}" + (f"&from={source}" if source else ""))
    expect(page.get_by_role("heading", level=1, name=text("intake.title", lang))).to_be_visible()
    settled(page)
    forget_own_server(page, page.watch)


def upload(page, *paths):
    page.locator('input[type="file"]').set_input_files([str(path) for path in paths])


def radio(page, key, lang="zh"):
    return page.get_by_test_id("stRadio").filter(has_text=text(key, lang))


def take(page, lang="zh", reading=0):
    """Choose a reading by its place in the list and confirm."""
    radio(page, "intake.choose_reading", lang).locator("label").filter(
        has_text=re.compile(rf"^{reading + 1}\s")
    ).click()
    page.get_by_role("button", name=text("intake.confirm", lang), exact=True).click()
    expect(page.get_by_role("heading", name=text("intake.uses", lang))).to_be_visible()
    settled(page)


def hand_over(page, lang="zh"):
    page.get_by_role("button", name=text("intake.hand_over", lang)).click()


def test_shapefile_in_gbk_is_previewed_asked_about_and_handed_over(app_url, page, tmp_path):
    open_intake(page, app_url)
    upload(page, gbk_shapefile(tmp_path, "乌兰镇光伏", HOSTILE))
    expect(page.get_by_text("乌兰镇光伏").first).to_be_visible()
    frame = page.frame_locator(MAP_FRAME).last
    expect(frame.locator(".etk-brought-legend")).to_contain_text("1980 西安坐标系")
    expect(page.get_by_role("button", name=text("intake.confirm", "zh"))).to_have_count(0)
    take(page)
    hand_over(page)
    expect(page.get_by_text(text("intake.handed_over", "zh", n=2))).to_be_visible()
    assert page.evaluate("window.hurt") is None
    assert page.frames[-1].evaluate("document.querySelectorAll('img[onerror]').length") == 0


@pytest.mark.parametrize(
    ("target", "crs"),
    [
        (ExportFormat.BOUNDARY_TXT, ExportCrs.ZONE36),
        (ExportFormat.KML, ExportCrs.WGS84),
        (ExportFormat.GEOPACKAGE, ExportCrs.CM108),
    ],
)
def test_what_was_taken_away_is_brought_in_again(app_url, page, tmp_path, target, crs):
    open_intake(page, app_url)
    upload(page, exported(tmp_path, target, crs))
    take(page)
    expect(page.get_by_text(text("intake.sound", "zh"))).to_be_visible()
    hand_over(page)
    expect(page.get_by_text(text("intake.handed_over", "zh", n=2))).to_be_visible()


def test_sheet_in_degrees_minutes_seconds(app_url, page, tmp_path):
    open_intake(page, app_url)
    upload(page, dms_sheet(tmp_path))
    take(page)
    page.get_by_text(text("intake.table", "zh", n=1, all=1)).click()
    hand_over(page)
    expect(page.get_by_text(text("intake.handed_over", "zh", n=1))).to_be_visible()


def test_pasted_web_map_pairs_lie_450_m_apart_and_none_is_chosen(app_url, page):
    open_intake(page, app_url, source="paste")
    box = page.locator("textarea")
    box.fill("107.985214,39.093122\n107.995214,39.093122\n107.995214,39.103122")
    box.press("Control+Enter")
    readings = radio(page, "intake.choose_reading")
    expect(readings.get_by_text("GCJ-02")).to_be_visible()
    expect(readings.locator("input:checked")).to_have_count(0)
    # 450.4 m by the published formula, from the first pair read as WGS 84.
    expect(page.get_by_test_id("stTable").get_by_text("450 米", exact=True)).to_be_visible()
    take(page, reading=3)


def test_drawing_becomes_a_project(app_url, page, open_map):
    frame = open_map(f"{app_url}/intake?from=draw")
    forget_own_server(page, page.watch)
    frame.get_by_title(text("drawing.tool.draw.toolbar.buttons.marker", "zh"), exact=True).click()
    frame.locator(".leaflet-mouse-marker").wait_for(state="attached")
    box = page.locator("iframe").bounding_box()
    page.mouse.move(box["x"] + 330, box["y"] + 260)
    page.mouse.click(box["x"] + 330, box["y"] + 260)
    name = page.get_by_label(text("intake.drawn_name", "zh", n=1, shape="点"))
    expect(name).to_be_visible()
    name.fill(HOSTILE)
    name.press("Enter")
    settled(page)
    hand_over(page)
    expect(page.get_by_text(text("intake.handed_over", "zh", n=1))).to_be_visible()
    assert page.evaluate("window.hurt") is None


def test_bad_upload_gets_one_message(app_url, page, tmp_path):
    bad = tmp_path / "坏.zip"
    bad.write_bytes(b"PK\x03\x04 no archive")
    open_intake(page, app_url)
    upload(page, bad)
    expect(page.get_by_test_id("stAlert")).to_have_count(1)
    expect(page.get_by_test_id("stAlert")).to_contain_text("ETK805")


def test_layer_to_look_at_is_on_the_map_of_its_own_window_only(app_url, page, browser, tmp_path):
    open_intake(page, app_url)
    upload(page, exported(tmp_path, ExportFormat.GEOPACKAGE, ExportCrs.CM108))
    take(page)
    page.get_by_test_id("stButtonGroup").get_by_text(text("intake.use_look", "zh")).click()
    page.get_by_role("button", name=text("intake.show_on_map", "zh")).click()
    expect(page.get_by_text(text("intake.shown", "zh"))).to_be_visible()
    page.get_by_role("link", name=text("map.title", "zh"), exact=True).click()
    mine = page.frame_locator(MAP_FRAME).last.locator(".etk-brought-legend")
    expect(mine).to_contain_text("地块")
    context = browser.new_context()
    other = context.new_page()
    watch = Watch(other)
    other.goto(app_url)
    frame = other.frame_locator(MAP_FRAME).last
    frame.locator(".etk-map[data-ready]").wait_for()
    expect(frame.locator(".etk-brought-legend")).to_have_count(0)
    other.get_by_role("link", name=text("intake.title", "zh"), exact=True).click()
    expect(other.get_by_test_id("stFileUploader")).to_be_visible()
    expect(other.get_by_text("地块")).to_have_count(0)
    assert not watch.outside
    context.close()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_page_speaks_one_language(app_url, page, tmp_path, lang):
    open_intake(page, app_url, lang)
    upload(page, gbk_shapefile(tmp_path, "1", "2"))
    take(page, lang)
    # Streamlit's icons are letters of an icon font, or titles of pictures.
    page.add_style_tag(content='[data-testid="stIconMaterial"], svg { display: none }')
    shown = page.get_by_test_id("stMain").inner_text()
    if lang == "en":
        own = ("项目名称", "项目")
        for word in own:
            shown = shown.replace(word, "")
        assert not CJK.search(shown), [line for line in shown.splitlines() if CJK.search(line)]
    else:
        visible = [line for line in shown.splitlines() if line.strip() not in STREAMLIT_HIDDEN]
        words = set(LATIN_WORD.findall("\n".join(visible)))
        assert words <= NAMES_KEPT, [v for v in visible if set(LATIN_WORD.findall(v)) - NAMES_KEPT]


STREAMLIT_HIDDEN = {"Upload", "200MB per file", "add icon"}
"""Words of the file chooser that are shown at size 0, ours in their place; the label
of a button that tables of fixed rows do not show."""


def test_file_chooser_speaks_chinese(app_url, page):
    open_intake(page, app_url)
    chooser = page.get_by_test_id("stFileUploaderDropzone")
    for part in ("button p", '[data-testid="stFileUploaderDropzoneInstructions"] span'):
        node = chooser.locator(part).last
        size, words = node.evaluate(
            "n => [getComputedStyle(n).fontSize, getComputedStyle(n, '::after').content]"
        )
        assert size == "0px"
        assert CJK.search(words)


@pytest.mark.parametrize("view", [{"width": 390, "height": 844}], indirect=True)
def test_page_fits_a_narrow_window_with_data(app_url, page, tmp_path):
    open_intake(page, app_url)
    upload(page, gbk_shapefile(tmp_path, "1", "2"))
    take(page)
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0


def test_download_opens_in_a_gis(app_url, page, tmp_path):
    open_intake(page, app_url)
    upload(page, exported(tmp_path, ExportFormat.GEOPACKAGE, ExportCrs.CM108))
    take(page)
    page.get_by_test_id("stButtonGroup").get_by_text(text("intake.use_export", "zh")).click()
    page.get_by_role("button", name=text("export.make", "zh")).click()
    with page.expect_download() as download:
        page.get_by_test_id("stDownloadButton").last.get_by_role("button").click()
    content = Path(download.value.path()).read_bytes()
    back = gpd.read_file(io.BytesIO(content))
    assert sorted(back["name"]) == ["乙", "甲"]


class HeldReader:
    """Stops one reading process of the app as soon as it starts, so that it never gets done.

    ``number`` counts the reading processes that start from now on.
    """

    def __init__(self, number: int) -> None:
        self._number = number
        self._seen: set[int] = set()
        self.held = threading.Event()
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> HeldReader:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._end.wait(0.005) and not self.held.is_set():
            for process in readers_of_this_test():
                self._seen.add(process)
                if len(self._seen) == self._number and not self.held.is_set():
                    os.kill(process, signal.SIGSTOP)
                    self.held.set()


def readers_of_this_test() -> list[int]:
    """Return the reading processes of apps that this process started."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes()
            if MODULE.encode() in command and parent(parent(int(folder.name))) == os.getpid():
                found.append(int(folder.name))
        except OSError:  # it ended meanwhile
            continue
    return found


def parent(process: int) -> int:
    return int(Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[1])


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are found in /proc")
@pytest.mark.parametrize(("number", "step"), [(1, "survey"), (2, "read")])
def test_reading_is_cancelled_and_done_again(app_url, page, tmp_path, number, step):
    open_intake(page, app_url)
    with HeldReader(number):
        upload(page, exported(tmp_path, ExportFormat.GEOPACKAGE, ExportCrs.CM108))
        expect(page.get_by_text(text(f"intake.step.{step}", "zh"))).to_be_visible()
        page.get_by_role("button", name=text("intake.cancel", "zh"), exact=True).click()
        expect(page.get_by_text("什么也没有采用")).to_be_visible()
    expect(page.get_by_role("button", name=text("intake.confirm", "zh"))).to_have_count(0)
    assert readers_of_this_test() == []
    page.get_by_role("button", name=text("intake.again", "zh"), exact=True).click()
    take(page)


def choose_named(page, label, option):
    choose(page.get_by_label(label), page.get_by_role("option", name=option).first)
    settled(page)


def test_table_of_corners_becomes_plots_only_when_that_is_said(app_url, page, tmp_path):
    corners = ["地块编号,点号,经度,纬度"]
    for plot, west in (("DK1", 107.2), ("DK2", 107.3)):
        ring = [(west, 39.1), (west + 0.05, 39.1), (west + 0.05, 39.15), (west, 39.15)]
        corners += [f"{plot},J{i},{x:.4f},{y:.4f}" for i, (x, y) in enumerate(ring, start=1)]
    path = tmp_path / "界址点.csv"
    path.write_text("\n".join(corners), encoding="utf-8")
    open_intake(page, app_url)
    upload(page, path)
    ways = radio(page, "intake.vertices.choose")
    expect(ways).to_be_visible()
    # The bytes decide: nothing is asked about the encoding.
    expect(radio(page, "intake.choose_encoding").locator("input:checked")).to_have_count(1)
    expect(radio(page, "intake.choose_encoding")).not_to_be_visible()
    expect(ways.locator("input:checked")).to_have_count(0)
    expect(radio(page, "intake.choose_reading")).to_have_count(0)
    ways.locator("label").filter(has_text=re.compile("地块编号.*面|面.*地块编号")).first.click()
    take(page)
    expect(page.get_by_text(text("intake.sound", "zh"))).to_be_visible()
    hand_over(page)
    expect(page.get_by_text(text("intake.handed_over", "zh", n=2))).to_be_visible()


def test_one_of_several_layers_is_chosen(app_url, page, tmp_path):
    path = tmp_path / "几个图层.gpkg"
    parcels("甲").to_file(path, layer="水源地")
    parcels("乙", "丙", "丁").to_file(path, layer="草原")
    open_intake(page, app_url)
    upload(page, path)
    expect(page.get_by_text(text("intake.layers", "zh", n=2)).first).to_be_visible()
    expect(radio(page, "intake.choose_reading")).to_have_count(0)
    choose_named(page, text("intake.choose_layer", "zh"), re.compile("草原"))
    take(page)
    hand_over(page)
    expect(page.get_by_text(text("intake.handed_over", "zh", n=3))).to_be_visible()


def missing_types(page, address):
    """Return how many zone types the coverage page counts as missing."""
    page.goto(f"{address}/coverage")
    settled(page)
    forget_own_server(page, page.watch)
    figures = page.get_by_test_id("stMarkdown").filter(has_text="∅ 缺失")
    return int(re.search(r"(\d+)\s*$", figures.first.inner_text()).group(1))


def state_official(page, area):
    """Fill the form for a basic grassland that is complete within the area of a file.

    Another type is chosen first and another use looked at in between: what was typed stays.
    """
    use = page.get_by_test_id("stButtonGroup")
    use.get_by_text(text("intake.use_official", "zh")).click()
    choose_named(page, text("supply.form.zone_type", "zh"), re.compile("^生态保护红线"))
    title = page.get_by_label(text("supply.form.title_zh", "zh"), exact=True).last
    expect(title).to_have_attribute("placeholder", "生态保护红线")
    stated = {"title_zh": HOSTILE, "version": "2025-1", "licence": "内部"}
    for field, value in stated.items():
        fill(page, text(f"supply.form.{field}", "zh"), value)
    choose_named(page, text("supply.form.zone_type", "zh"), re.compile("^基本草原"))
    expect(title).to_have_value(HOSTILE)
    use.get_by_text(text("intake.use_look", "zh")).click()
    expect(page.get_by_role("button", name=text("intake.show_on_map", "zh"))).to_be_visible()
    use.get_by_text(text("intake.use_official", "zh")).click()
    expect(title).to_have_value(HOSTILE)
    fill(page, text("supply.form.valid_from", "zh"), "2025-03-01")
    choose_named(page, text("supply.form.complete", "zh"), text("supply.form.complete_area", "zh"))
    chooser = page.get_by_test_id("stFileUploader")
    own = chooser.filter(has_text=text("supply.form.complete_file", "zh"))
    own.locator('input[type="file"]').set_input_files(str(area))


def fill(page, label, value):
    box = page.get_by_label(label, exact=True).last  # a column may be called like a field
    box.fill(value)
    box.press("Enter")
    settled(page)


def move(page, address, button):
    """Choose the layer in the list and take it out of use, or bring it back."""
    open_intake(page, address, source="supplied")
    choose_named(page, text("supply.list.choose", "zh"), re.compile("2025-1"))
    if button == "remove":
        fill(page, text("supply.list.why", "zh"), "试登记")
    page.get_by_role("button", name=text(f"supply.list.{button}", "zh"), exact=True).click()
    state = "removed" if button == "remove" else "in_force"
    expect(
        page.get_by_test_id("stTable").get_by_text(text(f"supply.state.{state}", "zh"))
    ).to_be_visible()


def test_official_layer_is_supplied_listed_removed_and_restored(page, project, start_app, tmp_path):
    address = start_app(project)
    before = missing_types(page, address)
    open_intake(page, address, source="supplied")
    expect(page.get_by_text(text("supply.list.none", "zh"))).to_be_visible()
    open_intake(page, address)
    upload(page, exported(tmp_path, ExportFormat.GEOPACKAGE, ExportCrs.CM108))
    radio(page, "intake.choose_reading").wait_for()
    fill(page, text("intake.accuracy", "zh"), "5")
    take(page)
    area = tmp_path / "范围.gpkg"
    parcels("范围").set_crs(4490, allow_override=True).to_file(area)
    state_official(page, area)
    page.get_by_role("button", name=text("supply.form.supply", "zh"), exact=True).click()
    expect(page.get_by_text("自 2025-03-01 起生效")).to_be_visible()
    page.get_by_role("button", name=text("supply.see_list", "zh")).click()
    table = page.get_by_test_id("stTable")
    for cell in (HOSTILE, "基本草原", "2025-1", "2025-03-01 至 今", "没有公布面积可核对", "使用中"):
        expect(table.get_by_text(cell).first).to_be_visible()
    assert page.evaluate("window.hurt") is None
    with_it = before - 2  # basic grassland, and grassland, of which it is a part
    assert missing_types(page, address) == with_it
    move(page, address, "remove")
    assert missing_types(page, address) == before
    move(page, address, "restore")
    assert missing_types(page, address) == with_it
