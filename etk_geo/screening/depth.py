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

from etk_geo.screening.arrays import Bools, Floats, Geometries, Ints, points_at, starts_of

RESOLUTION_M = 1e-3
"""Whether a place is deep enough is decided to within this; less is not sure."""
DEPTH_RESOLUTION = 0.02
"""The greatest depth, told as the accuracy that would decide, is sought to within this share."""
MOST_CELLS = 4_096
BEAM_CELLS = 64
MOST_ROUNDS = 40
SIDES = 8

Depth = Callable[[Floats], Floats]
"""Depth (m) of places of the common part, given as positions of EPSG:4545."""


@dataclass(frozen=True)
class Depths:
    """How deep places of the common part lie in either polygon, and how far either may stray.

    A depth of ``None`` stands for a line or point, or for a polygon so thin that nothing of it is
    sure: such a thing is not deep anywhere, but its displaced self still passes near each place.
    """

    in_project: Depth | None
    in_zone: Depth | None
    stray_project: float
    stray_zone: float

    def at(self, xy: Floats) -> tuple[Floats, Floats]:
        """Return the surplus and the least depth of places, planar metres."""
        deep_p = None if self.in_project is None else self.in_project(xy)
        deep_z = None if self.in_zone is None else self.in_zone(xy)
        return surplus(deep_p, deep_z, self.stray_project, self.stray_zone)


def surplus(
    in_project: Floats | None,
    in_zone: Floats | None,
    stray_project: Floats | float,
    stray_zone: Floats | float,
) -> tuple[Floats, Floats]:
    """Tell by how many metres places are deep enough to be surely in both things.

    A place is surely in two polygons that stray if it is deeper in each than that one strays; a
    line or point surely enters a polygon where it is deeper than both stray together.

    Returns
    -------
    surplus, depth
        Positive surplus: surely shared. Depth: the sum of strays below which any would do.
    """
    if in_project is not None and in_zone is not None:
        each = np.minimum(in_project - stray_project, in_zone - stray_zone)
        return each, np.minimum(in_project, in_zone)
    depth = in_project if in_zone is None else in_zone
    if depth is None:
        raise ValueError(depth)
    return depth - (stray_project + stray_zone), depth


@dataclass(frozen=True)
class Deepest:
    """Whether a place surely shared was found, and the greatest depth seen."""

    shared: bool
    depth_m: float


def find_deepest(common: BaseGeometry, depths: Depths) -> Deepest:
    """Look for a place of a common part that is surely in both things.

    Parameters
    ----------
    common
        The common part, EPSG:4545: any type, not empty.
    depths
        Of places of the common part, and how far what follows either geometry may stray.

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
        extra, depth = depths.at(place)
        best_surplus = max(best_surplus, float(extra.max()))
        best_depth = max(best_depth, float(depth.max()))
        seen += len(centre)
        if best_surplus > 0 or seen > MOST_CELLS:
            break
        hope = gap + radius
        open_ = extra + hope > RESOLUTION_M
        if not open_.any():
            # Decided: what is left is to tell the greatest depth well enough, not exactly.
            better = best_depth * (1 + DEPTH_RESOLUTION) + 10 * RESOLUTION_M
            open_ = _most_promising(depth + hope, better)
        centre, half = _split(centre[open_], half)
    return Deepest(best_surplus > 0, best_depth)


def _most_promising(hope: Floats, better: float) -> Bools:
    """Choose the cells that may hold the greatest depth, the best few of those that may."""
    chosen = np.zeros(len(hope), dtype=bool)
    best = np.argsort(-hope, kind="stable")[:BEAM_CELLS]
    chosen[best] = hope[best] > better
    return chosen


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
