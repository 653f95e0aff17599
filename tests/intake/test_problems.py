"""Geometry problems are named with feature and place; a repair says what it does to the area."""

from __future__ import annotations

import geopandas as gpd
import pytest
import shapely

from etk_geo.errors import CrsError
from etk_geo.intake.problems import MOST_LISTED, apply_repairs, list_problems, offer_repairs
from etk_geo.measure import area_m2

BOW_TIE = shapely.Polygon([(107, 39), (107.01, 39.01), (107.01, 39), (107, 39.01), (107, 39)])
SPIKE = shapely.Polygon(
    [(107, 39), (107.01, 39), (107.02, 39), (107.01, 39), (107.01, 39.01), (107, 39.01)]
)
SOUND = shapely.box(107.2, 39, 107.21, 39.01)


def frame(*shapes):
    return gpd.GeoDataFrame({"n": range(len(shapes))}, geometry=list(shapes), crs=4326)


def labels(gdf):
    return [f"row {i + 2}" for i in range(len(gdf))]


def test_problems_are_named_with_feature_and_place():
    flat = shapely.Polygon([(107, 39), (107.1, 39), (107.2, 39), (107, 39)])
    mixed = shapely.GeometryCollection([shapely.Point(107, 39), SOUND])
    gdf = frame(SOUND, None, BOW_TIE, SOUND, flat, mixed)
    found = [(i.where, i.code) for i in list_problems(gdf, labels(gdf), "a.gpkg")]
    assert ("row 3", "ETK837") in found
    assert ("row 4", "ETK839") in found
    assert ("row 5", "ETK844") in found
    assert ("row 6", "ETK839") in found
    assert ("row 7", "ETK862") in found
    bow_tie = next(i for i in list_problems(gdf, labels(gdf), "a") if i.where == "row 4")
    assert bow_tie.detail["reason"] == "Self-intersection"
    assert bow_tie.detail["lon"] == "107.005000"


def test_bow_tie_repair_says_both_areas():
    gdf = frame(SOUND, BOW_TIE)
    (repair,) = offer_repairs(gdf, labels(gdf))
    assert (repair.row, repair.label) == (1, "row 3")
    assert repair.before_m2 < 0.02 * repair.after_m2
    assert repair.after_m2 == pytest.approx(
        area_m2(shapely.box(107, 39, 107.01, 39.01)) / 2, rel=1e-3
    )
    assert repair.position == pytest.approx((107.005, 39.005))


def test_repair_keeps_the_dimension():
    gdf = frame(SPIKE)
    (repair,) = offer_repairs(gdf, labels(gdf))
    assert repair.geometry.geom_type == "Polygon"
    assert repair.before_m2 == pytest.approx(repair.after_m2, rel=1e-6)


def test_only_accepted_repairs_are_applied():
    gdf = frame(BOW_TIE, SPIKE)
    repairs = offer_repairs(gdf, labels(gdf))
    repaired = apply_repairs(gdf, repairs, {1})
    assert list(repaired.is_valid) == [False, True]
    assert list(gdf.is_valid) == [False, False]
    assert repaired.crs == gdf.crs


def test_long_lists_are_counted():
    gdf = frame(*[None] * (MOST_LISTED + 5))
    found = list_problems(gdf, labels(gdf), "a")
    assert len(found) == MOST_LISTED + 1
    assert found[-1].code == "ETK863"
    assert found[-1].detail["count"] == "5"


def test_sound_frame_has_no_problems():
    assert list_problems(frame(SOUND), ["1"], "a") == []
    assert offer_repairs(frame(SOUND), ["1"]) == []


def test_empty_frame_has_no_problems():
    assert list_problems(frame(), [], "a") == []


def test_problems_need_wgs84():
    with pytest.raises(CrsError):
        list_problems(frame(SOUND).to_crs(4545), ["1"], "a")
