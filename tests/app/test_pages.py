"""Every page on the repository's own data, in Chinese and English."""

from __future__ import annotations

import re

import pytest

from etk_geo.catalog import open_catalog
from etk_geo.i18n import text
from etk_geo.model import LANGS
from etk_geo.plan import PLAN_URL_SOURCE, open_plan
from etk_geo.store import project_root
from etk_geo.targets import find_unmatched, join_targets
from etk_geo.unplaced import list_unplaced
from tests.app.conftest import APP, CJK, PAGES, cells, labels, only, said, unescaped

LATIN_WORD = re.compile(r"[A-Za-z]{3,}")
NEUTRAL = {
    *(
        "GeoJSON",
        "GeoPackage",
        "CSV",
        "QGIS",
        "ArcGIS",
        "WGS",
        "sha",
        "Python",
        "GDP",
        "LNG",
        "DOCX",
        "XLSX",
        "PDF",
        *("Shapefile", "zip", "UTF", "KML", "TXT", "EPSG", "WKT", "Excel", "CGCS"),
    ),
    *("json", "geojson", "provenance", "data", "layers", "toml", "csv", "English"),
}
"""Names that stay as they are in every language."""

PROPER_NAMES = {"publisher", "attribution", "url"}
"""Columns that exist once only: whoever published is named in their own language."""


@pytest.fixture(scope="module")
def plan():
    return open_plan(project_root())


@pytest.fixture(scope="module")
def layers():
    return open_catalog(project_root()).layers


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("key", PAGES)
def test_page_opens_without_error(open_page, key, lang):
    app = open_page(key, lang)
    assert not app.exception
    assert not app.error
    if key != "map":
        assert only(app.title).value == text(f"{key}.title", lang)


@pytest.mark.parametrize("lang", LANGS)
def test_navigation_speaks_the_language(open_page, lang):
    pages = open_page("about", lang)._registered_pages.values()
    assert [page["page_name"] for page in pages] == [text(f"{key}.title", lang) for key in PAGES]


@pytest.mark.parametrize("key", PAGES)
def test_english_page_has_no_chinese_label_heading_or_sentence(open_page, key):
    app = open_page(key, "en")
    for word in (*labels(app), *said(app).splitlines()):
        assert not CJK.search(word), word


@pytest.mark.parametrize("key", PAGES)
def test_english_page_has_no_chinese_in_tables_but_names_of_publishers(open_page, key):
    leave_out = {text(f"column.{name}", "en") for name in PROPER_NAMES}
    for heading, cell in cells(open_page(key, "en"), leave_out=leave_out):
        assert not CJK.search(cell), f"{heading}: {cell}"


@pytest.mark.parametrize("key", PAGES)
def test_chinese_page_has_no_english_label_or_heading(open_page, key):
    for word in labels(open_page(key, "zh")):
        assert set(LATIN_WORD.findall(word)) <= NEUTRAL, word


@pytest.mark.parametrize("name", ["sector", "measure", "unit", "status", "category", "kind"])
def test_chinese_tables_say_codes_in_words(open_page, name):
    heading = text(f"column.{name}", "zh")
    for key in ("layers", "targets"):
        for found, cell in cells(open_page(key, "zh"), leave_out=set()):
            if found == heading:
                assert not re.search(r"[a-z]{4,}", cell), cell


def test_language_switch_turns_the_page_and_keeps_it_in_the_address(open_page):
    app = open_page("targets", "zh")
    only(app.get("button_group"), key="lang_switch").set_value("en").run()
    assert only(app.title).value == "Plan targets"
    assert "en" in app.query_params["lang"]


def test_unknown_language_in_the_address_is_chinese(open_page):
    assert only(open_page("targets", "xx").title).value == "规划指标"


# Layers


def test_layers_page_offers_every_layer(open_page, layers):
    app = open_page("layers")
    choice = only(app.selectbox, key="layers_layer")
    assert len(choice.options) == len(layers)


def test_layers_page_opens_the_layer_of_the_address(open_page, layers):
    app = open_page("layers", "zh", layer="nature_reserves")
    title = layers["nature_reserves"].provenance.title_zh
    assert title in said(app)
    assert "nature_reserves" in app.query_params["layer"]


@pytest.mark.parametrize("lang", LANGS)
def test_layers_page_shows_every_layer_with_its_provenance(open_page, layers, plan, lang):
    for layer_id, layer in layers.items():
        app = open_page("layers", lang, layer=layer_id)
        assert not app.exception
        assert not app.error
        record = layer.provenance
        page = said(app)
        for name in ("description", "method", "accuracy", "attribution"):
            assert " ".join(getattr(record, f"{name}_{lang}").split()) in page
        for gap in getattr(record, f"known_gaps_{lang}"):
            assert gap in page
        assert only(app.code).value == record.sha256
        assert len(app.dataframe[0].value) == len(layer.gdf)
        for source in record.sources:
            row = plan.sources[plan.sources["id"] == source].iloc[0]
            assert row[f"title_{lang}"] in page
            assert row["url"] in page


def test_layers_page_offers_both_formats_and_the_record(open_page):
    names = [button.label for button in open_page("layers").get("download_button")]
    assert names == ["GeoJSON", "GeoPackage", "来源记录"]


# Targets


def test_targets_page_lists_every_figure(open_page, plan):
    table = open_page("targets").dataframe[0].value
    assert len(table) == len(plan.targets)
    assert list(table["名称"]) == list(plan.targets["name_zh"])
    assert all(table["规划出处"])


def test_targets_page_filters_by_sector_and_measure(open_page, plan):
    app = open_page("targets")
    only(app.get("button_group"), key="targets_sector").set_value(["transport"]).run()
    chosen = plan.targets[plan.targets["sector"] == "transport"]
    assert len(app.dataframe[0].value) == len(chosen)
    only(app.get("button_group"), key="targets_measure").set_value(["share"]).run()
    assert len(app.dataframe[0].value) == (chosen["measure"] == "share").sum()


def test_targets_page_shows_one_figure_from_the_address(open_page):
    app = open_page("targets", "en", target="park_output")
    joined = app.table[0].value
    assert {"Place", "Layer", "Project"} == set(joined["Joined"])


def test_targets_page_lists_unmatched_on_either_side(open_page, plan, layers):
    lone = find_unmatched(join_targets(plan, layers), plan, layers)
    names = [tab.label for tab in open_page("targets", "en").tabs]
    counts = [int(re.search(r"\((\d+)\)", name)[1]) for name in names]
    assert counts == [len(frame) for frame in vars(lone).values()]


# Missing positions


@pytest.mark.parametrize("lang", LANGS)
def test_unplaced_page_lists_every_feature_without_position(open_page, plan, layers, lang):
    expected = list_unplaced(plan, layers)
    app = open_page("unplaced", lang)
    shown = [unescaped(n) for t in app.table for n in t.value[text("column.name", lang)]]
    assert sorted(shown) == sorted(expected[f"name_{lang}"])


def test_unplaced_page_filters_by_layer_and_township(open_page, plan, layers):
    expected = list_unplaced(plan, layers)
    app = open_page("unplaced")
    only(app.get("button_group"), key="unplaced_layer").set_value(["nature_reserves"]).run()
    assert len(app.table) == 1
    only(app.get("button_group"), key="unplaced_layer").set_value([]).run()
    only(app.get("button_group"), key="unplaced_township").set_value(["wulan_town"]).run()
    there = expected["townships"].map(lambda names: "wulan_town" in names)
    assert sum(len(table.value) for table in app.table) == there.sum()


# Data and notes


def test_about_page_lists_every_source_and_layer(open_page, plan, layers):
    tables = [frame.value for frame in open_page("about").dataframe]
    assert len(plan.sources) in map(len, tables)
    assert len(layers) in map(len, tables)


def test_about_page_says_that_boundaries_are_not_legal(open_page):
    page = said(open_page("about"))
    assert "不是法定界线" in page
    assert "地图管理条例" in page


def test_pages_hold_no_rule_and_stay_short():
    for path in (APP.parent / "etk_geo/ui").glob("*_page.py"):
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 150, path.name
    assert len(APP.read_text(encoding="utf-8").splitlines()) < 60


def test_project_page_opens_the_published_plan(open_page, plan):
    (button,) = open_page("project").get("link_button")
    source = plan.sources.set_index("id").loc[PLAN_URL_SOURCE]
    assert button.proto.url == source["url"]
