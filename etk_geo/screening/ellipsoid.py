"""Ellipsoidal areas and lengths of geometries that are given in EPSG:4545 metres.

Gauss-Kruger is conformal: at a place whose distance from the central meridian is ``x`` metres on
the plane, lengths are stretched by ``k = cosh(x / R)``, with ``R`` the mean radius of curvature at
the footpoint. So the area on the ellipsoid is the integral of ``1/k**2`` over the planar region,
and by Green's theorem a sum over its edges; nothing is projected again. An edge stands for the
geodesic between its ends, as ``pyproj.Geod`` takes it: the sliver between the two has a closed form
(docs/screening.md, "Figures").
"""

from __future__ import annotations

from functools import cache

import numpy as np
import shapely
from pyproj import Transformer
from shapely.geometry.base import BaseGeometry

from etk_geo.crs import GEOD, TO_LONLAT
from etk_geo.screening.arrays import Floats, Geometries, simple_parts, starts_of, summed

FALSE_EASTING_M = 500_000.0
RADIUS_LEAST_M = 6_335_000.0
RADIUS_MOST_M = 6_400_000.0
"""Between these lies the mean radius of curvature anywhere on GRS80."""

_GAUSS_NODES = (0.5 - 0.15**0.5, 0.5, 0.5 + 0.15**0.5)
_GAUSS_WEIGHTS = (5 / 18, 8 / 18, 5 / 18)
_NORTH_MID_M = 4_400_000.0
_NORTH_SPAN_M = 1_000_000.0


def scale_least(east_m: Floats) -> Floats:
    """Return a lower bound of the scale factor at eastings of EPSG:4545."""
    return np.cosh((east_m - FALSE_EASTING_M) / RADIUS_MOST_M)


def scale_most(east_m: Floats) -> Floats:
    """Return an upper bound of the scale factor at eastings of EPSG:4545."""
    return np.cosh((east_m - FALSE_EASTING_M) / RADIUS_LEAST_M)


def scale_range(left_m: Floats, right_m: Floats) -> tuple[Floats, Floats]:
    """Return bounds of the scale factor over stretches of eastings ``left_m`` to ``right_m``."""
    far = np.maximum(np.abs(left_m - FALSE_EASTING_M), np.abs(right_m - FALSE_EASTING_M))
    near = np.maximum(np.maximum(left_m - FALSE_EASTING_M, FALSE_EASTING_M - right_m), 0.0)
    return np.cosh(near / RADIUS_MOST_M), np.cosh(far / RADIUS_LEAST_M)


@cache
def _curvature_series() -> np.polynomial.Polynomial:
    """Return 1/R**2 (per m2) as a polynomial in (north - mid) / span of EPSG:4545."""
    north = np.linspace(_NORTH_MID_M - _NORTH_SPAN_M, _NORTH_MID_M + _NORTH_SPAN_M, 41)
    _, lat = Transformer.from_pipeline(TO_LONLAT).transform(
        np.full_like(north, FALSE_EASTING_M), north
    )
    w2 = 1 - GEOD.es * np.sin(np.radians(lat)) ** 2
    curvature = w2**2 / (GEOD.a**2 * (1 - GEOD.es))
    return np.polynomial.Polynomial.fit((north - _NORTH_MID_M) / _NORTH_SPAN_M, curvature, 6)


def _curvature(north_m: Floats) -> Floats:
    offset, scale, coefficients = _curvature_terms()
    place = offset + scale * ((north_m - _NORTH_MID_M) / _NORTH_SPAN_M)
    values: Floats = coefficients[-1] + place * 0
    for coefficient in reversed(coefficients[:-1]):
        values = coefficient + values * place
    return values


@cache
def _curvature_terms() -> tuple[float, float, tuple[float, ...]]:
    """Return how the series maps its argument, and its coefficients: its own call is slower."""
    series = _curvature_series()
    offset, scale = series.mapparms()
    return float(offset), float(scale), tuple(float(value) for value in series.coef)


def polygon_areas(geoms: Geometries) -> tuple[Floats, Floats]:
    """Measure polygons given in EPSG:4545.

    Parameters
    ----------
    geoms
        Geometries of any type, metres; whatever is not a polygon, and ``None``, counts 0.

    Returns
    -------
    planar_m2, ellipsoidal_m2
        One value per geometry. Rings may run either way round.
    """
    planar = np.zeros(len(geoms))
    ellipsoidal = np.zeros(len(geoms))
    parts, owner = simple_parts(geoms)
    polygonal = shapely.get_type_id(parts) == 3
    polygons, owner = parts[polygonal], owner[polygonal]
    if not len(polygons):
        return planar, ellipsoidal
    rings, polygon_of_ring = shapely.get_rings(polygons, return_index=True)
    xy, ring_of_vertex = shapely.get_coordinates(rings, return_index=True)
    is_edge = ring_of_vertex[1:] == ring_of_vertex[:-1]
    start, end = xy[:-1][is_edge], xy[1:][is_edge]
    ring_of_edge = ring_of_vertex[:-1][is_edge]
    origin = xy[np.searchsorted(ring_of_vertex, ring_of_edge), 0]
    flat, curved = _edge_areas(start, end, origin)
    ring_planar = summed(ring_of_edge, flat, len(rings))
    ring_curved = summed(ring_of_edge, flat + curved, len(rings))
    is_shell = starts_of(polygon_of_ring)
    sign = np.where(is_shell, 1.0, -1.0)
    ring_owner = owner[polygon_of_ring]
    planar += summed(ring_owner, sign * np.abs(ring_planar), len(geoms))
    ellipsoidal += summed(ring_owner, sign * np.abs(ring_curved), len(geoms))
    return planar, ellipsoidal


def _edge_areas(start: Floats, end: Floats, origin: Floats) -> tuple[Floats, Floats]:
    """Return each edge's share of the planar area, and what the ellipsoid adds to it."""
    dy = end[:, 1] - start[:, 1]
    dx = end[:, 0] - start[:, 0]
    flat = (start[:, 0] - origin + dx / 2) * dy
    x0 = start[:, 0] - FALSE_EASTING_M
    curved = np.zeros(len(dy))
    for node, weight in zip(_GAUSS_NODES, _GAUSS_WEIGHTS, strict=True):
        x = x0 + node * dx
        q = _curvature(start[:, 1] + node * dy)
        t2 = x * x * q
        # The integral of 1/k**2 - 1 = sech(x/R)**2 - 1 from the meridian to x.
        curved += weight * x * t2 * (-1 / 3 + t2 * (2 / 15 - t2 * 17 / 315))
    q_mid = _curvature(start[:, 1] + dy / 2)
    sliver = (x0 + dx / 2) * q_mid * (dx * dx + dy * dy) / 12
    return flat, dy * (curved + sliver)


def line_lengths(geoms: Geometries) -> tuple[Floats, Floats]:
    """Measure lines given in EPSG:4545.

    Parameters
    ----------
    geoms
        Geometries, metres. Only line parts count; ``None`` counts 0.

    Returns
    -------
    planar_m, geodesic_m
        One value per geometry.
    """
    parts, owner = simple_parts(geoms)
    kind = shapely.get_type_id(parts)
    lines = (kind == 1) | (kind == 2)
    parts, owner = parts[lines], owner[lines]
    xy, part = shapely.get_coordinates(parts, return_index=True)
    is_edge = part[1:] == part[:-1]
    start, end = xy[:-1][is_edge], xy[1:][is_edge]
    planar, geodesic = segment_lengths(start, end)
    of_edge = owner[part[:-1][is_edge]]
    count = len(geoms)
    return summed(of_edge, planar, count), summed(of_edge, geodesic, count)


def segment_lengths(start: Floats, end: Floats) -> tuple[Floats, Floats]:
    """Return planar and geodesic lengths (m) of segments between positions of EPSG:4545."""
    planar = np.hypot(*(end - start).T)
    slowness = np.zeros(len(planar))
    for node, weight in zip(_GAUSS_NODES, _GAUSS_WEIGHTS, strict=True):
        xy = start + node * (end - start)
        t2 = (xy[:, 0] - FALSE_EASTING_M) ** 2 * _curvature(xy[:, 1])
        slowness += weight * (1 - t2 * (1 / 2 - t2 * (5 / 24 - t2 * 61 / 720)))
    return planar, planar * slowness


def is_areal(geom: BaseGeometry) -> bool:
    """Tell whether a geometry is a polygon or several."""
    return geom.geom_type in ("Polygon", "MultiPolygon")
