"""Distances between projects and zones, and from places inside a zone to its boundary.

Nearest pairs are found in EPSG:4545 by an index over runs of boundary; what is reported is the
length of the geodesic between the two places. On the plane lengths are never shorter than on the
ground, and the scale is bounded over the stretch that matters, so that both are bounded too.
Edges are straight on the plane between their vertices (docs/screening.md, "Figures").
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from etk_geo.crs import GEOD, to_lonlat
from etk_geo.errors import ScreeningError
from etk_geo.screening.arrays import Bools, Floats, Geometries, Ints, points_at, starts_of
from etk_geo.screening.ellipsoid import scale_range
from etk_geo.screening.pieces import boundary_edges, cut_boundaries
from etk_geo.screening.prepared import PreparedZones

SAMPLES = 8
FAR_SPANS = 2.0
OWN_RUN_EDGES = 8
"""Edges in a run of a project's outline."""


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


def boundary_distance(geoms: Geometries, zones: PreparedZones, zone: int) -> Floats:
    """Return the planar distance (m) from each geometry to the boundary of a zone."""
    if np.all(shapely.get_type_id(geoms) == 0):
        return _nearest_run(geoms, zones, zone)[1]
    every, anywhere = np.arange(len(geoms)), np.full(len(geoms), np.inf)
    start, end, _ = _shortest_ways(_shapes(geoms), every, zones, zone, anywhere)
    apart: Floats = np.hypot(*(end - start).T)
    return apart


def _nearest_run(
    points: Geometries, zones: PreparedZones, zone: int, within_m: float | None = None
) -> tuple[Ints, Floats]:
    """Return the nearest run of a zone's own, and the planar distance (m), of points.

    Points farther than ``within_m`` get run 0 and an infinite distance.
    """
    tree, _ = zones.run_tree(zone)
    run, apart = np.zeros(len(points), dtype=np.intp), np.full(len(points), np.inf)
    (query, found), distance = tree.query_nearest(
        points, max_distance=within_m, return_distance=True, all_matches=False
    )
    run[query], apart[query] = found, distance
    return run, apart


def near_boundary(geoms: Geometries, zones: PreparedZones, zone: int, within_m: Floats) -> Bools:
    """Tell which geometries are within a planar distance of a zone's boundary."""
    tree, _ = zones.run_tree(zone)
    near = np.zeros(len(geoms), dtype=bool)
    query, _ = tree.query(geoms, predicate="dwithin", distance=within_m)
    near[query] = True
    return near


def nearest_places(
    geoms: Geometries, zones: PreparedZones, copies: Geometries, asked: Bools, within_m: Floats
) -> Nearest:
    """Find the nearest places of projects and zones that do not meet.

    Parameters
    ----------
    geoms
        Projects.
    zones, copies
        Zones, and prepared copies in the hands of this thread alone.
    asked, within_m
        Which pairs, and up to which planar distance (m) of each; projects by zones.

    Returns
    -------
    nearest
        One entry for each pair asked, in order of rows. Pairs farther apart than ``within_m`` get
        NaN places, and as ``planar_m`` no less than their distance, infinite if nothing is known.
    """
    rows, columns = np.nonzero(asked)
    limit = within_m[rows, columns]
    start, end = np.full((len(rows), 2), np.nan), np.full((len(rows), 2), np.nan)
    beyond = np.full(len(rows), np.inf)
    near = [
        (int(column), _perhaps_near(geoms, copies[column], rows, limit, columns == column))
        for column in np.unique(columns)
    ]
    wanted = np.zeros(len(geoms), dtype=bool)
    for _, pairs in near:
        wanted[rows[pairs]] = True
    shapes, place = _shapes(geoms[wanted]), np.cumsum(wanted) - 1
    for column, pairs in near:
        found = _shortest_ways(shapes, place[rows[pairs]], zones, column, limit[pairs])
        start[pairs], end[pairs], beyond[pairs] = found
    planar = np.where(np.isnan(start[:, 0]), beyond, np.hypot(*(end - start).T))
    return Nearest(start, end, planar, geodesic_distance(start, end))


def _perhaps_near(
    geoms: Geometries, zone: BaseGeometry, rows: Ints, limit: Floats, of_zone: Bools
) -> Ints:
    """Return the pairs of one zone without those that are certainly farther than their limit.

    Whether a whole prepared zone is near is told faster than how near it is.
    """
    pairs = np.flatnonzero(of_zone)
    asked = (shapely.get_type_id(geoms[rows[pairs]]) != 0) & np.isfinite(limit[pairs])
    if not asked.any():
        return pairs
    sure, pairs = pairs[~asked], pairs[asked]
    close = shapely.dwithin(zone, geoms[rows[pairs]], limit[pairs])
    return np.concatenate([sure, pairs[close]])


@dataclass(frozen=True)
class _Shapes:
    """Geometries as the search for their nearest places needs them, in the hands of one thread.

    ``copies`` are prepared where they are ``thick`` (more than one point). Samples and runs of
    geometry ``i`` are those from ``first_sample[i]`` and ``first_run[i]`` on.
    """

    thick: Bools
    copies: Geometries
    samples: Geometries
    first_sample: Ints
    runs: Geometries
    run_boxes: Floats
    first_run: Ints


def _shapes(geoms: Geometries) -> _Shapes:
    """Cut geometries into short runs and choose some of their vertices, once for all zones."""
    thick = shapely.get_type_id(geoms) != 0
    # Prepared copies of our own: the geometries may be in other threads' hands too.
    copies = shapely.transform(geoms, lambda xy: xy)
    shapely.prepare(copies[thick])
    samples, sampled = _sample_vertices(geoms)
    own = cut_boundaries(boundary_edges(geoms[thick], np.flatnonzero(thick)), OWN_RUN_EDGES)
    every = np.arange(len(geoms) + 1)
    return _Shapes(
        thick,
        copies,
        samples,
        np.searchsorted(sampled, every),
        own.geoms,
        own.bounds,
        np.searchsorted(own.zone, every),
    )


def _members(first: Ints, rows: Ints) -> tuple[Ints, Ints]:
    """Return what belongs to rows, ``first[row]`` to ``first[row + 1]``, and to which of them."""
    count = first[rows + 1] - first[rows]
    of = np.repeat(np.arange(len(rows)), count)
    return np.arange(len(of)) - (np.cumsum(count) - count - first[rows])[of], of


def _shortest_ways(
    shapes: _Shapes, rows: Ints, zones: PreparedZones, zone: int, within_m: Floats
) -> tuple[Floats, Floats, Floats]:
    """Return the nearest places of geometries and a boundary, and the distance of a vertex.

    Some vertices bound the distance first; then only the runs of both within that bound are looked
    at. Geometries other than points are within ``within_m`` where it is finite; polygons hold no
    part of the boundary without meeting it. ``rows`` are the geometries asked for.
    """
    _, first = zones.run_tree(zone)
    run, bound = _run_near_vertex(shapes, rows, zones, zone, within_m)
    thick = shapes.thick[rows]
    near = np.flatnonzero(thick | (bound <= within_m))
    known = near[np.isfinite(bound[near])]
    runs = zones.runs.geoms[first:]
    ways = shapely.shortest_line(shapes.copies[rows[known]], runs[run[known]])
    bound[known] = shapely.length(ways)
    open_ = near[thick[near]]
    part, of = _members(shapes.first_run, rows[open_])
    reach = np.minimum(bound, within_m)
    mine, found = _runs_within(shapes.run_boxes[part], open_[of], reach, zones, zone)
    owner = np.concatenate([known, open_[of[mine]]])
    ways = np.concatenate([ways, shapely.shortest_line(shapes.runs[part[mine]], runs[found])])
    order = np.lexsort((shapely.length(ways), owner))
    nearest = order[starts_of(owner[order])]
    ends = shapely.get_coordinates(ways[nearest]).reshape(-1, 2, 2)
    start, end = np.full((len(rows), 2), np.nan), np.full((len(rows), 2), np.nan)
    start[owner[nearest]], end[owner[nearest]] = ends[:, 0], ends[:, 1]
    return start, end, bound


def _run_near_vertex(
    shapes: _Shapes, rows: Ints, zones: PreparedZones, zone: int, within_m: Floats
) -> tuple[Ints, Floats]:
    """Return the run nearest to one of some vertices of each geometry, and how far it is.

    Where no vertex can be near enough to matter, the distance is infinite.
    """
    reach = float(np.max(within_m, initial=1.0))
    sample, owner = _members(shapes.first_sample, rows)
    limit = reach if np.isfinite(reach) else None
    found, apart = _nearest_run(shapes.samples[sample], zones, zone, limit)
    order = np.lexsort((apart, owner))
    best = order[starts_of(owner[order])]
    return found[best], apart[best]


def _runs_within(
    own_boxes: Floats, owner: Ints, within_m: Floats, zones: PreparedZones, zone: int
) -> tuple[Ints, Ints]:
    """Return which runs of geometries and of a zone have boxes nearer to each other than a bound.

    ``within_m`` belongs to the geometries, by the numbers in ``owner``. From far away the index
    would bring every run in a large square: there the boxes of all runs are compared with the box
    of the geometry first.

    Returns
    -------
    mine, found
        Numbers of runs of the geometries, and in the index of the zone.
    """
    tree, first = zones.run_tree(zone)
    boxes = zones.runs.bounds[first : first + len(tree)]
    reach = within_m * (1 - 1e-12)
    begin = np.flatnonzero(starts_of(owner))
    whole = np.column_stack(
        [
            np.minimum.reduceat(own_boxes[:, :2], begin),
            np.maximum.reduceat(own_boxes[:, 2:], begin),
        ]
        if len(begin)
        else [np.empty((0, 2)), np.empty((0, 2))]
    )
    span = np.hypot(whole[:, 2] - whole[:, 0], whole[:, 3] - whole[:, 1])
    far = reach[owner[begin]] > FAR_SPANS * span
    count = np.diff(np.append(begin, len(owner)))
    asked = np.flatnonzero(~np.repeat(far, count))
    outward = reach[owner[asked], None] * np.array([-1.0, -1.0, 1.0, 1.0])
    query, run = tree.query(shapely.box(*(own_boxes[asked] + outward).T))
    mine = asked[query]
    close = _gaps(own_boxes[mine], boxes[run]) < reach[owner[mine]]
    pairs = [(mine[close], run[close])]
    for geom in np.flatnonzero(far):
        limit = reach[owner[begin[geom]]]
        run = np.flatnonzero(_gaps(whole[geom], boxes) < limit)
        part = np.arange(begin[geom], begin[geom] + count[geom])
        at, of = np.nonzero(_gaps(own_boxes[part, None], boxes[run]) < limit)
        pairs.append((part[at], run[of]))
    mine, found = (np.concatenate(side) for side in zip(*pairs, strict=True))
    return mine, found


def _gaps(first: Floats, second: Floats) -> Floats:
    """Return the distance (m) between boxes, their sides along the last axis."""
    outside = np.maximum(second[..., :2] - first[..., 2:], first[..., :2] - second[..., 2:])
    apart = np.maximum(outside, 0.0)
    gaps: Floats = np.hypot(apart[..., 0], apart[..., 1])
    return gaps


def _sample_vertices(geoms: Geometries) -> tuple[Geometries, Ints]:
    """Return up to ``SAMPLES`` vertices of each geometry, spread over it."""
    xy, owner = shapely.get_coordinates(geoms, return_index=True)
    first = np.flatnonzero(starts_of(owner))
    count = np.diff(np.append(first, len(owner)))
    step = np.maximum(count // SAMPLES, 1)
    place = np.arange(len(owner)) - np.repeat(first, count)
    chosen = place % np.repeat(step, count) == 0
    return points_at(xy[chosen]), owner[chosen]


def lonlat_of(xy: Floats) -> Floats:
    """Return positions of EPSG:4545 in WGS 84 degrees; NaN stays NaN."""
    lonlat = np.full(xy.shape, np.nan)
    known = np.isfinite(xy).all(axis=1)
    points: Any = points_at(xy[known])
    lonlat[known] = shapely.get_coordinates(to_lonlat(points))
    return lonlat


def geodesic_distance(start: Floats, end: Floats) -> Floats:
    """Return the lengths (m) of the geodesics between positions of EPSG:4545.

    Raises
    ------
    ScreeningError
        If planar and geodesic lengths differ by more than the projection explains.
    """
    if not len(start):
        return np.empty(0)
    (lon_a, lon_b), (lat_a, lat_b) = lonlat_of(np.concatenate([start, end])).T.reshape(2, 2, -1)
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
