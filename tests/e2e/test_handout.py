"""Hand-outs from disk with the network cut: nothing asked for, nothing wrong, all usable."""

from __future__ import annotations

import re
from dataclasses import replace

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from playwright.sync_api import expect

from etk_geo.catalog import Catalog
from etk_geo.handout.command import screening_handout
from etk_geo.handout.content import View, handout_document
from etk_geo.model import LANGS, LonLat
from etk_geo.stories.material import Material
from etk_geo.stories.model import Camera
from tests.app.conftest import CJK
from tests.e2e.documents import (
    DAY,
    SIZES,
    material,
    opened,
    story_document,
    write_page,
)

pytestmark = pytest.mark.e2e
MB = 1_000_000
TOKEN = "0123456789abcdef0123456789abcdef"
"""As long as a key of Tianditu."""


@pytest.fixture(scope="module", params=LANGS)
def plan(request, tmp_path_factory):
    path = tmp_path_factory.mktemp("handout") / f"plan-{request.param}.html"
    return request.param, write_page(path, story_document("plan", request.param))


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_story_plays_from_disk_by_keys_alone(browser, plan, size):
    lang, file = plan
    with opened(browser, file, size, reduced_motion="reduce") as shown:
        assert shown.player.get_attribute("data-scene") == "overview"
        for key, scene in (("PageDown", "water"), ("ArrowRight", "reserves"), (" ", "mines"),
                           ("PageUp", "reserves"), ("ArrowLeft", "water"), ("End", "missing"),
                           ("Home", "overview"), ("5", "parks"), ("0", "missing")):  # fmt: skip
            shown.press(key)
            shown.at(scene)
        expect(shown.page.locator('.etkp-dot[aria-current="step"]')).to_have_text("10")
        shown.press("n")
        expect(shown.page.locator(".etkp-notes")).to_be_visible()
        shown.press("Escape", "s")
        review = "未经地图审核" if lang == "zh" else "Not reviewed for publication"
        expect(shown.page.locator(".etkp-sheet")).to_contain_text(review)
        shown.press("Escape")
        expect(shown.page.locator(".etkp-sheet")).to_be_hidden()
        assert shown.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        if lang == "en":
            assert not CJK.search(shown.page.locator(".etkp-panel").inner_text())
            assert not CJK.search(shown.page.locator(".etkp-bar").inner_text())
    assert file.stat().st_size < 3 * MB


def test_targets_table_is_read_and_narrowed_with_the_keyboard(browser, plan):
    lang, file = plan
    with opened(browser, file) as shown:
        name = "指标表" if lang == "zh" else "Targets"
        shown.page.get_by_role("button", name=name, exact=True).focus()
        shown.press("Enter")
        rows = shown.page.locator(".etkp-sheet tbody tr")
        expect(rows).to_have_count(108)
        shown.page.keyboard.type("1,000 亿元" if lang == "zh" else "100 billion")
        expect(rows).to_have_count(1)
        expect(rows.first).to_contain_text("3.1.1")
        shown.press("Escape")
        expect(shown.page.locator(".etkp-sheet")).to_be_hidden()


def test_map_switches_layers_and_opens_a_card_from_disk(browser, tmp_path):
    camera = Camera(centre=LonLat(107.0, 39.6), zoom=9.0)
    view = View(layers=("banner", "townships", "railways"), camera=camera)
    file = write_page(tmp_path / "map.html", handout_document(material(), "zh", view))
    with opened(browser, file) as shown:
        legend = shown.page.locator(".etk-legend")
        on = legend.locator("input[data-layer]:checked")
        expect(on).to_have_count(3)
        plants = shown.page.locator('.etk-marker[data-feature="plant_huaneng_mengxi"]')
        expect(plants).to_have_count(0)
        legend.locator('input[data-layer="power_plants"]').check()
        plants.press("Enter")
        card = shown.page.locator(".etk-panel")
        expect(card).to_contain_text("全球电厂追踪数据")
        expect(card).to_contain_text("CC BY 4.0")
        bounds = shown.page.evaluate("etk.player.map.getCenter()")
        assert bounds["lng"] == pytest.approx(107.0, abs=0.01)
        assert bounds["lat"] == pytest.approx(39.6, abs=0.01)


def test_legend_names_what_is_drawn(browser, tmp_path):
    """Every marker on the map has its very symbol in the legend of a layer that is on."""
    file = write_page(tmp_path / "map.html", handout_document(material(), "zh", View()))
    with opened(browser, file) as shown:
        drawn, named = shown.page.evaluate(
            """() => {
              const pictures = (selector) =>
                [...new Set([...document.querySelectorAll(selector)].map((n) => n.innerHTML))];
              const on = ".etk-layer:has(input:checked) .etk-swatch svg";
              return [pictures(".etk-marker .etk-mark"), pictures(on)];
            }"""
        )
        assert len(drawn) >= 4
        assert set(drawn) <= set(named)


def test_screening_is_a_table_and_a_map_from_disk(browser, tmp_path):
    view, addition = screening_handout(material(), "zh")
    document = handout_document(material(), "zh", view, addition=addition)
    file = write_page(tmp_path / "screening.html", document)
    with opened(browser, file) as shown:
        button = shown.page.locator(".etkp-right button").first
        button.click()
        expect(shown.page.locator(".etkp-sheet tbody tr").first).to_be_visible()
        said = shown.page.locator(".etkp-sheet").inner_text()
        assert "未检查" in said
        assert "无冲突" not in said
        shown.press("Escape", "s")
        expect(shown.page.locator(".etkp-sheet")).to_contain_text("未经地图审核")
    assert file.stat().st_size < 3 * MB


def test_no_token_of_the_session_and_no_path_of_the_computer_is_inside(monkeypatch, tmp_path):
    for name in ("TIANDITU_KEY", "ETK_TIANDITU_KEY", "TIANDITU_TK", "ETK_DATABASE"):
        monkeypatch.setenv(name, TOKEN)
    fresh = Material(material().workspace, DAY)
    file = write_page(tmp_path / "map.html", handout_document(fresh, "zh", View()))
    content = file.read_bytes()
    assert TOKEN.encode() not in content
    assert str(material().workspace.root).encode() not in content
    assert not re.search(rb"t\d?\.tianditu\.gov\.cn|tile\.openstreetmap\.org", content)


def with_layer(name: str, change) -> Material:
    """Return the material with a layer changed in memory."""
    workspace = material().workspace
    layers = {**workspace.catalog.layers, name: change(workspace.catalog.layers[name])}
    catalog = Catalog(layers, workspace.catalog.issues)
    return Material(replace(workspace, catalog=catalog), DAY)


def test_restricted_layer_is_left_out_and_said(browser, tmp_path):
    def restrict(layer):
        return replace(layer, provenance=replace(layer.provenance, restricted=True))

    document = handout_document(with_layer("mining_remediation", restrict), "zh", View())
    file = write_page(tmp_path / "map.html", document)
    content = file.read_bytes().decode()
    assert "m2399" not in content
    assert "阿尔巴斯煤矿" not in content
    with opened(browser, file) as shown:
        expect(shown.page.locator('input[data-layer="mining_remediation"]')).to_have_count(0)
        shown.press("s")
        sheet = shown.page.locator(".etkp-sheet")
        expect(sheet).to_contain_text("矿区治理与地下水：限制使用，没有写进这份资料")


def test_ten_thousand_features_fit_in_six_megabytes(browser, tmp_path):
    """Polygons of seven corners, each with its own name, card and position."""

    def many(layer):
        rows = layer.gdf[layer.gdf["kind"] == "mine"].iloc[[0] * 10_000].reset_index(drop=True)
        numbers = pd.Series(range(10_000))
        rows["id"] = "mine_" + numbers.astype(str)
        rows["name_zh"] = "矿区 " + numbers.astype(str)
        rows["name_en"] = "Mine " + numbers.astype(str)
        centres = [(106.8 + (n % 100) * 0.018, 38.4 + (n // 100) * 0.016) for n in range(10_000)]
        shapes = [shapely.Point(*at).buffer(0.006, quad_segs=2) for at in centres]
        rows["bound"] = "exact"
        return replace(layer, gdf=gpd.GeoDataFrame(rows, geometry=shapes, crs=layer.gdf.crs))

    document = handout_document(with_layer("mining_remediation", many), "zh", View())
    file = write_page(tmp_path / "many.html", document)
    assert file.stat().st_size < 6 * MB
    with opened(browser, file) as shown:
        entry = shown.page.locator('.etk-layer:has(input[data-layer="mining_remediation"])')
        expect(entry).to_contain_text("10000")
