"""Zones, mines and plants: what is published of them, drawn only where it bounds the real thing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import shapely
from shapely.geometry import MultiPolygon, Point, Polygon, box
from shapely.geometry.base import BaseGeometry

from etk_geo.build.feature import Feature, known_number, known_text
from etk_geo.build.tables import BuildTables
from etk_geo.crs import to_lonlat, to_metric
from etk_geo.errors import TableError
from etk_geo.i18n import text
from etk_geo.model import Bound, Kind
from etk_geo.plan import TABLES, records

MINE_CLUSTER_M = 8000.0
"""Mines nearer to each other than twice this belong to one indicative extent; a choice of ours,
wider than the accuracy of a single mine (at most 5,000 m), so that one field stays one piece."""

GEM_COAL_SOURCE = "gem_coal"
GEM_POWER_SOURCE = "gem_power"
POWER_PLANT_CATEGORY = "thermal_power"


def zones(tables: BuildTables, layer: str) -> Iterator[Feature]:
    """Yield the zones of a layer; only a published outer extent becomes a geometry."""
    for row in records(tables.plan.zones):
        if row["layer"] != layer:
            continue
        feature = Feature(
            id=row["id"],
            name_zh=row["name_zh"],
            name_en=row["name_en"],
            kind=Kind.ZONE,
            category=row["category"],
            places=tuple(row["places"]),
            citations=tuple(row["citations"]),
            sources=tuple(row["sources"]),
            as_of=known_text(row["as_of"]),
            known_zh=row["known_zh"],
            known_en=row["known_en"],
            facts=tables.facts(row["id"]),
        )
        yield _with_extent(feature, row)


def _with_extent(feature: Feature, row: dict[str, Any]) -> Feature:
    if not row["bound"]:
        return feature
    edges = [known_number(row[name]) for name in ("west", "south", "east", "north")]
    if row["bound"] != Bound.OUTER or None in edges:
        raise TableError("ETK408", file=TABLES["zones"].file, where=feature.id, column="bound")
    west, south, east, north = (edge for edge in edges if edge is not None)
    return replace(
        feature,
        geometry=box(west, south, east, north),
        bound=Bound.OUTER,
        accuracy_m=known_number(row["accuracy_m"]),
        accuracy_zh=text("build.outer_extent", "zh"),
        accuracy_en=text("build.outer_extent", "en"),
        orientation_only=row["orientation_only"] == "true",
    )


def mines(tables: BuildTables) -> Iterator[Feature]:
    """Yield the coal mines as positions, then an indicative extent drawn around them."""
    rows = records(tables.vertices["coal_mines"])
    for row in rows:
        yield Feature(
            id=f"mine_{row['id']}",
            name_zh=row["name_zh"],
            name_en=row["name_en"],
            kind=Kind.MINE,
            category="coal_mine",
            status=row["status"],
            geometry=Point(row["lon"], row["lat"]),
            bound=Bound.POSITION,
            accuracy_m=row["accuracy_m"],
            accuracy_zh=text("build.tracker_point", "zh"),
            accuracy_en=text("build.tracker_point", "en"),
            extent_m=tables.extents.get("coal_mine"),
            extent_basis=None if tables.extents.get("coal_mine") is None else "default",
            places=("mining_zones",),
            sources=(GEM_COAL_SOURCE,),
            facts=(
                _fact("mine_type", row["mine_type"], "", GEM_COAL_SOURCE),
                _fact("capacity", row["capacity_mtpa"], "Mt/a", GEM_COAL_SOURCE),
                _fact("gem_id", row["gem_id"], "", GEM_COAL_SOURCE),
            ),
        )
    yield Feature(
        id="mining_indicative_extent",
        name_zh=text("build.mining_extent", "zh"),
        name_en=text("build.mining_extent", "en"),
        kind=Kind.EXTENT,
        geometry=mining_extent([Point(row["lon"], row["lat"]) for row in rows]),
        bound=Bound.POSITION,
        accuracy_zh=text("build.mining_extent_how", "zh"),
        accuracy_en=text("build.mining_extent_how", "en"),
        orientation_only=True,
        places=("mining_zones",),
        citations=("2.4.1", "2.4.2"),
        sources=(GEM_COAL_SOURCE,),
    )


def mining_extent(points: list[Point]) -> BaseGeometry:
    """Return convex hulls around groups of mines: indicative, neither outer nor inner.

    Parameters
    ----------
    points
        Mines, WGS 84 degrees.

    Returns
    -------
    extent
        Polygon or MultiPolygon, WGS 84 degrees: the hull of each group of three or more mines that
        hang together within twice ``MINE_CLUSTER_M``. Fewer than three mines make no area.
    """
    metric = [to_metric(point) for point in points]
    reach = shapely.union_all(shapely.buffer(np.asarray(metric), MINE_CLUSTER_M))
    groups = [
        shapely.union_all([point for point in metric if part.contains(point)])
        for part in shapely.get_parts(reach)
    ]
    hulls = [to_lonlat(group.convex_hull) for group in groups]
    areas = [hull for hull in hulls if isinstance(hull, Polygon)]
    areas.sort(key=lambda hull: hull.bounds)
    return areas[0] if len(areas) == 1 else MultiPolygon(areas)


def plants(tables: BuildTables) -> Iterator[Feature]:
    """Yield the power plants as positions."""
    for row in records(tables.vertices["power_plants"]):
        extent_m = tables.extents.get(POWER_PLANT_CATEGORY)
        yield Feature(
            id=f"plant_{row['id']}",
            name_zh=row["name_zh"],
            name_en=row["name_en"],
            kind=Kind.PLANT,
            category=POWER_PLANT_CATEGORY,
            status="operating",
            geometry=Point(row["lon"], row["lat"]),
            bound=Bound.POSITION,
            accuracy_m=row["accuracy_m"],
            accuracy_zh=text("build.tracker_point", "zh"),
            accuracy_en=text("build.tracker_point", "en"),
            extent_m=extent_m,
            extent_basis=None if extent_m is None else "default",
            sources=(GEM_POWER_SOURCE,),
            facts=(
                _fact("operating_mw", row["operating_mw"], "MW", GEM_POWER_SOURCE),
                _fact("fuel", row["fuel"], "", GEM_POWER_SOURCE),
            ),
        )


def _fact(attribute: str, value: str, unit: str, source: str) -> dict[str, str]:
    return {
        "attribute": attribute,
        "value": value,
        "unit": unit,
        "date": "",
        "source": source,
        "confidence": "high",
        "note_zh": "",
        "note_en": "",
    }
