"""The other pages in a real browser: both languages, links, downloads, hostile data.

Every test also ends with the check that no other host was asked and the console stayed clean.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pyogrio
import pytest
from playwright.sync_api import expect

from etk_geo.catalog import open_catalog
from etk_geo.i18n import text
from etk_geo.model import LANGS
from etk_geo.store import project_root
from tests.app.conftest import CJK
from tests.app.conftest import PAGES as ALL_PAGES
from tests.e2e.choosing import choose
from tests.e2e.widths import misfits

pytestmark = pytest.mark.e2e
expect.set_options(timeout=20_000)

PAGES = tuple(key for key in ALL_PAGES if key != "map")
"""All but the map, which has no title of its own."""
HOSTILE = '<img src=x onerror="window.top.hurt=1">'
LANGUAGE_NAME = "中文"
DRAWN = "table, canvas, button, iframe, [data-testid='stAlert']"
"""What a page has once it is drawn, and its title alone has not."""
ENGLISH = re.compile(r"[A-Za-z]{3,}")
ENGLISH_SAID = """() => {
  const names = ['aria-label', 'placeholder', 'title', 'aria-valuetext', 'aria-roledescription'];
  const said = [];
  for (const node of document.querySelectorAll('body *')) {
    for (const name of names) {
      const frame = node.tagName === 'IFRAME' && name === 'title';
      const value = frame ? node.getAttribute('aria-label') || node.title : node.getAttribute(name);
      if (value) said.push([name, value]);
    }
  }
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const { data, parentElement: node } = walker.currentNode;
    const skipped = node.closest('script, style, noscript, td, code, textarea, pre, ' +
      '[data-testid="stIconMaterial"], [data-testid="stExpanderIcon"]');
    if (!skipped && getComputedStyle(node).fontSize !== '0px') said.push(['text', data.trim()]);
  }
  return said;
}"""
"""Names for screen readers, hints and texts; files and addresses are data and left out."""

QUOTE_PX = """(node) => {
  const texts = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const at = texts.currentNode.data.indexOf('“');
    if (at < 0) continue;
    const range = document.createRange();
    range.setStart(texts.currentNode, at);
    range.setEnd(texts.currentNode, at + 1);
    return [range.getBoundingClientRect().width, parseFloat(getComputedStyle(node).fontSize)];
  }
}"""
"""Width of the first quotation mark, and size of the type."""

NAMES = re.compile(
    r"English|DOCX|XLSX|PDF|PPTX?|GeoJSON|GeoPackage|Shapefile|KML|CSV|OpenStreetMap|"
    r"[\w./-]+\.(csv|toml|geojson|json)|[\w.-]+ \d[\d.]*|\(ETK\d+\)"
)
"""What has no Chinese name: formats, files, programs with their version, codes of problems."""

NAMING = ("about", "layers")


def english_said(page):
    """Return what a Chinese page says in English alone."""
    return [
        (kind, said)
        for kind, said in page.evaluate(ENGLISH_SAID)
        if ENGLISH.search(said) and not CJK.search(said) and not NAMES.fullmatch(said)
    ]


def go(page, address, key, lang="zh"):
    """Open the app and go to a page through the navigation."""
    page.goto(f"{address}/?lang={lang}")
    page.get_by_role("link", name=text(f"{key}.title", lang), exact=True).click()
    expect(heading(page, key, lang)).to_be_visible()
    settled(page)


def settled(page):
    """Wait until the page is drawn to its end."""
    app = page.get_by_test_id("stApp")
    expect(app).to_have_attribute("data-test-script-state", "notRunning")
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0)


def heading(page, key, lang):
    return page.get_by_role("heading", level=1, name=text(f"{key}.title", lang), exact=True)


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("key", PAGES)
def test_page_loads_with_its_title_in_the_tab(app_url, page, key, lang):
    go(page, app_url, key, lang)
    assert misfits(page) == {}
    expect(page).to_have_title(text(f"{key}.title", lang))
    expect(page.get_by_test_id("stAlertContentError")).to_have_count(0)
    expect(page.get_by_test_id("stException")).to_have_count(0)
    if lang == "zh":
        main = page.get_by_test_id("stMain")
        expect(main.locator(DRAWN).filter(visible=True).first).to_be_visible()
        said = english_said(page)
        # Sources and licences are named as they name themselves.
        assert not [(kind, one) for kind, one in said if kind != "text" or key not in NAMING]


def test_controls_of_streamlit_speak_the_language_of_the_page(app_url, page, watch):
    go(page, app_url, "coverage")
    page.get_by_role("button", name="选择日期").first.click()
    calendar = page.get_by_role("dialog")
    expect(calendar.get_by_text("三", exact=True)).to_be_visible()
    assert not english_said(page)
    page.keyboard.press("Escape")
    page.get_by_role("link", name=text("find.title", "zh"), exact=True).click()
    expect(heading(page, "find", "zh")).to_be_visible()
    settled(page)
    kinds = page.get_by_role("combobox", name=text("search.facet.kind", "zh"))
    kinds.fill("zzz")
    expect(page.get_by_text("没有匹配的选项")).to_be_visible()
    assert not english_said(page)
    forget_own_server(page, watch)
    page.get_by_test_id("stSidebar").get_by_text("English", exact=True).click()
    expect(heading(page, "find", "en")).to_be_visible()
    expect(page.get_by_role("navigation", name="App pages")).to_be_attached()


@pytest.mark.parametrize("key", PAGES)
def test_english_page_shows_no_chinese(app_url, page, key):
    go(page, app_url, key, "en")
    expect(page.get_by_test_id("stMain").locator(DRAWN).filter(visible=True).first).to_be_visible()
    shown = page.locator("body").inner_text().replace(LANGUAGE_NAME, "")
    assert not CJK.search(shown), [line for line in shown.splitlines() if CJK.search(line)]


def test_address_that_is_no_page_is_said_in_chinese(app_url, page, watch):
    page.goto(f"{app_url}/nowhere")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("没有这一页")
    expect(dialog).to_contain_text(re.compile("现在打开的是首页"))
    settled(page)
    assert not english_said(page)
    forget_own_server(page, watch)
    (told,) = watch.errors  # Streamlit writes it to the console too, where no user reads
    assert told == text("streamlit.page_not_found_about", "en")
    watch.forget()


def test_quotation_marks_of_an_english_page_are_narrow(app_url, page):
    go(page, app_url, "coverage", "en")
    said = page.get_by_test_id("stMain").get_by_text("“not checked”")
    wide, size = said.evaluate(QUOTE_PX)
    assert wide < 0.75 * size


def test_what_does_not_fit_is_seen(app_url, page):
    go(page, app_url, "coverage")
    main = page.get_by_test_id("stMain")
    main.evaluate("""(main) => main.insertAdjacentHTML("afterbegin",
        "<h2 style='width: 1500px'>wide</h2>" +
        "<h2 style='width: 40px; overflow: hidden; white-space: nowrap'>longer than that</h2>")""")
    found = misfits(page)
    assert found[1920] == ["cut: longer than that"]
    assert "cut: longer than that" in found[1280]
    assert len(found[1280]) > 1


def test_no_button_of_streamlit_speaks_english(app_url, page):
    go(page, app_url, "targets")
    page.get_by_test_id("stDataFrame").first.hover()
    for name in ("stElementToolbar", "stStatusWidget", "stMainMenu", "stAppDeployButton"):
        expect(page.get_by_test_id(name).filter(visible=True)).to_have_count(0)


def test_language_and_every_page_are_in_reach_without_scrolling(app_url, page):
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(app_url)
    sidebar = page.get_by_test_id("stSidebar")
    expect(sidebar.get_by_text("English", exact=True)).to_be_in_viewport(ratio=1)
    links = sidebar.get_by_role("link")
    expect(links).to_have_count(len(ALL_PAGES))
    expect(links.last).to_be_in_viewport(ratio=1)


def test_language_stays_through_pages_and_reload(app_url, page, watch):
    go(page, app_url, "layers")
    page.get_by_test_id("stSidebar").get_by_text("English", exact=True).click()
    expect(heading(page, "layers", "en")).to_be_visible()
    page.get_by_role("link", name=text("map.title", "en"), exact=True).click()
    page.get_by_role("link", name=text("targets.title", "en"), exact=True).click()
    expect(heading(page, "targets", "en")).to_be_visible()
    expect(page).to_have_url(re.compile(r"[?&]lang=en"))
    page.reload()
    expect(heading(page, "targets", "en")).to_be_visible()
    forget_own_server(page, watch)
    page.get_by_test_id("stSidebar").get_by_text(LANGUAGE_NAME, exact=True).click()
    expect(heading(page, "targets", "zh")).to_be_visible()
    expect(page).not_to_have_url(re.compile("lang="))


def forget_own_server(page, watch):
    """Opened below its root, Streamlit's page first looks for its own server there: a 404."""
    page.wait_for_load_state("networkidle")
    watch.errors[:] = [error for error in watch.errors if "404" not in error]


def test_layer_can_be_linked(app_url, page, watch):
    missing = []
    page.on("response", lambda r: missing.append(r.url) if r.status == 404 else None)
    page.goto(f"{app_url}/layers?lang=en&layer=railways")
    expect(page.get_by_role("heading", level=3, name="Railways")).to_be_visible()
    assert all("/layers/_stcore/" in address for address in missing)
    forget_own_server(page, watch)


def test_layer_downloads_open_in_a_gis(app_url, page, tmp_path):
    go(page, app_url, "layers")
    layers = open_catalog(project_root()).layers
    box = page.get_by_test_id("stSelectbox").first.locator("input")
    title = layers["industrial_parks"].provenance.title_zh
    choose(box, page.get_by_role("option", name=title))
    expect(page.get_by_role("heading", level=3, name=title)).to_be_visible()
    settled(page)
    for label, suffix in (("GeoJSON", "geojson"), ("GeoPackage", "gpkg")):
        with page.expect_download() as download:
            page.get_by_role("button", name=label).click()
        assert download.value.suggested_filename == f"industrial_parks.{suffix}"
        path = tmp_path / download.value.suggested_filename
        download.value.save_as(path)
        assert len(pyogrio.read_dataframe(path)) == len(layers["industrial_parks"].gdf)


def test_targets_table_downloads_for_excel(app_url, page, tmp_path):
    go(page, app_url, "targets")
    with page.expect_download() as download:
        page.get_by_role("button", name=text("mark.csv", "zh")).first.click()
    path = tmp_path / "targets.csv"
    download.value.save_as(path)
    content = path.read_bytes()
    assert content.startswith("\ufeff名称".encode())
    assert content.count(b"\r\n") == 109


def test_filter_narrows_the_list(app_url, page):
    go(page, app_url, "unplaced")
    tables = page.get_by_test_id("stTable")
    expect(tables.nth(1)).to_be_visible()
    page.get_by_test_id("stMain").get_by_text("自然保护地", exact=True).first.click()
    expect(tables).to_have_count(1)


@pytest.mark.parametrize("view", [{"width": 390, "height": 844}], indirect=True)
@pytest.mark.parametrize("key", PAGES)
def test_page_fits_a_narrow_window(app_url, page, key):
    page.goto(app_url)
    page.get_by_test_id("stExpandSidebarButton").click()
    page.get_by_role("link", name=text(f"{key}.title", "zh"), exact=True).click()
    expect(heading(page, key, "zh")).to_be_visible()
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0


def test_broken_layer_is_named_and_the_page_goes_on(project, start_app, page):
    path = project / "layers/highways.geojson"
    path.write_bytes(path.read_bytes()[:-200])
    go(page, start_app(project), "layers")
    alert = page.get_by_test_id("stMain").get_by_role("alert").first
    expect(alert).to_contain_text("layers/highways.geojson")
    expect(alert).to_contain_text("→")
    expect(page.get_by_test_id("stDataFrame").first).to_be_visible()


def test_hostile_data_stays_text(project: Path, start_app, edit_layer, page):
    def change(features):
        for feature in features:
            feature["properties"]["known_zh"] = f"{HOSTILE} ![p](http://example.org/p.png)"
            feature["properties"]["name_zh"] = HOSTILE

    edit_layer(project, "layers/nature_reserves.geojson", change)
    record = project / "layers/nature_reserves.provenance.json"
    values = json.loads(record.read_text(encoding="utf-8"))
    values["description_zh"] = HOSTILE
    record.write_text(json.dumps(values, ensure_ascii=False), encoding="utf-8")
    address = start_app(project)
    go(page, address, "unplaced")
    expect(page.get_by_test_id("stTable").filter(has_text=HOSTILE).first).to_be_visible()
    page.get_by_role("link", name=text("layers.title", "zh"), exact=True).click()
    expect(heading(page, "layers", "zh")).to_be_visible()
    assert page.evaluate("window.hurt") is None
