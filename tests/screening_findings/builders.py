"""Builders of tiny projects and zones with hand-computable positions: a 100 m square is 1 ha."""

from __future__ import annotations

import csv
import json
import math
from datetime import date
from pathlib import Path

import geopandas as gpd
import shapely
from shapely.geometry import LineString, Point, box

from etk_geo.catalog import dump_provenance, open_layer
from etk_geo.crs import to_lonlat
from etk_geo.geojson import dump_document
from etk_geo.model import FEATURE_PROPERTIES
from etk_geo.screening.projects import project_frame
from etk_geo.screening.zones import GEOMETRY_COLUMNS, Barrier, Zone, ZoneSet
from etk_geo.store import dump_json, sha256

ROOT = Path(__file__).parents[2]
EAST, NORTH = 500_000.0, 4_340_000.0
"""An origin inside the banner, on the central meridian of EPSG:4545 (108 E)."""

BEFORE, AFTER = date(2026, 3, 14), date(2026, 3, 15)


def square(east_m, north_m, side_m):
    """A square with its south-west corner at an offset from the origin, as lon/lat."""
    west, south = EAST + east_m, NORTH + north_m
    return to_lonlat(box(west, south, west + side_m, south + side_m))


def point(east_m, north_m):
    return to_lonlat(Point(EAST + east_m, NORTH + north_m))


def line(*offsets):
    return to_lonlat(LineString([(EAST + x, NORTH + y) for x, y in offsets]))


def project(project_id, geometry, **values):
    """A project with exact geometry and no error, unless told otherwise."""
    kind = "" if geometry is None else "exact"
    return {
        "project_id": project_id,
        "name_zh": f"项目{project_id}",
        "name_en": f"Project {project_id}",
        "category": "road_rail",
        "decided_on": None,
        "bound": kind,
        "accuracy_m": 0.0,
        "extent_m": math.nan,
        "extent_basis": "",
        "known_zh": "",
        "known_en": "",
        "geometry": geometry,
        **values,
    }


def projects(*rows):
    return project_frame(rows)


def zone(zone_id, geometry, *types, **values):
    """A zone with exact geometry and no error, and its row of geometry."""
    barrier = values.pop("barrier", Barrier.NONE)
    row = {
        "zone_id": zone_id,
        "bound": "exact",
        "accuracy_m": 0.0,
        "extent_m": math.nan,
        "extent_basis": "",
        **values,
        "geometry": geometry,
    }
    value = Zone(
        id=zone_id,
        name_zh=f"区域{zone_id}",
        name_en=f"Zone {zone_id}",
        zone_types=types,
        layer="test_layer",
        sha256="0" * 64,
        as_of="2026-01-01",
        bound=row["bound"],
        accuracy_m=row["accuracy_m"],
        centreline=geometry is not None and geometry.geom_type == "LineString",
        barrier=barrier,
    )
    return value, row


def zones(*pairs):
    """A zone set of what :func:`zone` gives."""
    ordered = sorted(pairs, key=lambda pair: pair[0].id)
    rows = [row for value, row in ordered if value.barrier is Barrier.NONE]
    columns = {name: [row[name] for row in rows] for name in GEOMETRY_COLUMNS}
    geometry = [row["geometry"] for row in rows]
    gdf = gpd.GeoDataFrame(columns, geometry=geometry, crs="EPSG:4326")
    return ZoneSet(tuple(value for value, _ in ordered), gdf, {})


def supply_layer(root, layer_id, features, *, accuracy_m=5.0):
    """Put a layer with a sound provenance record into ``layers/``."""
    template = open_layer(ROOT, "layers/nature_reserves.geojson").provenance
    lists = {"places": [], "targets": [], "citations": [], "sources": [], "facts": []}
    documents = []
    for feature_id, category, geometry in features:
        values = dict.fromkeys(FEATURE_PROPERTIES)
        values |= lists | {
            "id": feature_id,
            "name_zh": f"官方{feature_id}",
            "name_en": f"Official {feature_id}",
            "kind": "extent" if category == "coverage" else "zone",
            "category": category,
            "bound": None if geometry is None else "exact",
            "accuracy_m": None if geometry is None else accuracy_m,
            "orientation_only": False,
            "as_of": "2025-06-01",
        }
        for name in ("accuracy_zh", "accuracy_en", "known_zh", "known_en"):
            values[name] = ""
        documents.append({"type": "Feature", "properties": values, "geometry": _json(geometry)})
    content = dump_document(documents)
    record = dump_provenance(template) | {
        "id": layer_id,
        "file": f"layers/{layer_id}.geojson",
        "sha256": sha256(content),
        "feature_count": len(documents),
        "unlocated_count": sum(geometry is None for _, _, geometry in features),
        "as_of": "2025-06-01",
        "built_from": {},
    }
    (root / f"layers/{layer_id}.geojson").write_bytes(content)
    (root / f"layers/{layer_id}.provenance.json").write_bytes(dump_json(record))


def _json(geometry):
    if geometry is None:
        return None
    return json.loads(shapely.to_geojson(shapely.orient_polygons(geometry)))


def write_geojson(path, rows):
    """Write a list of projects: pairs of properties and geometry."""
    features = [
        {"type": "Feature", "properties": values, "geometry": _json(geometry)}
        for values, geometry in rows
    ]
    document = {"type": "FeatureCollection", "features": features}
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    return path


def read_csv(path):
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))
