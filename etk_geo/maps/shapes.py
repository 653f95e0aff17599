"""Features as the things that are drawn: one marker per anchor, lines and areas one by one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import shapely
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry

from etk_geo.geojson import round_coordinates
from etk_geo.maps.symbols import Shape, Style, Symbols, style_of
from etk_geo.model import Bound, Kind, is_known

Properties = Mapping[str, Any]
DECIMALS = 5
"""Decimal places of a degree in the display copy: about a metre, less than a pixel."""

MANY = 1500
"""From so many features of a style on, they are drawn one by one."""

FRAME_WIDTH = 0.015
"""Degrees: outlines rounded to 0.01 stand up to a rounding inside the box that cut them."""


@dataclass(frozen=True)
class Drawn:
    """One thing on the map: features that share an anchor, or a single line or area.

    ``geometry`` is GeoJSON in WGS 84 degrees, longitude first.
    """

    style: Style
    geometry: Mapping[str, Any]
    features: tuple[Properties, ...]


def draw_layer(
    layer_id: str,
    geometries: Sequence[BaseGeometry],
    properties: Sequence[Properties],
    symbols: Symbols,
) -> list[Drawn]:
    """Return what is drawn of a layer: areas, then lines, then markers.

    Parameters
    ----------
    layer_id
        Id of the layer, for its symbols.
    geometries
        WGS 84 degrees, none of them ``None``. A collection is drawn by its parts.
    properties
        Of the same features, in the same order.
    symbols
        How layers are drawn.
    """
    shaped: dict[Shape, list[Drawn]] = {"area": [], "line": []}
    anchors: dict[tuple[Style, float, float], list[Properties]] = {}
    for geometry, feature in zip(geometries, properties, strict=True):
        for form, part in _parts(geometry):
            style = _style(layer_id, form, feature, symbols)
            if form == "marker":
                for point in shapely.get_parts(part):
                    key = (style, round(point.x, DECIMALS), round(point.y, DECIMALS))
                    at_anchor = anchors.setdefault(key, [])
                    if not at_anchor or at_anchor[-1] is not feature:
                        at_anchor.append(feature)
            else:
                shaped[form].append(Drawn(style, _geojson(part), (feature,)))
    markers = [
        Drawn(style, {"type": "Point", "coordinates": [lon, lat]}, tuple(features))
        for (style, lon, lat), features in anchors.items()
    ]
    return [*shaped["area"], *shaped["line"], *markers]


def shared_courses(drawn: Sequence[Drawn]) -> dict[Style, Mapping[str, Any]]:
    """Return, per style, what several features draw in common, each stretch once.

    Two dashed lines on one course would fill each other's gaps and look solid, that is, certain.
    Outlines of neighbouring areas likewise; where they end because the data is cut off, along the
    box around them all, there is no boundary and none is drawn.

    Returns
    -------
    courses
        GeoJSON lines for the styles of several lines or outlines; not for more than ``MANY``.
    """
    members: dict[Style, list[BaseGeometry]] = {}
    for item in drawn:
        if item.style.shape == "line" or (
            item.style.shape == "area" and item.style.symbol.edge_only
        ):
            members.setdefault(item.style, []).append(shape(dict(item.geometry)))
    courses = {}
    for style, parts in members.items():
        if 1 < len(parts) <= MANY:
            lines = parts if style.shape == "line" else _outlines(parts)
            courses[style] = _geojson(shapely.line_merge(shapely.union_all(lines)))
    return courses


def _outlines(areas: Sequence[BaseGeometry]) -> list[BaseGeometry]:
    frame = shapely.buffer(shapely.box(*shapely.total_bounds(areas)).exterior, FRAME_WIDTH)
    return [shapely.difference(shapely.boundary(area), frame) for area in areas]


def _style(layer_id: str, form: Shape, feature: Properties, symbols: Symbols) -> Style:
    return style_of(
        symbols.symbol(layer_id, feature["kind"]),
        form,
        bound=feature["bound"],
        accuracy_known=is_known(feature["accuracy_m"]),
        indicative=feature["bound"] == Bound.POSITION or feature["kind"] == Kind.EXTENT,
    )


def _parts(geometry: BaseGeometry) -> list[tuple[Shape, BaseGeometry]]:
    """Sort the parts of a geometry by shape; empty ones are left out."""
    if geometry.geom_type == "GeometryCollection":
        return [pair for part in shapely.get_parts(geometry) for pair in _parts(part)]
    if geometry.is_empty:
        return []
    forms: tuple[Shape, ...] = ("marker", "line", "area")
    return [(forms[shapely.get_dimensions(geometry)], geometry)]


def _geojson(geometry: BaseGeometry) -> Mapping[str, Any]:
    parsed = mapping(shapely.force_2d(geometry))
    return {
        "type": parsed["type"],
        "coordinates": round_coordinates(parsed["coordinates"], DECIMALS),
    }
