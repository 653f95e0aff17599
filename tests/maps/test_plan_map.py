"""The folium map: local files only, and the same script on every rerun."""

from __future__ import annotations

import json

import folium
import pytest
from folium.plugins import Fullscreen
from streamlit_folium import _get_map_string

from etk_geo.catalog import open_catalog
from etk_geo.errors import AssetError
from etk_geo.maps.display import inline_display
from etk_geo.maps.online_tiles import is_tianditu_key, tile_group, tiles_of
from etk_geo.maps.plan_map import build_map, local_address, require_local, to_latlon
from etk_geo.model import LonLat
from etk_geo.plan import open_plan
from etk_geo.store import project_root

URL = "../../app/static/display/map-zh-01234567.json"


def test_position_changes_order_for_folium_only():
    assert to_latlon(LonLat(lon=108.0, lat=39.0)) == (39.0, 108.0)


def test_script_is_the_same_on_every_rerun_and_small(site):
    scripts = {_get_map_string(build_map(site, URL)) for _ in range(3)}
    assert len(scripts) == 1
    (script,) = scripts
    assert "etk.start(map_div" in script
    assert len(script) < 2000


def test_all_addresses_are_local_and_carry_a_checksum(site):
    plan_map = build_map(site, URL)
    for element in (plan_map, *plan_map._children.values()):
        for _, address in (*element.default_js, *element.default_css):
            assert address.startswith("../../app/static/")
            assert len(address.rsplit("?v=", 1)[1]) == 8


def test_folium_itself_is_left_as_it_was(site):
    before = list(folium.Map.default_js)
    build_map(site, URL)
    assert folium.Map.default_js == before


def test_changed_file_gets_a_new_address(site):
    before = local_address(site, "etk/plan-map.js")
    with (site / "static/etk/plan-map.js").open("a", encoding="utf-8") as stream:
        stream.write("\n/* changed */\n")
    assert local_address(site, "etk/plan-map.js") != before


@pytest.mark.parametrize("file", ["vendor/leaflet/leaflet.js", "etk/plan-map.css"])
def test_missing_browser_file_is_named(site, file):
    (site / "static" / file).unlink()
    with pytest.raises(AssetError) as caught:
        build_map(site, URL)
    assert caught.value.code == "ETK602"
    assert caught.value.file == f"static/{file}"


def test_element_that_would_ask_another_host_is_refused(site):
    plan_map = build_map(site, URL)
    Fullscreen().add_to(plan_map)
    with pytest.raises(AssetError):
        require_local(plan_map)


def test_inlined_map_holds_its_layers_and_no_tag_can_end_the_script(site):
    root = project_root()
    document = inline_display(open_catalog(root), open_plan(root), "zh")
    document["layers"][0]["title"] = "</script><script>alert(1)</script>"
    script = _get_map_string(build_map(site, document))
    assert "</script>" not in script
    assert json.dumps(document["layers"][0]["id"]) in script


def test_no_tiles_unless_asked(site):
    assert "tileLayer" not in _get_map_string(build_map(site, URL))


def test_osm_tiles_have_their_attribution():
    (tiles,) = tiles_of("osm")
    assert "OpenStreetMap" in tiles.attribution
    assert len(tile_group("osm")._children) == 1


def test_tianditu_has_map_and_names_and_needs_a_key():
    key = "0123456789abcdef0123456789abcdef"
    assert is_tianditu_key(key)
    assert [key in tiles.url for tiles in tiles_of("tianditu", key)] == [True, True]


@pytest.mark.parametrize("key", ["", "short", "0123456789abcdef0123456789abcde&", "x" * 32])
def test_odd_text_is_no_key(key):
    assert not is_tianditu_key(key)


def test_key_cannot_change_the_address():
    assert "&x=1" not in tiles_of("tianditu", "&x=1")[0].url
