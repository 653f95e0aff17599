"""How much an overlap can gain or lose where boundaries are only known to within some metres.

Nothing is buffered: the strip within ``r`` of a boundary on one side is covered by one rectangle to
each edge and one sector to each corner that turns away from it, so its area is at most ``r`` times
the length plus half of ``r**2`` times the turning (docs/screening.md, "Margins").
"""

from __future__ import annotations

import numpy as np
import shapely

from etk_geo.screening.arrays import Floats, Geometries, Ints, summed
from etk_geo.screening.pieces import Outlines, Runs, boundary_edges, outlines
from etk_geo.screening.prepared import PreparedZones


def strip_areas(geoms: Geometries, width_out: Floats, width_in: Floats) -> tuple[Floats, Floats]:
    """Bound the area (m2) within ``width_out`` outside and ``width_in`` inside of polygons.

    Each polygon has its own two widths, planar metres.
    """
    outline = outlines(boundary_edges(geoms, np.arange(len(geoms))), len(geoms))
    return outside_strips(outline, width_out), _strip(width_in, outline.length_m, outline.turn_in)


def outside_strips(outline: Outlines, width: Floats) -> Floats:
    """Bound the area (m2) within a planar distance outside of polygons with these outlines."""
    return _strip(width, outline.length_m, outline.turn_out)


def _strip(width: Floats, length: Floats, turn: Floats) -> Floats:
    """Return the area that rectangles and sectors along a boundary cover, infinite if unbounded."""
    bounded = np.where(np.isfinite(width), width, 0.0)
    return np.where(np.isfinite(width), bounded * length + bounded**2 * turn / 2, np.inf)


def zone_strips(
    boxes: Floats, zones: PreparedZones, rows: Ints, columns: Ints, widths: tuple[Floats, Floats]
) -> tuple[Floats, Floats]:
    """Bound the area (m2) of the strips along zone boundaries that can lie in projects.

    A line or point has no inside; its strip lies on both sides and around its ends.

    Parameters
    ----------
    boxes
        Boxes around where each project may be, EPSG:4545.
    rows, columns
        The pairs: project and zone.
    widths
        For each pair the planar width (m) outside and inside of the zone.

    Returns
    -------
    outside_m2, inside_m2
        One value for each pair.
    """
    out, inward = np.zeros(len(rows)), np.zeros(len(rows))
    widest = np.maximum(*widths)
    reach = boxes[rows] + widest[:, None] * np.array([-1.0, -1.0, 1.0, 1.0])
    for column in np.unique(columns):
        pairs = np.flatnonzero(columns == column)
        tree, first = zones.run_tree(int(column))
        query, run = tree.query(shapely.box(*reach[pairs].T))
        pair = pairs[query]
        edge, owner = edges_of(zones.runs, run + first, pair)
        length, turn_out, turn_in = _clipped(zones.runs, edge, reach[owner])
        count = len(rows)
        total = summed(owner, length, count)
        if zones.features.dimension[column] == 2:
            out += widths[0] * total + widths[0] ** 2 / 2 * summed(owner, turn_out, count)
            inward += widths[1] * total + widths[1] ** 2 / 2 * summed(owner, turn_in, count)
        else:
            ends = np.bincount(pair, minlength=count)
            out += 2 * widths[0] * total + np.pi * widths[0] ** 2 * ends
    return out, inward


def edges_of(runs: Runs, run: Ints, pair: Ints) -> tuple[Ints, Ints]:
    """Return the edges of runs, and for each the pair that its run was found for."""
    count = runs.first[run + 1] - runs.first[run]
    begin = np.cumsum(count) - count
    edge = np.arange(count.sum()) - np.repeat(begin - runs.first[run], count)
    return edge, np.repeat(pair, count)


def _clipped(runs: Runs, edge: Ints, box: Floats) -> tuple[Floats, Floats, Floats]:
    """Return the length of edges inside boxes, and the turning at those of their starts inside."""
    start, end = runs.start[edge], runs.end[edge]
    way = end - start
    enter, leave = np.zeros(len(edge)), np.ones(len(edge))
    for axis in (0, 1):
        with np.errstate(divide="ignore", invalid="ignore"):
            low = (box[:, axis] - start[:, axis]) / way[:, axis]
            high = (box[:, axis + 2] - start[:, axis]) / way[:, axis]
        parallel = way[:, axis] == 0
        beside = (start[:, axis] < box[:, axis]) | (start[:, axis] > box[:, axis + 2])
        low = np.where(parallel, np.where(beside, 2.0, 0.0), low)
        high = np.where(parallel, np.where(beside, 2.0, 1.0), high)
        enter = np.maximum(enter, np.minimum(low, high))
        leave = np.minimum(leave, np.maximum(low, high))
    length = np.hypot(*way.T) * np.maximum(leave - enter, 0.0)
    holds = ((start >= box[:, :2]) & (start <= box[:, 2:])).all(axis=1)
    return length, runs.turn_out[edge] * holds, runs.turn_in[edge] * holds


def tube_areas(outline: Outlines, width: Floats) -> Floats:
    """Bound the area (m2) within a planar distance of points and lines, each with its two ends."""
    return _strip(width, 2 * outline.length_m, 2 * np.pi * outline.curves)
