"""What is true of two real things, by plain overlay: the engine's answers are held against it."""

from __future__ import annotations

import numpy as np
import shapely

from etk_geo.screening.arrays import as_geometries
from etk_geo.screening.ellipsoid import polygon_areas, scale_range

SLACK_M = 2e-3
"""Twice what the engine counts as touching."""


def area_of(geom):
    """Return the ellipsoidal area of a geometry of EPSG:4545."""
    return float(polygon_areas(as_geometries([geom]))[1][0])


def _parts(geom, dimension):
    parts = shapely.get_parts(geom)
    while np.any(shapely.get_type_id(parts) > 3):
        parts = shapely.get_parts(parts)
    return shapely.union_all(parts[shapely.get_dimensions(parts) == dimension])


def shares_interior(first, second):
    """Tell whether two things share a place that is in the interior of both."""
    by_area = _parts(first, 2), _parts(second, 2)
    if by_area[0].intersection(by_area[1]).area > 0:
        return True
    for area, other in ((by_area[0], second), (by_area[1], first)):
        if area.is_empty:
            continue
        if area.intersection(_parts(other, 1)).length > SLACK_M:
            return True
        if any(area.contains(point) for point in shapely.get_parts(_parts(other, 0))):
            return True
    return (
        by_area[0].is_empty
        and by_area[1].is_empty
        and first.intersects(second)
        and not (first.touches(second))
    )


def ground_distance(first, second):
    """Return bounds of the distance on the ground."""
    planar = first.distance(second)
    left = min(first.bounds[0], second.bounds[0])
    right = max(first.bounds[2], second.bounds[2])
    least, most = scale_range(np.array([left]), np.array([right]))
    return planar / most[0], planar / least[0]


def stated_length_inside(stated, follower, zone):
    """Return how much of a stated line corresponds to what of its displaced self lies in a zone.

    Each segment is displaced affinely, so the share of it that is inside is the same of both.
    """
    total = 0.0
    for line, moved in zip(shapely.get_parts(stated), shapely.get_parts(follower), strict=True):
        xy, uv = shapely.get_coordinates(line), shapely.get_coordinates(moved)
        for row in range(len(xy) - 1):
            segment = shapely.LineString(uv[row : row + 2])
            if segment.length > 0:
                share = segment.intersection(zone).length / segment.length
                total += share * float(np.hypot(*(xy[row + 1] - xy[row])))
    return total


def contradiction(verdict, reach_m, project, zone):
    """Return what is wrong with a verdict for two real things, or nothing."""
    least, most = ground_distance(project.geom, zone.geom)
    shared = shares_interior(project.geom, zone.geom)
    if verdict == "INSIDE":
        rest = project.geom.difference(zone.geom.buffer(SLACK_M))
        return "" if rest.is_empty else f"{rest.area} m2, {rest.length} m outside"
    if verdict == "OVERLAPS":
        return "" if shared else "no common interior"
    if verdict in ("WITHIN", "CLEAR") and shared:
        common = project.geom.intersection(zone.geom)
        deep = common.buffer(-SLACK_M).area > 0 or common.length > 1
        return "common interior" if deep else ""
    moved_freely = project.swollen or zone.swollen
    if verdict == "WITHIN" and least >= reach_m + SLACK_M and not moved_freely:
        return f"{least} m apart, not nearer than {reach_m} m"
    if verdict == "CLEAR" and most < reach_m - SLACK_M:
        return f"{most} m apart, nearer than {reach_m} m"
    return ""
