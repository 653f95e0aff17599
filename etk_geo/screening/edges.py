"""Edges so long that it matters what "straight" means between their two ends.

The screening takes an edge as straight on the plane of EPSG:4545, as coordinates of corners are
meant in Chinese surveying. A program that draws in degrees draws another line between the same
ends: ``L**2 tan(lat) / 8 R`` away where it runs east, up to a tenth more where it runs aslant.
"""

from __future__ import annotations

import numpy as np
import shapely

from etk_geo.model import REGION_BOUNDS, Issue
from etk_geo.screening.arrays import Floats, Geometries, Strings, simple_parts
from etk_geo.screening.ellipsoid import RADIUS_LEAST_M

LONG_EDGE = "ETK280"
LEAST_M = 1.0
"""Readings nearer to each other than this are not spoken of."""
ASLANT = 1.09
_BEND = ASLANT * np.tan(np.radians(REGION_BOUNDS.north)) / (8 * RADIUS_LEAST_M)


def long_edges(geoms: Geometries, ids: Strings, accuracy_m: Floats) -> list[Issue]:
    """Name the lines and polygons whose longest edge has readings farther apart than its accuracy.

    Parameters
    ----------
    geoms
        EPSG:4545 metres, given in degrees before; ``None`` where there is none.
    ids
        Their ids.
    accuracy_m
        Metres on the ground; infinite where no position is relied on.
    """
    left, bottom, right, top = shapely.bounds(geoms).T
    far = _bend(np.hypot(right - left, top - bottom)) > np.maximum(accuracy_m, LEAST_M)
    rows = np.flatnonzero(far)
    if not len(rows):
        return []
    longest = _longest_edges(geoms[rows])
    bend = _bend(longest)
    said = np.flatnonzero(bend > np.maximum(accuracy_m[rows], LEAST_M))
    return [
        Issue(
            "",
            ids[rows[at]],
            LONG_EDGE,
            {"length_km": f"{longest[at] / 1000:.1f}", "apart": f"{bend[at]:.1f}"},
        )
        for at in said
    ]


def _bend(length_m: Floats) -> Floats:
    """Bound how far (m) an edge straight in degrees leaves one straight on the plane."""
    bend: Floats = _BEND * length_m**2
    return bend


def _longest_edges(geoms: Geometries) -> Floats:
    """Return the planar length (m) of the longest edge of each geometry, 0 of points."""
    parts, owner = simple_parts(geoms)
    areal = shapely.get_type_id(parts) == 3
    rings, polygon = shapely.get_rings(parts[areal], return_index=True)
    lines = np.concatenate([parts[~areal], rings])
    owners = np.concatenate([owner[~areal], owner[areal][polygon]])
    xy, line = shapely.get_coordinates(lines, return_index=True)
    edge = line[1:] == line[:-1]
    longest = np.zeros(len(geoms))
    np.maximum.at(longest, owners[line[:-1][edge]], np.hypot(*np.diff(xy, axis=0)[edge].T))
    return longest
