"""Small plans and layers in memory, and a site with the browser files."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry.base import BaseGeometry

from etk_geo.catalog import Catalog, Layer
from etk_geo.maps.drawing import DRAW_CSS, DRAW_JS
from etk_geo.maps.plan_map import LEAFLET_CSS, LEAFLET_JS, OWN_CSS, OWN_JS
from etk_geo.model import FEATURE_PROPERTIES, LIST_PROPERTIES, Issue, LayerGroup, Provenance
from etk_geo.plan import TABLES, Plan
from etk_geo.store import project_root

NAN = float("nan")


def feature(feature_id: str = "a", **values: Any) -> dict[str, Any]:
    """Return the properties of a feature; what is left out is unknown."""
    known: dict[str, Any] = dict.fromkeys(FEATURE_PROPERTIES)
    known |= {name: [] for name in (*LIST_PROPERTIES, "facts")}
    known |= {"id": feature_id, "name_zh": f"名{feature_id}", "name_en": f"Name {feature_id}"}
    known |= {"kind": "project", "bound": "position", "orientation_only": False}
    known |= dict.fromkeys(("accuracy_zh", "accuracy_en", "known_zh", "known_en"), "")
    return known | values


def layer(
    layer_id: str, features: list[tuple[dict[str, Any], BaseGeometry | None]], **record: Any
) -> Layer:
    """Return a layer of features given as properties and geometry."""
    gdf = gpd.GeoDataFrame(
        pd.DataFrame([values for values, _ in features], columns=list(FEATURE_PROPERTIES)),
        geometry=[geometry for _, geometry in features],
        crs="EPSG:4326",
    )
    for name in ("accuracy_m", "extent_m"):
        gdf[name] = gdf[name].astype("float64")
    texts = (
        *("title_zh", "title_en", "description_zh", "description_en", "method_zh", "method_en"),
        *("accuracy_zh", "accuracy_en", "licence", "licence_url", "attribution_zh"),
        *("attribution_en", "as_of", "crs", "sha256"),
    )
    values: dict[str, Any] = {
        **dict.fromkeys(texts, layer_id),
        **dict.fromkeys(("sources", "known_gaps_zh", "known_gaps_en"), ()),
        "id": layer_id,
        "group": LayerGroup.PLAN,
        "order": 1,
        "file": f"layers/{layer_id}.geojson",
        "default_on": True,
        "restricted": False,
        "feature_count": len(gdf),
        "unlocated_count": int(gdf.geometry.isna().sum()),
        "built_from": {},
    }
    return Layer(Provenance(**(values | record)), gdf)


def plan(**tables: list[dict[str, Any]]) -> Plan:
    """Return a plan of the given rows; a cell that a row leaves out is unknown."""
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


def catalog(*layers: Layer, issues: tuple[Issue, ...] = ()) -> Catalog:
    """Return a catalog of layers."""
    return Catalog({each.id: each for each in layers}, issues)


@pytest.fixture
def make_feature() -> Callable[..., dict[str, Any]]:
    return feature


@pytest.fixture
def make_layer() -> Callable[..., Layer]:
    return layer


@pytest.fixture(scope="session")
def make_plan() -> Callable[..., Plan]:
    return plan


@pytest.fixture
def make_catalog() -> Callable[..., Catalog]:
    return catalog


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Return a folder of an app with all browser files; those of others are stand-ins."""
    shutil.copytree(project_root() / "static" / "etk", tmp_path / "static" / "etk")
    for _, file in (LEAFLET_JS, LEAFLET_CSS, *OWN_JS, *OWN_CSS, *DRAW_JS, *DRAW_CSS):
        path = tmp_path / "static" / file
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            path.write_text("/* stand-in */", encoding="utf-8")
    return tmp_path
