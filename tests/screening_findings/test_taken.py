"""Layers taken in become projects to screen, with nothing added that nobody said."""

from __future__ import annotations

from datetime import date

import pytest

from etk_geo.intake.drawn import take_drawing
from etk_geo.model import Bound
from etk_geo.screening.projects import PROJECT_COLUMNS
from etk_geo.screening.taken import taken_projects

SQUARE = [[[107.5, 39.0], [107.6, 39.0], [107.6, 39.1], [107.5, 39.1], [107.5, 39.0]]]
SHAPES = {"Polygon": SQUARE, "Point": [107.5, 39.0], "LineString": [[107, 39], [108, 39]]}


def feature(kind="Polygon", **properties):
    geometry = {"type": kind, "coordinates": SHAPES[kind]}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def projects_of(*features, accuracy_m=50.0, **options):
    settings = {"name": "清单", "categories": {}, "extents": {}, **options}
    return taken_projects(take_drawing(features, accuracy_m), **settings)


def test_frame_has_the_columns_of_projects():
    projects = projects_of(feature(name="a", category="煤矿", decided_on="2024-05-01"))
    assert [*projects.frame.columns] == [*PROJECT_COLUMNS, "geometry"]
    (row,) = projects.frame.to_dict("records")
    assert row["project_id"] == row["name_zh"] == row["name_en"] == "a"
    assert row["decided_on"] == date(2024, 5, 1)
    assert row["accuracy_m"] == 50.0
    assert projects.provenance[0].stated_accuracy_m == 50.0


def test_names_that_are_missing_or_repeated_get_their_number():
    names = ["甲", "", "乙", "甲", ""]
    ids = projects_of(*(feature(name=name) for name in names)).frame["project_id"]
    assert sorted(ids) == sorted(["甲 #1", "#2", "乙", "甲 #4", "#5"])


def test_a_name_like_a_numbered_one_keeps_ids_distinct():
    ids = projects_of(*(feature(name=name) for name in ("甲", "甲", "甲 #1"))).frame["project_id"]
    assert len(set(ids)) == 3


def test_category_is_taken_only_where_it_is_matched():
    drawn = [feature(name="a", category="煤矿"), feature(name="b", category="别的")]
    projects = projects_of(*drawn, categories={"煤矿": "coal_mine"})
    assert list(projects.frame["category"]) == ["coal_mine", ""]


@pytest.mark.parametrize(
    ("kind", "asked", "expected"),
    [
        ("Polygon", None, Bound.EXACT),
        ("LineString", None, Bound.EXACT),
        ("Point", None, Bound.POSITION),
        ("Polygon", Bound.OUTER, Bound.OUTER),
        ("LineString", Bound.OUTER, Bound.POSITION),
        ("Point", Bound.OUTER, Bound.POSITION),
    ],
)
def test_how_a_geometry_bounds_the_project(kind, asked, expected):
    (found,) = projects_of(feature(kind), bound=asked).frame["bound"]
    assert found == expected


def test_extent_by_category_is_for_points_only_and_says_so():
    drawn = [feature("Point", name="a", category="医院"), feature(name="b", category="医院")]
    projects = projects_of(*drawn, categories={"医院": "h"}, extents={"h": 500.0})
    assert list(projects.frame["extent_m"].fillna(-1)) == [500.0, -1]
    assert list(projects.frame["extent_basis"]) == ["default", ""]


def test_unknown_accuracy_stays_unknown():
    assert projects_of(feature(), accuracy_m=None).frame["accuracy_m"].isna().all()


def test_key_marks_the_content():
    one, same = projects_of(feature(name="a")), projects_of(feature(name="a"))
    assert one.key == same.key
    assert one.key != projects_of(feature(name="b")).key
    assert one.key != projects_of(feature(name="a"), accuracy_m=60.0).key
    assert one.key != projects_of(feature("Point", name="a")).key
