"""The build: the same bytes every time, positions that say no more than the tables."""

from __future__ import annotations

import json

import pytest
import shapely
from shapely.geometry import Point, shape

from etk_geo.build.compile import compile_layers, write_layers
from etk_geo.build.zones import mining_extent
from etk_geo.catalog import open_catalog
from etk_geo.crs import GEOD
from etk_geo.errors import DataError
from etk_geo.geojson import check_document
from etk_geo.measure import area_m2, length_m
from etk_geo.plan import open_plan, records
from etk_geo.store import project_root
from tests.foundation.conftest import edit_text


@pytest.fixture(scope="module")
def compiled():
    return compile_layers(project_root())


@pytest.fixture(scope="module")
def features(compiled):
    return {
        feature["properties"]["id"]: feature
        for file, content in compiled.items()
        if file.endswith(".geojson")
        for feature in json.loads(content)["features"]
    }


def test_build_is_what_is_committed_and_the_same_twice(compiled):
    assert compile_layers(project_root()) == compiled
    assert all(
        (project_root() / file).read_bytes() == content for file, content in compiled.items()
    )


def test_build_writes_only_what_changed(project):
    assert write_layers(project) == []
    edit_text(project, "data/places.csv", "107.037", "107.038")
    changed = write_layers(project)
    assert "data/boundaries/townships.geojson" in changed
    assert "layers/rivers.geojson" not in changed


def test_build_is_sound_geojson(compiled):
    for file, content in compiled.items():
        if file.endswith(".geojson"):
            assert check_document(json.loads(content), file) == []


def test_build_holds_every_project_and_no_other(features):
    plan = open_plan(project_root())
    built = {name for name, f in features.items() if f["properties"]["kind"] == "project"}
    assert built == set(plan.projects["id"])
    assert len(built) == 65
    assert len(plan.targets) == 108


def test_build_pins_nothing_that_is_only_known_by_area(features):
    plan = open_plan(project_root())
    for row in records(plan.siting):
        located = features[row["project_id"]]["geometry"] is not None
        assert located == (row["siting"] not in ("in_area", "unknown")), row["project_id"]


def test_build_pins_within_the_stated_accuracy_of_the_anchors(features):
    plan = open_plan(project_root())
    places = plan.places.set_index("id")
    checked = 0
    for row in records(plan.siting):
        if row["siting"] not in ("at_place", "near_place"):
            continue
        feature = features[row["project_id"]]
        points = shapely.get_parts(shape(feature["geometry"]))
        assert len(points) == len(row["anchors"])
        for point, name in zip(points, row["anchors"], strict=True):
            place = places.loc[name]
            _, _, distance = GEOD.inv(point.x, point.y, place["lon"], place["lat"])
            assert distance < 2  # rounding of the stored coordinates
            reach = 0 if row["siting"] == "at_place" else row["reach_m"]
            assert feature["properties"]["accuracy_m"] >= place["accuracy_m"] + reach
            checked += 1
    assert checked > 10


@pytest.mark.parametrize("name", ["dinosaur_reserve", "dusitu_wetland_reserve", "licorice_reserve"])
def test_build_reserve_without_public_boundary_has_figures_and_no_shape(features, name):
    feature = features[name]
    assert feature["geometry"] is None
    assert feature["properties"]["bound"] is None
    assert any(fact["attribute"].startswith("area") for fact in feature["properties"]["facts"])
    assert feature["properties"]["known_zh"]


def test_build_west_ordos_is_an_outer_extent_with_every_published_area(features):
    properties = features["west_ordos_reserve"]["properties"]
    assert properties["bound"] == "outer"
    assert properties["orientation_only"] is True
    values = {fact["value"] for fact in properties["facts"]}
    assert {"555849", "455093", "436100"} <= values


def test_build_has_31_mines_and_an_extent_that_claims_nothing(features):
    mines = [f for f in features.values() if f["properties"]["kind"] == "mine"]
    assert len(mines) == 31
    extent = features["mining_indicative_extent"]["properties"]
    assert extent["orientation_only"] is True
    assert extent["accuracy_m"] is None


def test_build_banner_area_is_near_the_published_one(features):
    # Published 20,064 km2 (data/facts/published.csv); the outline is good to about 2 %.
    area = area_m2(shape(features["otog_banner"]["geometry"])) / 1e6
    assert 20_064 * 0.98 < area < 20_064 * 1.02


def test_build_yellow_river_reach_is_as_long_as_its_own_entry(features):
    reach = features["yellow_river_banner_reach"]
    drawn = [
        float(fact["value"])
        for fact in reach["properties"]["facts"]
        if fact["source"] == "compiled_yellow_river"
    ]
    assert drawn == [pytest.approx(length_m(shape(reach["geometry"])) / 1000, abs=0.05)]


def test_mining_extent_hulls_groups_of_three_or_more():
    near = [Point(107.0, 39.0), Point(107.05, 39.0), Point(107.0, 39.05)]
    far = [Point(108.0, 39.5), Point(108.01, 39.5)]
    extent = mining_extent([*near, *far])
    assert extent.geom_type == "Polygon"
    assert all(extent.buffer(1e-6).contains(point) for point in near)
    assert not extent.intersects(far[0])


def test_catalog_opens_every_layer_without_issue():
    catalog = open_catalog(project_root())
    assert catalog.issues == ()
    assert list(catalog.layers)[:1] == ["banner"]
    assert len(catalog.layers) == 13


@pytest.mark.parametrize(
    ("old", "new", "column"),
    [("near_place", "at_the_moon", None), (",10000,", ",,", "reach_m")],
)
def test_build_refuses_a_siting_it_cannot_follow(project, old, new, column):
    edit_text(project, "data/siting.csv", old, new)
    with pytest.raises(DataError) as caught:
        compile_layers(project)
    assert caught.value.file == "data/siting.csv"
    assert caught.value.detail.get("column") == column
