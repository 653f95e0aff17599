"""RFC 7946 as pure functions: a parsed document in, issues out; a document in, bytes out.

Nothing here reads a file, repairs anything or knows the project's own properties.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from etk_geo.model import REGION_BOUNDS, Issue

DEPTH = {
    "Point": 0,
    "MultiPoint": 1,
    "LineString": 1,
    "MultiLineString": 2,
    "Polygon": 2,
    "MultiPolygon": 3,
}
"""Nesting of ``coordinates`` above a position, by geometry type."""

MAX_DECIMALS = 7
"""Decimal places of a degree on write: 7 are about a centimetre."""

CRS84_NAMES = frozenset(
    {"urn:ogc:def:crs:OGC:1.3:CRS84", "urn:ogc:def:crs:OGC::CRS84", "EPSG:4326", "OGC:CRS84"}
)
"""Values of the obsolete ``crs`` member that say what RFC 7946 says anyway."""


def check_document(document: Any, file: str) -> list[Issue]:
    """List everything in a parsed GeoJSON document that RFC 7946 or the region forbids.

    Parameters
    ----------
    document
        Any JSON value; the function never raises on it.
    file
        Named in the issues.

    Returns
    -------
    issues
        In document order; empty if the document is a sound feature collection in WGS 84 degrees.
        A ``null`` geometry (unlocated feature) is sound.
    """
    if not isinstance(document, Mapping) or document.get("type") != "FeatureCollection":
        return [Issue(file, "$", "ETK103")]
    issues = _check_crs(document.get("crs"), file)
    features = document.get("features")
    if not isinstance(features, list):
        return [*issues, Issue(file, "$.features", "ETK103")]
    for index, feature in enumerate(features):
        issues.extend(_check_feature(feature, index, file))
    return issues


def feature_label(feature: Any, index: int) -> str:
    """Return the id of a feature, or its place in the collection where it has none."""
    if isinstance(feature, Mapping):
        properties = feature.get("properties")
        for holder in (properties if isinstance(properties, Mapping) else {}, feature):
            value = holder.get("id")
            if isinstance(value, str) and value:
                return value
    return f"$.features[{index}]"


def _check_crs(crs: Any, file: str) -> list[Issue]:
    if crs is None:
        return []
    name = ""
    if isinstance(crs, Mapping) and isinstance(crs.get("properties"), Mapping):
        name = str(crs["properties"].get("name", ""))
    if name in CRS84_NAMES:
        return []
    return [Issue(file, "$.crs", "ETK104", {"found": name or json.dumps(crs)[:60]})]


def _check_feature(feature: Any, index: int, file: str) -> Iterator[Issue]:
    where = feature_label(feature, index)
    if not isinstance(feature, Mapping) or feature.get("type") != "Feature":
        yield Issue(file, where, "ETK105", {"member": "type"})
        return
    if not isinstance(feature.get("properties"), Mapping):
        yield Issue(file, where, "ETK105", {"member": "properties"})
    if "geometry" not in feature:
        yield Issue(file, where, "ETK105", {"member": "geometry"})
    elif feature["geometry"] is not None:
        yield from _check_geometry(feature["geometry"], where, file)


def _check_geometry(geometry: Any, where: str, file: str) -> Iterator[Issue]:
    kind = geometry.get("type") if isinstance(geometry, Mapping) else None
    if not isinstance(kind, str) or kind not in DEPTH:
        yield Issue(file, where, "ETK106", {"found": str(kind)})
        return
    issue = _check_positions(geometry.get("coordinates"), DEPTH[kind], where, file)
    if issue is not None:
        yield issue
        return
    coordinates = geometry["coordinates"]
    if kind in ("LineString", "MultiLineString"):
        lines = [coordinates] if kind == "LineString" else coordinates
        if any(len(line) < 2 for line in lines):
            yield Issue(file, where, "ETK109")
    if kind in ("Polygon", "MultiPolygon"):
        polygons = [coordinates] if kind == "Polygon" else coordinates
        yield from _check_rings(polygons, where, file)


def _check_positions(node: Any, depth: int, where: str, file: str) -> Issue | None:
    """Return the first thing wrong with a nest of positions."""
    if depth:
        if not isinstance(node, list) or not node:
            return Issue(file, where, "ETK106", {"found": "coordinates"})
        for child in node:
            issue = _check_positions(child, depth - 1, where, file)
            if issue is not None:
                return issue
        return None
    if not isinstance(node, list) or len(node) not in (2, 3) or not all(map(_is_number, node)):
        return Issue(file, where, "ETK106", {"found": "position"})
    if not all(math.isfinite(value) for value in node):
        return Issue(file, where, "ETK107")
    return _check_region(float(node[0]), float(node[1]), where, file)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _check_region(lon: float, lat: float, where: str, file: str) -> Issue | None:
    box = REGION_BOUNDS
    if box.west <= lon <= box.east and box.south <= lat <= box.north:
        return None
    swapped = box.west <= lat <= box.east and box.south <= lon <= box.north
    return Issue(file, where, "ETK113" if swapped else "ETK108", {"found": f"{lon}, {lat}"})


def _check_rings(polygons: Sequence[Any], where: str, file: str) -> Iterator[Issue]:
    for polygon in polygons:
        for number, ring in enumerate(polygon):
            if len(ring) < 4 or ring[0] != ring[-1]:
                yield Issue(file, where, "ETK109")
            elif (_signed_area(ring) > 0) != (number == 0):
                yield Issue(file, where, "ETK110")


def _signed_area(ring: Sequence[Sequence[float]]) -> float:
    """Return twice the planar area of a closed ring, positive where it runs counter-clockwise."""
    x0, y0 = ring[0][0], ring[0][1]
    return math.fsum(
        (a[0] - x0) * (b[1] - y0) - (b[0] - x0) * (a[1] - y0) for a, b in pairwise(ring)
    )


def round_coordinates(node: Any, decimals: int) -> Any:
    """Round every number in a nest of positions."""
    if isinstance(node, (list, tuple)):
        return [round_coordinates(child, decimals) for child in node]
    rounded = round(float(node), min(decimals, MAX_DECIMALS))
    return rounded + 0.0  # turns -0.0 into 0.0


def dump_document(features: Sequence[Mapping[str, Any]]) -> bytes:
    """Return a feature collection as UTF-8, one feature a line, the same bytes every time.

    Coordinates must be rounded already; keys keep the order they have.
    """
    return dump_lines([], features)


def dump_lines(lines: Sequence[str], features: Sequence[Mapping[str, Any]]) -> bytes:
    """Return a feature collection of features that are JSON already, then others, as UTF-8."""
    dumped = (
        json.dumps(feature, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        for feature in features
    )
    joined = ",\n".join([*lines, *dumped])
    return ('{"type":"FeatureCollection","features":[\n' + joined + "\n]}\n").encode()
