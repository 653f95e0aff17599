"""Synthetic layers for the benchmarks: always the same features for the same number."""

from __future__ import annotations

import math
import random
from dataclasses import replace
from typing import Any

import geopandas as gpd
import pandas as pd
from shapely.geometry import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry

from etk_geo.catalog import Catalog, Layer
from etk_geo.model import FEATURE_PROPERTIES

SEED = 20211231
VALUES: dict[str, Any] = {
    "kind": "project",
    "category": "agriculture",
    "status": "planned",
    "status_date": "2021-12-31",
    "accuracy_m": 500.0,
    "accuracy_zh": "随机生成的试验数据",
    "accuracy_en": "Random test data",
    "extent_m": 500.0,
    "extent_basis": "default",
    "siting": "at_place",
    "orientation_only": False,
    "places": ["wulan_town"],
    "targets": ["park_output"],
    "citations": ["3.1.1"],
    "sources": ["plan"],
    "as_of": "2021-12-31",
    "known_zh": "只用来测量地图的开销。",
    "known_en": "Only measures what the map costs.",
    "facts": [],
}


def synthetic_layer(catalog: Catalog, count: int) -> Layer:
    """Return a layer over the banner: six in ten features areas, two lines, two points.

    Parameters
    ----------
    catalog
        Lends the record of its highways, which the new layer's differs from in id and count.
    count
        Number of features.
    """
    draw = random.Random(SEED)
    shapes = [_shape(number % 10, draw) for number in range(count)]
    rows = [
        {
            **VALUES,
            "id": f"f{number}",
            "name_zh": f"试验要素{number}号",
            "name_en": f"Test feature {number}",
            "bound": "exact" if isinstance(shape, Polygon) else "position",
        }
        for number, shape in enumerate(shapes)
    ]
    frame = pd.DataFrame(rows, columns=list(FEATURE_PROPERTIES))
    gdf = gpd.GeoDataFrame(frame, geometry=shapes, crs="EPSG:4326")
    record = catalog.layers["highways"].provenance
    return Layer(
        replace(record, id="synthetic", file="", feature_count=count, unlocated_count=0), gdf
    )


def _shape(kind: int, draw: random.Random) -> BaseGeometry:
    lon, lat = draw.uniform(106.8, 108.7), draw.uniform(38.5, 40.0)
    radius = draw.uniform(0.002, 0.01)
    ring = [
        (
            round(lon + radius * draw.uniform(0.7, 1) * math.cos(angle), 5),
            round(lat + radius * math.sin(angle), 5),
        )
        for angle in (math.tau * step / 24 for step in range(24))
    ]
    if kind < 6:
        return Polygon(ring)
    if kind < 8:
        return LineString(ring[:12])
    return Point(round(lon, 5), round(lat, 5))
