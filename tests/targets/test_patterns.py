"""Patterns of the plan: nothing counts as mapped that is not."""

from __future__ import annotations

import pytest

from etk_geo.catalog import open_catalog
from etk_geo.patterns import Shown, resolve_patterns
from etk_geo.plan import open_plan
from etk_geo.rules import read_rules
from etk_geo.store import project_root

PLAN = open_plan(project_root())
LAYERS = open_catalog(project_root()).layers
PATTERNS = {pattern.id: pattern for pattern in resolve_patterns(PLAN, LAYERS)}
PARTS = {part.id: part for pattern in PATTERNS.values() for part in pattern.parts}


def test_patterns_are_those_of_the_plan_with_their_citations():
    cited = {p.id: p.citations for p in PATTERNS.values()}
    assert cited == {
        "functional_spaces": ("1.2.3",),
        "control_units": ("2.3.1",),
        "agriculture_pattern": ("4.1.1",),
        "tourism_pattern": ("3.5.1",),
        "road_pattern": ("5.3.1",),
        "town_pattern": ("8.1.1",),
    }
    assert len(PARTS) == 23
    assert sum(sum(p.counts().values()) for p in PATTERNS.values()) == 23


@pytest.mark.parametrize(
    ("part", "shown"),
    [
        ("ecological_space", Shown.LISTED),  # a box for orientation is not on the map
        ("urban_space", Shown.MAPPED),
        ("priority_units", Shown.MISSING),
        ("agriculture_belts", Shown.MISSING),
        ("roads_named", Shown.MAPPED),
        ("roads_across", Shown.MISSING),
        ("town_core", Shown.MAPPED),
        ("town_river", Shown.LISTED),
        ("town_red", Shown.MISSING),
    ],
)
def test_how_a_part_is_shown(part, shown):
    assert PARTS[part].shown is shown


def test_nothing_shipped_is_a_part_as_a_whole():
    assert not any(part.is_whole for part in PARTS.values())


def test_located_features_are_on_the_map_and_the_others_are_not():
    for part in PARTS.values():
        for one in (*part.located, *part.unlocated):
            gdf = LAYERS[one.layer_id].gdf.set_index("id")
            row = gdf.loc[one.feature_id]
            assert (one in part.located) == (row.geometry is not None and not row.orientation_only)


def test_supplied_layer_shows_what_it_holds():
    resolved = resolve_patterns(
        PLAN, LAYERS, {"zoning_key_unit": ["key_units_2024"], "basic_grassland": ["grass"]}
    )
    parts = {part.id: part for pattern in resolved for part in pattern.parts}
    assert parts["key_units"].shown is Shown.MAPPED
    assert parts["key_units"].held_by == ("key_units_2024",)
    assert parts["key_units"].is_whole
    assert parts["ecological_space"].shown is Shown.MAPPED
    assert not parts["ecological_space"].is_whole, "one of five kinds is not the whole"
    assert parts["priority_units"].shown is Shown.MISSING


def test_zone_types_are_those_of_the_rules():
    known = set(read_rules(project_root()).zone_types)
    assert {kind for part in PARTS.values() for kind in part.zone_types} <= known


def test_features_named_are_there():
    known = {f for layer in LAYERS.values() for f in layer.gdf["id"]}
    named = {f for features in PLAN.patterns["features"] for f in features}
    assert named <= known
