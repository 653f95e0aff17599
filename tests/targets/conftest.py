"""Small plans and layers in memory, each row with only what a test is about."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import LineString, Point
from shapely.geometry.base import BaseGeometry

from etk_geo.catalog import Layer
from etk_geo.model import FEATURE_PROPERTIES, LIST_PROPERTIES, LayerGroup, Provenance
from etk_geo.plan import TABLES, Plan

NAN = float("nan")


def make_plan(**tables: list[dict[str, Any]]) -> Plan:
    """Return a plan; a cell that a row leaves out is unknown."""
    frames = {}
    for name, table in TABLES.items():
        unknown: dict[str, Any] = dict.fromkeys(table.columns, "")
        unknown |= dict.fromkeys(table.numbers, NAN)
        rows = [
            {**unknown, **{column: [] for column in table.lists}, **row}
            for row in tables.get(name, [])
        ]
        frame = pd.DataFrame(rows, columns=list(table.columns), dtype="object")
        for column in table.numbers:
            frame[column] = frame[column].astype("float64")
        frames[name] = frame
    return Plan(**frames, issues=())


def make_layer(
    layer_id: str,
    features: list[tuple[str, BaseGeometry | None, dict[str, Any]]],
    group: LayerGroup = LayerGroup.PLAN,
    **record: Any,
) -> Layer:
    """Return a layer of features given as id, geometry and further properties."""
    rows = []
    for feature_id, _, more in features:
        row: dict[str, Any] = dict.fromkeys(FEATURE_PROPERTIES)
        row |= {name: [] for name in (*LIST_PROPERTIES, "facts")}
        row |= {"id": feature_id, "name_zh": f"名{feature_id}", "name_en": f"Name {feature_id}"}
        rows.append(row | more)
    gdf = gpd.GeoDataFrame(
        pd.DataFrame(rows, columns=list(FEATURE_PROPERTIES)),
        geometry=[geometry for _, geometry, _ in features],
        crs="EPSG:4326",
    )
    for name in ("accuracy_m", "extent_m"):
        gdf[name] = gdf[name].astype("float64")
    values: dict[str, Any] = {
        "id": layer_id,
        "group": group,
        "order": 1,
        "file": f"layers/{layer_id}.geojson",
        **dict.fromkeys(
            (
                *("title_zh", "title_en", "description_zh", "description_en"),
                *("method_zh", "method_en", "accuracy_zh", "accuracy_en"),
                *("licence", "licence_url", "attribution_zh", "attribution_en"),
                *("as_of", "crs", "sha256"),
            ),
            layer_id,
        ),
        **dict.fromkeys(("sources", "known_gaps_zh", "known_gaps_en"), ()),
        "default_on": True,
        "restricted": False,
        "feature_count": len(gdf),
        "unlocated_count": int(gdf.geometry.isna().sum()),
        "built_from": {},
    }
    return Layer(Provenance(**(values | record)), gdf)


@pytest.fixture
def plan() -> Plan:
    """Four figures: at a town, for the whole banner, through a project only, and at nothing."""
    return make_plan(
        places=[
            {"id": "etk", "name_zh": "鄂托克旗", "kind": "banner", "feature": "outline"},
            {"id": "town", "kind": "town", "lon": 108.0, "lat": 39.1, "accuracy_m": 500.0},
            {"id": "road", "kind": "route", "feature": "road_line"},
            {"id": "park", "kind": "area"},
        ],
        targets=[
            {"id": "at_town", "places": ["town"], "layers": ["works"]},
            {"id": "overall", "places": ["etk"]},
            {"id": "by_project", "places": []},
            {"id": "nowhere", "places": ["park", "no_such_place"], "layers": ["no_such_layer"]},
        ],
        projects=[
            {
                "id": "bridge",
                "name_en": "Bridge",
                "layer": "works",
                "places": ["road"],
                "targets": ["by_project", "at_town", "no_such_target"],
            },
            {"id": "school", "layer": "works", "places": ["town"]},
        ],
    )


@pytest.fixture
def layers() -> dict[str, Layer]:
    """A plan layer with a placed and an unplaced project, and two base features."""
    square = Point(108.0, 39.0).buffer(0.5)
    works = make_layer(
        "works",
        [
            ("bridge", Point(108.1, 39.2), {"targets": ["by_project"], "places": ["road"]}),
            ("school", None, {"places": ["town"]}),
            ("depot", None, {"places": ["etk"]}),
        ],
    )
    base = make_layer(
        "base",
        [
            ("outline", square, {"places": ["etk"], "accuracy_m": 500.0}),
            ("road_line", LineString([(108, 39), (108.2, 39)]), {"places": ["road"]}),
        ],
        LayerGroup.BASE,
    )
    return {"base": base, "works": works}
