"""Figures of the plan joined to places, layers, projects and features."""

from __future__ import annotations

import pytest

from etk_geo.targets import (
    PLACE_COLUMNS,
    TARGET_FEATURE_COLUMNS,
    TARGET_LAYER_COLUMNS,
    TARGET_PLACE_COLUMNS,
    TARGET_PROJECT_COLUMNS,
    find_unmatched,
    join_targets,
    layer_features,
    locate_places,
)
from tests.targets.conftest import make_plan


@pytest.fixture
def joins(plan, layers):
    return join_targets(plan, layers)


def one(frame, target):
    rows = frame[frame["target_id"] == target].to_dict("records")
    assert len(rows) == 1
    return rows[0]


def test_locate_places_takes_the_point_or_the_feature_standing_for_it(plan, layers):
    located = locate_places(plan, layers)
    assert list(located.columns) == [*PLACE_COLUMNS, "geometry"]
    assert located.crs.to_epsg() == 4326
    kinds = [None if g is None else g.geom_type for g in located.geometry]
    assert kinds == ["Polygon", "Point", "LineString", None]
    assert list(located["layer_id"]) == ["base", "", "base", ""]
    assert located["accuracy_m"].tolist()[:2] == [500.0, 500.0]


def test_join_covers_every_figure_once_in_order(plan, joins):
    assert list(joins.summary["id"]) == ["at_town", "overall", "by_project", "nowhere"]
    assert list(joins.summary.columns[: len(plan.targets.columns)]) == list(plan.targets.columns)


def test_join_columns(joins):
    assert list(joins.places.columns) == [*TARGET_PLACE_COLUMNS, "geometry"]
    assert list(joins.layers.columns) == list(TARGET_LAYER_COLUMNS)
    assert list(joins.projects.columns) == [*TARGET_PROJECT_COLUMNS, "geometry"]
    assert list(joins.features.columns) == list(TARGET_FEATURE_COLUMNS)


def test_place_is_reached_directly_or_through_a_project(joins):
    own = one(joins.places[joins.places["place_id"] == "town"], "at_town")
    assert (own["direct"], own["projects"]) == (True, [])
    through = one(joins.places, "by_project")
    assert (through["place_id"], through["direct"]) == ("road", False)
    assert through["projects"] == ["bridge"]
    assert through["geometry"].geom_type == "LineString"


def test_layer_named_twice_is_one_row_with_both_ways(joins):
    row = one(joins.layers, "at_town")
    assert (row["layer_id"], row["direct"], row["projects"]) == ("works", True, ["bridge"])
    assert row["opened"]


def test_layer_that_is_not_open_is_kept_and_said(joins):
    row = one(joins.layers, "nowhere")
    assert (row["layer_id"], row["opened"]) == ("no_such_layer", False)


def test_project_brings_the_geometry_of_its_feature(joins):
    assert one(joins.projects, "by_project")["geometry"].geom_type == "Point"


def test_unknown_ids_are_left_out(joins):
    assert "no_such_place" not in set(joins.places["place_id"])
    assert "no_such_target" not in set(joins.projects["target_id"])


def test_feature_serves_by_listing_or_by_a_shared_place(joins):
    served = {(row.target_id, row.feature_id): row.via for row in joins.features.itertuples()}
    assert served == {("at_town", "school"): "place", ("by_project", "bridge"): "feature"}


def test_summary_says_what_is_located_and_what_is_banner_wide(joins):
    summary = joins.summary.set_index("id")
    assert summary["located"].to_dict() == {
        "at_town": True,
        "overall": True,
        "by_project": True,
        "nowhere": False,
    }
    assert summary.index[summary["whole_banner"]].tolist() == ["overall"]
    assert summary.loc["at_town", "place_ids"] == ["town", "road"]
    assert summary.loc["overall", "project_ids"] == []


def test_unmatched_on_either_side(plan, layers, joins):
    lone = find_unmatched(joins, plan, layers)
    assert list(lone.targets_without_position["id"]) == ["nowhere"]
    assert list(lone.targets_without_layer["id"]) == ["overall", "nowhere"]
    assert list(lone.targets_without_project["id"]) == ["overall", "nowhere"]
    assert list(lone.projects_without_target["id"]) == ["school"]
    assert list(lone.features_without_target["feature_id"]) == ["depot"]


def test_nothing_is_changed(plan, layers):
    before = {name: getattr(plan, name).copy(deep=True) for name in ("targets", "projects")}
    gdf = layers["works"].gdf.copy(deep=True)
    join_targets(plan, layers)
    for name, frame in before.items():
        assert getattr(plan, name).equals(frame)
    assert layers["works"].gdf.equals(gdf)


def test_without_layers_every_figure_stays(plan):
    joins = join_targets(plan, {})
    assert len(joins.summary) == 4
    assert not joins.layers["opened"].any()
    lone = find_unmatched(joins, plan, {})
    assert lone.features_without_target.empty
    assert list(lone.targets_without_position["id"]) == ["overall", "by_project", "nowhere"]


def test_empty_plan_gives_empty_frames(layers):
    joins = join_targets(make_plan(), layers)
    assert joins.summary.empty
    assert joins.places.empty
    assert joins.features.empty
    assert find_unmatched(joins, make_plan(), layers).targets_without_layer.empty


def test_layer_features_of_no_layer():
    assert list(layer_features([]).columns)[:2] == ["layer_id", "feature_id"]
