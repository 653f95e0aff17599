"""The coordinate annex: corners in the coordinates that Chinese land reports use."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import shapely
from shapely.geometry.base import BaseGeometry

from etk_geo.crs import to_metric

Annex = Literal["EPSG:4545", "EPSG:4524"]
ZONE_PREFIX_M = 36_000_000
"""EPSG:4524 is EPSG:4545 with the number of the zone before the easting."""

MOST_CORNERS = 200
"""Corners printed of a project; the record and the GeoJSON hold all of them."""


def corners(geometry: BaseGeometry, annex: Annex) -> Iterator[tuple[str, str, str, str]]:
    """Yield part, number, X (north) and Y (east) of each corner, metres to the millimetre.

    Parameters
    ----------
    geometry
        WGS 84 degrees, longitude first.
    annex
        The system; X is the northing and Y the easting, as in Chinese practice.
    """
    prefix = ZONE_PREFIX_M if annex == "EPSG:4524" else 0
    number = 0
    for part, ring in enumerate(_rings(to_metric(geometry)), start=1):
        for east, north in shapely.get_coordinates(ring):
            number += 1
            yield str(part), f"J{number}", f"{north:.3f}", f"{east + prefix:.3f}"


def _rings(geometry: BaseGeometry) -> Iterator[BaseGeometry]:
    for part in shapely.get_parts(geometry):
        if part.geom_type == "GeometryCollection":
            yield from _rings(part)
        elif part.geom_type == "Polygon":
            yield from shapely.get_rings(part)
        else:
            yield part
