"""Whether two things surely share a place: how deep their common part lies in either of them.

The depth of a place in a polygon is its distance to the boundary. Depth changes by at most one
metre a metre, so a cell whose centre is too shallow by more than its radius holds no deep place:
cells are halved until one deep enough is found or none is left (docs/screening.md, "Depth").
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from etk_geo.screening.arrays import Floats, Geometries, Ints, points_at, starts_of

RESOLUTION_M = 1e-3
"""Whether a place is deep enough is decided to within this; less is not sure."""
DEPTH_RESOLUTION = 0.02
"""The greatest depth, told as the accuracy that would decide, is found to within this share."""
MOST_CELLS = 4_096
MOST_ROUNDS = 40
SIDES = 8

Depth = Callable[[Floats], Floats]
"""Depth (m) of places of the common part, given as positions of EPSG:4545."""


@dataclass(frozen=True)
class Depths:
    """How deep a place of the common part lies in either polygon.

    ``None`` stands for a line or a point: nothing lies deep in them.
    """

    in_project: Depth | None
    in_zone: Depth | None

    def at(self, xy: Floats) -> tuple[Floats, Floats]:
        """Return the depth in the project and in the zone."""
        nothing = np.zeros(len(xy))
        return (
            nothing if self.in_project is None else self.in_project(xy),
            nothing if self.in_zone is None else self.in_zone(xy),
        )


def surplus(
    in_project: Floats,
    in_zone: Floats,
    stray_project: Floats | float,
    stray_zone: Floats | float,
) -> Floats:
    """Return by how many metres places are deep enough to be surely in both.

    A place is in both if it is deeper in one than both together may stray, or deeper in each than
    that one may stray. Positive means surely shared. All in planar metres.
    """
    total = stray_project + stray_zone
    one = np.maximum(in_project, in_zone) - total
    each = np.minimum(in_project - stray_project, in_zone - stray_zone)
    return np.maximum(one, each)


@dataclass(frozen=True)
class Deepest:
    """Whether a place surely shared was found, and the greatest depth seen in one of the two."""

    shared: bool
    depth_m: float


def find_deepest(
    common: BaseGeometry, depths: Depths, stray_project: float, stray_zone: float
) -> Deepest:
    """Look for a place of a common part that is surely in both things.

    Parameters
    ----------
    common
        The common part, EPSG:4545: any type, not empty.
    depths
        Of places of the common part.
    stray_project, stray_zone
        How far what follows either geometry may be displaced, planar metres.

    Returns
    -------
    deepest
        ``shared`` is never true without a proof; it may be false for want of one, within
        ``RESOLUTION_M`` or after ``MOST_CELLS`` cells.
    """
    shapely.prepare(common)
    centre, half = _first_cells(common)
    best_surplus, best_depth, seen = -np.inf, 0.0, 0
    for _ in range(MOST_ROUNDS):
        place, gap = _onto(common, centre)
        radius = half * np.sqrt(2.0)
        held = gap <= radius + RESOLUTION_M
        centre, place, gap = centre[held], place[held], gap[held]
        if not len(centre):
            break
        in_project, in_zone = depths.at(place)
        extra = surplus(in_project, in_zone, stray_project, stray_zone)
        depth = np.maximum(in_project, in_zone)
        best_surplus = max(best_surplus, float(extra.max()))
        best_depth = max(best_depth, float(depth.max()))
        seen += len(centre)
        if best_surplus > 0 or seen > MOST_CELLS:
            break
        hope = gap + radius
        open_ = (extra + hope > RESOLUTION_M) | (
            depth + hope > best_depth * (1 + DEPTH_RESOLUTION) + 10 * RESOLUTION_M
        )
        centre, half = _split(centre[open_], half)
    return Deepest(best_surplus > 0, best_depth)


def _first_cells(common: BaseGeometry) -> tuple[Floats, float]:
    left, bottom, right, top = common.bounds
    side = max((right - left) / SIDES, (top - bottom) / SIDES)
    if side == 0:
        return np.array([[left, bottom]]), 0.0
    across = max(1, int(np.ceil((right - left) / side)))
    along = max(1, int(np.ceil((top - bottom) / side)))
    x = left + side * (np.arange(across) + 0.5)
    y = bottom + side * (np.arange(along) + 0.5)
    return np.column_stack([np.repeat(x, along), np.tile(y, across)]), side / 2


def _onto(common: BaseGeometry, centre: Floats) -> tuple[Floats, Floats]:
    """Return the place of the common part that is nearest to each centre, and how far it is."""
    ways = shapely.shortest_line(common, points_at(centre))
    place = shapely.get_coordinates(ways)[::2]
    return place, np.hypot(*(place - centre).T)


def _split(centre: Floats, half: float) -> tuple[Floats, float]:
    quarter = half / 2
    offsets = quarter * np.array([[-1, -1], [-1, 1], [1, -1], [1, 1]])
    return (centre[:, None, :] + offsets).reshape(-1, 2), quarter


def project_depth(geom: BaseGeometry) -> Depth | None:
    """Return the depth in a project's polygon, or ``None`` for lines and points."""
    if shapely.get_dimensions(geom) != 2:
        return None
    boundary = shapely.boundary(geom)
    shapely.prepare(boundary)

    def depth(xy: Floats) -> Floats:
        return np.asarray(shapely.distance(boundary, points_at(xy)), dtype=np.float64)

    return depth


def sample_places(common: Geometries, pair: Ints, size: Floats) -> tuple[Ints, Geometries]:
    """Return a place well inside the largest common part of each pair that has one."""
    order = np.lexsort((-size, pair))
    first = starts_of(pair[order])
    largest = order[first]
    parts, owner = shapely.get_parts(common[largest], return_index=True)
    extent = np.where(
        shapely.get_dimensions(parts) == 2, shapely.area(parts), shapely.length(parts)
    )
    order = np.lexsort((-extent, owner))
    first = starts_of(owner[order])
    chosen = order[first]
    return pair[largest][owner[chosen]], _middle(parts[chosen])


def _middle(parts: Geometries) -> Geometries:
    lines = shapely.get_dimensions(parts) == 1
    places = shapely.point_on_surface(parts)
    places[lines] = shapely.line_interpolate_point(parts[lines], 0.5, normalized=True)
    return places
