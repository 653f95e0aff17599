"""Geodesic length and area on the GRS80 ellipsoid, in the units that reports use.

1 ha = 10,000 m2 = 15 mu (shared practice of Chinese land reports; 1 mu = 10,000/15 m2).
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from etk_geo.crs import GEOD

MU_PER_HA = 15
RINGS_AT_ONCE = 5000
"""Rings between two tellings of how far measuring is."""

Floats = npt.NDArray[np.float64]


def area_m2(geom: BaseGeometry) -> float:
    """Return the ellipsoidal area of polygons given in WGS 84 degrees, in square metres.

    Rings are oriented first: ``Geod`` adds a hole that is wound like its shell. Points and lines
    have area 0.
    """
    area, _ = GEOD.geometry_area_perimeter(shapely.orient_polygons(geom))
    return abs(float(area))


def areas_and_outlines(
    geometry: npt.NDArray[Any], tell: Callable[[int, int], None] | None = None
) -> tuple[Floats, Floats]:
    """Measure many polygons given in WGS 84 degrees.

    Parameters
    ----------
    geometry
        Geometries of any type; whatever is not a polygon, and ``None``, counts 0.
    tell
        Called with rings done and rings in all; what it raises ends the measuring.

    Returns
    -------
    area_m2, outline_m
        Ellipsoidal area and geodesic length of all rings, one value per geometry.
    """
    parts, owner = shapely.get_parts(geometry, return_index=True)
    rings, part_of_ring = shapely.get_rings(parts, return_index=True)
    xy, ring_of_vertex = shapely.get_coordinates(rings, return_index=True)
    starts = np.searchsorted(ring_of_vertex, np.arange(len(rings) + 1))
    area, outline = np.zeros(len(rings)), np.zeros(len(rings))
    for ring, (begin, end) in enumerate(pairwise(starts.tolist())):
        area[ring], outline[ring] = GEOD.polygon_area_perimeter(xy[begin:end, 0], xy[begin:end, 1])
        if tell is not None and ring % RINGS_AT_ONCE == 0:
            tell(ring, len(rings))
    is_shell = np.diff(part_of_ring, prepend=-1) != 0
    signed = np.where(is_shell, np.abs(area), -np.abs(area))
    row = owner[part_of_ring]
    sums = [np.zeros(len(geometry)), np.zeros(len(geometry))]
    np.add.at(sums[0], row, signed)
    np.add.at(sums[1], row, outline)
    return sums[0], sums[1]


def length_m(geom: BaseGeometry) -> float:
    """Return the geodesic length of lines given in WGS 84 degrees, in metres."""
    return float(GEOD.geometry_length(geom))


def ha_to_mu(area_ha: float) -> float:
    """Convert hectares to mu."""
    return area_ha * MU_PER_HA
