"""Geodesic length and area on the GRS80 ellipsoid, in the units that reports use.

1 ha = 10,000 m2 = 15 mu (shared practice of Chinese land reports; 1 mu = 10,000/15 m2).
"""

from __future__ import annotations

import shapely
from shapely.geometry.base import BaseGeometry

from etk_geo.crs import GEOD

MU_PER_HA = 15


def area_m2(geom: BaseGeometry) -> float:
    """Return the ellipsoidal area of polygons given in WGS 84 degrees, in square metres.

    Rings are oriented first: ``Geod`` adds a hole that is wound like its shell. Points and lines
    have area 0.
    """
    area, _ = GEOD.geometry_area_perimeter(shapely.orient_polygons(geom))
    return abs(float(area))


def length_m(geom: BaseGeometry) -> float:
    """Return the geodesic length of lines given in WGS 84 degrees, in metres."""
    return float(GEOD.geometry_length(geom))


def ha_to_mu(area_ha: float) -> float:
    """Convert hectares to mu."""
    return area_ha * MU_PER_HA
