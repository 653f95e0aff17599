"""Heavy geometry cut into pieces that an index can tell apart.

Polygons are halved by rectangles until each piece is light; every cut must conserve the area.
Boundaries become short runs of edges. Both are cut once per set of zones.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from etk_geo.screening.arrays import (
    Bools,
    Floats,
    Geometries,
    Ints,
    lines_through,
    points_at,
    simple_parts,
    starts_of,
    summed,
)
from etk_geo.screening.ellipsoid import polygon_areas

PIECE_VERTICES = 256
RUN_EDGES = 24
AREA_CONSERVED = 1e-12
"""Relative difference of area that a cut may make; rounding alone makes about 1e-14."""

MOST_CUTS = 48
"""A polygon halved so often is smaller than rounding."""

Halves = tuple[BaseGeometry, BaseGeometry] | tuple[None, None]
Cut = Callable[[BaseGeometry, Floats, Floats], Halves]
"""Halves a polygon by two boxes that share a side."""


@dataclass(frozen=True)
class Pieces:
    """Valid polygons without common interior, and their boxes; those of a zone make up its area."""

    geoms: Geometries
    zone: Ints
    planar_m2: Floats
    area_m2: Floats
    bounds: Floats


@dataclass(frozen=True)
class Edges:
    """Edges of boundaries, of lines, and of points: one entry for each.

    ``curve`` numbers the ring, line or point, ``owner`` what it belongs to; ``turn`` is the angle
    (radians) by which a ring turns left, towards its inside, at the start of the edge; ``single``
    marks the edges that stand for points.
    """

    start: Floats
    end: Floats
    curve: Ints
    owner: Ints
    turn: Floats
    single: Bools


EDGE_FIELDS = ("start", "end", "curve", "owner", "turn", "single")


@dataclass(frozen=True)
class Outlines:
    """Length (m), turning (radians) towards and away from the inside, and number of curves."""

    length_m: Floats
    turn_out: Floats
    turn_in: Floats
    curves: Floats


@dataclass(frozen=True)
class Runs:
    """Stretches of boundary (of lines: the lines; of points: the points), and their edges.

    Edges ``first[i]`` to ``first[i + 1]`` belong to run ``i``. ``turn_out`` and ``turn_in`` are
    the angles (radians) by which the boundary turns towards and away from the inside at the start
    of each edge.
    """

    geoms: Geometries
    bounds: Floats
    zone: Ints
    first: Ints
    start: Floats
    end: Floats
    turn_out: Floats
    turn_in: Floats


def cut_polygons(geoms: Geometries, zone: Ints) -> Pieces:
    """Cut polygons (EPSG:4545, valid) into pieces of at most about ``PIECE_VERTICES`` vertices.

    Whether pieces are valid is asked once, at the end; the polygons that have one which is not are
    cut again by a slower way that looks at each cut.
    """
    parts, owner = _polygons_of(geoms, zone)
    pieces, owners = _cut_all(parts, owner, _cut)
    failed = np.unique(owners[~shapely.is_valid(pieces)])
    if len(failed):
        kept, again = ~np.isin(owners, failed), np.isin(owner, failed)
        careful, of_careful = _cut_all(parts[again], owner[again], _cut_with_care)
        pieces = np.concatenate([pieces[kept], careful])
        owners = np.concatenate([owners[kept], of_careful])
    planar, area = polygon_areas(pieces)
    return Pieces(pieces, owners, planar, area, shapely.bounds(pieces))


def _polygons_of(geoms: Geometries, owner: Ints) -> tuple[Geometries, Ints]:
    parts, of_part = shapely.get_parts(geoms, return_index=True)
    polygons = shapely.get_type_id(parts) == 3
    return parts[polygons], owner[of_part[polygons]]


def _cut_all(parts: Geometries, owner: Ints, cut: Cut) -> tuple[Geometries, Ints]:
    """Halve polygons until all are light; returns the pieces and whose each is."""
    done: list[Geometries] = [np.empty(0, dtype=object)]
    of_done: list[Ints] = [np.empty(0, dtype=np.intp)]
    for _ in range(MOST_CUTS):
        heavy = shapely.get_num_coordinates(parts) > PIECE_VERTICES
        done.append(parts[~heavy])
        of_done.append(owner[~heavy])
        parts, owner, kept, kept_owner = _halve(parts[heavy], owner[heavy], cut)
        done.append(kept)
        of_done.append(kept_owner)
        if not len(parts):
            break
    return np.concatenate([*done, parts]), np.concatenate([*of_done, owner])


def _halve(parts: Geometries, owner: Ints, cut: Cut) -> tuple[Geometries, Ints, Geometries, Ints]:
    """Cut each polygon across the longer side of its box.

    Returns the polygons of both halves with their owners, and those that no cut leaves sound.
    """
    left, bottom, right, top = shapely.bounds(parts).T
    wide = right - left > top - bottom
    mid_x, mid_y = (left + right) / 2, (bottom + top) / 2
    lower = np.column_stack(
        [left, bottom, np.where(wide, mid_x, right), np.where(wide, top, mid_y)]
    )
    upper = np.column_stack(
        [np.where(wide, mid_x, left), np.where(wide, bottom, mid_y), right, top]
    )
    halves = np.empty((len(parts), 2), dtype=object)
    for row, (part, low, high) in enumerate(zip(parts, lower, upper, strict=True)):
        halves[row] = cut(part, low, high)
    whole = halves[:, 0] == np.array(None)
    flat, of_half = simple_parts(halves.ravel())
    kept = (shapely.get_type_id(flat) == 3) & ~shapely.is_empty(flat)
    return flat[kept], owner[of_half[kept] // 2], parts[whole], owner[whole]


def _cut(part: BaseGeometry, low: Floats, high: Floats) -> Halves:
    """Return both halves of a polygon; by overlay where clipping loses area."""
    first, second = shapely.clip_by_rect(part, *low), shapely.clip_by_rect(part, *high)
    return (first, second) if _conserved(part, first, second) else _overlaid(part, low, high)


def _cut_with_care(part: BaseGeometry, low: Floats, high: Floats) -> Halves:
    """Return both halves of a polygon; by overlay where clipping loses area or validity."""
    first, second = _cut(part, low, high)
    if first is None or (shapely.is_valid(first) and shapely.is_valid(second)):
        return first, second  # type: ignore[return-value]
    return _overlaid(part, low, high)


def _overlaid(part: BaseGeometry, low: Floats, high: Floats) -> Halves:
    first = shapely.intersection(part, shapely.box(*low))
    second = shapely.intersection(part, shapely.box(*high))
    return (first, second) if _conserved(part, first, second) else (None, None)


def _conserved(whole: BaseGeometry, first: BaseGeometry, second: BaseGeometry) -> bool:
    area = whole.area
    return bool(abs(first.area + second.area - area) <= AREA_CONSERVED * area)


def boundary_edges(geoms: Geometries, owner: Ints) -> Edges:
    """Return the edges of boundaries of polygons, of lines, and of points (EPSG:4545).

    ``owner`` numbers what each geometry belongs to; the inside is on the left of each edge of a
    polygon. A point is an edge from itself to itself, so that it has one like everything else.
    """
    areal = shapely.get_dimensions(geoms) == 2
    polygons, of_geom = shapely.get_parts(shapely.orient_polygons(geoms[areal]), return_index=True)
    rings, of_polygon = shapely.get_rings(polygons, return_index=True)
    lines, of_line = shapely.get_parts(geoms[~areal], return_index=True)
    curves = np.concatenate([rings, lines])
    owners = np.concatenate([owner[areal][of_geom[of_polygon]], owner[~areal][of_line]])
    xy, curve = shapely.get_coordinates(curves, return_index=True)
    single = shapely.get_type_id(curves) == 0
    is_edge = single[curve]
    is_edge[:-1] |= curve[1:] == curve[:-1]
    row = np.flatnonzero(is_edge)
    curve = curve[row]
    start, end = xy[row], xy[np.where(single[curve], row, row + 1)]
    turn = _turns(start, end, curve, shapely.get_type_id(curves) == 2)
    return Edges(start, end, curve, owners[curve], turn, single[curve])


def outlines(edges: Edges, count: int) -> Outlines:
    """Sum up edges by owner, for owners 0 to ``count``."""
    length = np.hypot(*(edges.end - edges.start).T)
    curve_owner = edges.owner[starts_of(edges.curve)]
    return Outlines(
        summed(edges.owner, length, count),
        summed(edges.owner, np.maximum(edges.turn, 0.0), count),
        summed(edges.owner, np.maximum(-edges.turn, 0.0), count),
        np.bincount(curve_owner, minlength=count).astype(np.float64),
    )


def cut_boundaries(edges: Edges, most_edges: int = RUN_EDGES) -> Runs:
    """Cut boundaries into runs of ``most_edges`` edges at most, those of one owner together."""
    order = np.lexsort((edges.curve, edges.owner))
    edges = Edges(*(getattr(edges, name)[order] for name in EDGE_FIELDS))
    first_of_curve = np.flatnonzero(starts_of(edges.curve))
    number = np.cumsum(starts_of(edges.curve)) - 1
    place = np.arange(len(order)) - first_of_curve[number] if len(order) else order
    begins = place % most_edges == 0
    first = np.flatnonzero(begins)
    geoms = _run_lines(edges, np.cumsum(begins) - 1)
    return Runs(
        geoms=geoms,
        bounds=shapely.bounds(geoms),
        zone=edges.owner[first],
        first=np.append(first, len(order)),
        start=edges.start,
        end=edges.end,
        turn_out=np.maximum(edges.turn, 0.0),
        turn_in=np.maximum(-edges.turn, 0.0),
    )


def _turns(start: Floats, end: Floats, curve: Ints, closed: Bools) -> Floats:
    """Return the signed angle by which a closed curve turns left at the start of each edge."""
    if not len(curve):
        return np.empty(0)
    heading = np.arctan2(*(end - start).T[::-1])
    begins = starts_of(curve)
    before = np.r_[heading[-1:], heading[:-1]]
    last_of_curve = np.r_[np.flatnonzero(begins)[1:] - 1, len(curve) - 1]
    before[begins] = heading[last_of_curve]
    turn = (heading - before + np.pi) % (2 * np.pi) - np.pi
    return np.where(closed[curve], turn, 0.0)


def _run_lines(edges: Edges, run: Ints) -> Geometries:
    """Return one line for each run, or the point where it stands for a point."""
    begins = starts_of(run)
    xy = np.empty((len(run) + int(begins.sum()), 2))
    of = np.empty(len(xy), dtype=np.intp)
    at = np.arange(len(run)) + np.cumsum(begins)
    xy[at], of[at] = edges.end, run
    xy[at[begins] - 1], of[at[begins] - 1] = edges.start[begins], run[begins]
    geoms = lines_through(xy, of)
    single = edges.single[begins]
    geoms[single] = points_at(edges.start[begins][single])
    return geoms
