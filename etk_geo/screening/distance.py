"""Distances between projects and zones, and from places inside a zone to its boundary.

Nearest pairs are found in EPSG:4545 by an index over runs of boundary; what is reported is the
length of the geodesic between the two places. On the plane lengths are never shorter than on the
ground, and the scale is bounded over the stretch that matters, so that both are bounded too.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from pyproj import Transformer

from etk_geo.crs import CRS_METRIC, CRS_STORE, GEOD
from etk_geo.errors import ScreeningError
from etk_geo.screening.arrays import Bools, Floats, Geometries, Ints
from etk_geo.screening.ellipsoid import scale_range
from etk_geo.screening.prepared import PreparedZones


@dataclass(frozen=True)
class Nearest:
    """The nearest places of pairs: positions in EPSG:4545 metres, planar and geodesic distance."""

    start: Floats
    end: Floats
    planar_m: Floats
    geodesic_m: Floats


def box_distances(first: Floats, second: Floats) -> tuple[Floats, Floats]:
    """Return the least and most planar distance (m) that boxes allow, first by second."""
    left, bottom, right, top = (first[:, None, side] for side in range(4))
    west, south, east, north = (second[None, :, side] for side in range(4))
    gap_x = np.maximum(np.maximum(west - right, left - east), 0.0)
    gap_y = np.maximum(np.maximum(south - top, bottom - north), 0.0)
    span_x = np.maximum(east, right) - np.minimum(west, left)
    span_y = np.maximum(north, top) - np.minimum(south, bottom)
    return np.hypot(gap_x, gap_y), np.hypot(span_x, span_y)


def nearest_runs(geoms: Geometries, zones: PreparedZones, zone: int) -> tuple[Ints, Floats]:
    """Return the run of a zone's boundary that is nearest to each geometry, and how far it is."""
    tree, first = zones.run_tree(zone)
    (query, run), distance = tree.query_nearest(geoms, return_distance=True, all_matches=False)
    nearest = np.empty(len(geoms), dtype=np.intp)
    apart = np.empty(len(geoms))
    nearest[query], apart[query] = run + first, distance
    return nearest, apart


def boundary_distance(geoms: Geometries, zones: PreparedZones, zone: int) -> Floats:
    """Return the planar distance (m) from each geometry to the boundary of a zone."""
    return nearest_runs(geoms, zones, zone)[1]


def near_boundary(geoms: Geometries, zones: PreparedZones, zone: int, within_m: Floats) -> Bools:
    """Tell which geometries are within a planar distance of a zone's boundary."""
    tree, _ = zones.run_tree(zone)
    near = np.zeros(len(geoms), dtype=bool)
    query, _ = tree.query(geoms, predicate="dwithin", distance=within_m)
    near[query] = True
    return near


def nearest_places(geoms: Geometries, zones: PreparedZones, rows: Ints, columns: Ints) -> Nearest:
    """Find the nearest places of projects and zones that do not meet.

    ``rows`` and ``columns`` name the pairs; the result has one entry for each.
    """
    start, end = np.empty((len(rows), 2)), np.empty((len(rows), 2))
    planar = np.empty(len(rows))
    for column in np.unique(columns):
        pairs = np.flatnonzero(columns == column)
        runs, planar[pairs] = nearest_runs(geoms[rows[pairs]], zones, int(column))
        ways = shapely.shortest_line(geoms[rows[pairs]], zones.runs.geoms[runs])
        ends = shapely.get_coordinates(ways).reshape(-1, 2, 2)
        start[pairs], end[pairs] = ends[:, 0], ends[:, 1]
    return Nearest(start, end, planar, geodesic_distance(start, end))


def geodesic_distance(start: Floats, end: Floats) -> Floats:
    """Return the lengths (m) of the geodesics between positions of EPSG:4545.

    Raises
    ------
    ScreeningError
        If planar and geodesic lengths differ by more than the projection explains.
    """
    if not len(start):
        return np.empty(0)
    to_lonlat = Transformer.from_crs(CRS_METRIC, CRS_STORE, always_xy=True)
    lon_a, lat_a = to_lonlat.transform(start[:, 0], start[:, 1])
    lon_b, lat_b = to_lonlat.transform(end[:, 0], end[:, 1])
    _, _, geodesic = GEOD.inv(lon_a, lat_a, lon_b, lat_b)
    geodesic = np.asarray(geodesic)
    planar = np.hypot(*(end - start).T)
    left = np.minimum(start[:, 0], end[:, 0]) - planar
    least, most = scale_range(left, np.maximum(start[:, 0], end[:, 0]) + planar)
    bad = (geodesic < planar / most - 1e-4) | (geodesic > planar / least + 1e-4)
    if bad.any():
        row = int(np.flatnonzero(bad)[0])
        raise ScreeningError("ETK655", planar=f"{planar[row]:.6g}", geodesic=f"{geodesic[row]:.6g}")
    return geodesic
