"""What is drawn of a user's layer: bounded, said, and always text."""

from __future__ import annotations

import json

import numpy as np
import pytest
import shapely
from shapely import LineString, Point, Polygon
from streamlit_folium import _get_feature_group_string

from etk_geo.maps.display import Display
from etk_geo.maps.overlay import (
    COLOURS,
    Shown,
    display_copy,
    ground_document,
    overlay_document,
    overlay_group,
)
from etk_geo.maps.plan_map import build_map
from etk_geo.model import LonLat

URL = "../../app/static/display/map-zh-01234567.json"


def array(*geometries):
    made = np.empty(len(geometries), dtype=object)
    made[:] = geometries
    return made


def circles(count, vertices=200):
    places = shapely.points(np.linspace(107, 108, count), 39.0)
    return shapely.buffer(places, 0.001, quad_segs=vertices // 4)


def test_few_features_are_drawn_as_they_are():
    square = Polygon([(107, 39), (107.1, 39), (107.1, 39.1), (107, 39.1)])
    copy = display_copy(array(square, None, Point(), Point(108.123456, 39)), ["a", "b", "c", "d"])
    assert [f["name"] for f in copy.features] == ["a", "d"]
    assert copy.of == 2
    assert copy.coarse_m == 0
    assert copy.features[1]["geometry"]["coordinates"] == [108.12346, 39.0]


def test_of_many_features_some_are_taken_from_end_to_end():
    geometry = shapely.points(np.linspace(107, 108, 1000), 39.0)
    copy = display_copy(geometry, [str(i) for i in range(1000)], most_features=11)
    assert [f["name"] for f in copy.features] == [str(round(i * 99.9)) for i in range(11)]
    assert copy.of == 1000


def test_heavy_features_are_simplified_until_they_fit_and_none_vanishes():
    copy = display_copy(circles(100), [], most_vertices=1000)
    assert len(copy.features) == 100
    assert copy.coarse_m > 0
    drawn = [shapely.from_geojson(json.dumps(f["geometry"])) for f in copy.features]
    assert shapely.get_num_coordinates(drawn).sum() <= 1000
    assert not shapely.is_empty(drawn).any()


def test_map_says_when_it_is_a_sample():
    geometry = shapely.points(np.linspace(107, 108, 5000), 39.0)
    (entry,) = overlay_document([Shown("a", geometry)], "zh", "t")["entries"]
    assert "5000 个中均匀抽出的 4000 个" in entry["note"]
    (entry,) = overlay_document([Shown("a", geometry[:100])], "zh", "t")["entries"]
    assert entry["note"] == ""


def test_each_entry_has_a_look_of_its_own():
    shown = [Shown(str(i), array(Point(107, 39)), number=i) for i in range(3 * len(COLOURS))]
    entries = overlay_document(shown, "en", "t")["entries"]
    assert len({(entry["colour"], entry["dash"]) for entry in entries}) == len(shown)


def test_map_fits_what_is_shown():
    shown = [Shown("a", array(LineString([(107, 39), (107.2, 39.1)]))), Shown("b", array(None))]
    (south, west), (north, east) = overlay_document(shown, "zh", "t", fit=True)["fit"]
    assert (west, south, east, north) == pytest.approx((106.99, 38.995, 107.21, 39.105))
    assert overlay_document([Shown("b", array(None))], "zh", "t", fit=True)["fit"] is None


def test_script_holds_names_as_data_and_names_the_map(site):
    shown = Shown("<b>", array(Point(107, 39)), ["</script><img src=x>"], 1, LonLat(107, 39))
    group = overlay_group(overlay_document([shown], "zh", "t"))
    script = _get_feature_group_string(group, build_map(site, URL))
    assert "etk.showOverlay(map_div, feature_group_feature_group_0," in " ".join(script.split())
    assert "</script>" not in script
    assert "<img" not in script


def test_small_map_has_the_ground_only(tmp_path):
    layers = [{"id": "a", "group": "base"}, {"id": "b", "group": "plan"}]
    path = tmp_path / "map-zh-1.json"
    path.write_text(json.dumps({"layers": layers, "lang": "zh"}), encoding="utf-8")
    document = ground_document(Display("../x/map-zh-1.json", (path,)))
    assert [entry["id"] for entry in document["layers"]] == ["a"]
    assert document["bare"]
