"""Which stretches of lines run within some metres of a zone's boundary.

The part of a straight segment within ``r`` of a straight edge is one interval, with a closed form;
so the stretches are exact, and nothing is buffered (docs/screening.md, "Lengths").
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from etk_geo.screening.arrays import Bools, Floats, Geometries, Ints, lines_through
from etk_geo.screening.margins import edges_of
from etk_geo.screening.prepared import PreparedZones


@dataclass(frozen=True)
class Segments:
    """The straight segments of lines: positions of EPSG:4545, and whose they are."""

    start: Floats
    end: Floats
    owner: Ints


def segments_of(lines: Geometries) -> Segments:
    """Return the segments of lines, in order."""
    parts, owner = shapely.get_parts(lines, return_index=True)
    xy, part = shapely.get_coordinates(parts, return_index=True)
    is_edge = part[1:] == part[:-1]
    return Segments(xy[:-1][is_edge], xy[1:][is_edge], owner[part[:-1][is_edge]])


def stretches_near(
    lines: Geometries, zones: PreparedZones, zone: int, within_m: Floats
) -> Geometries:
    """Return the stretches of lines within a planar distance of a zone's boundary.

    Parameters
    ----------
    lines
        EPSG:4545.
    zone
        Number of the zone.
    within_m
        Planar metres, one for each line.

    Returns
    -------
    stretches
        One multi-line for each line; empty where no stretch is near.
    """
    segments = segments_of(lines)
    near = near_intervals(segments, zones, zone, within_m[segments.owner])
    return _as_lines(segments, *near, len(lines))


def near_intervals(
    segments: Segments, zones: PreparedZones, zone: int, within_m: Floats
) -> tuple[Ints, Floats, Floats]:
    """Return which parts of segments lie within a planar distance of a zone's boundary.

    Returns
    -------
    segment, enter, leave
        Numbers of segments, and fractions of them (0 to 1), not overlapping, in order.
    """
    low = np.minimum(segments.start, segments.end) - within_m[:, None]
    high = np.maximum(segments.start, segments.end) + within_m[:, None]
    tree, first = zones.run_tree(zone)
    segment, run = tree.query(shapely.box(*low.T, *high.T))
    edge, segment = edges_of(zones.runs, run + first, segment)
    begin, finish = zones.runs.start[edge], zones.runs.end[edge]
    near = (np.minimum(begin, finish) <= high[segment]).all(axis=1)
    near &= (np.maximum(begin, finish) >= low[segment]).all(axis=1)
    segment, begin, finish = segment[near], begin[near], finish[near]
    enter, leave = capsule_interval(
        segments.start[segment], segments.end[segment], begin, finish, within_m[segment]
    )
    met = leave >= enter
    return merge_intervals(segment[met], enter[met], leave[met])


def capsule_interval(
    start: Floats, end: Floats, begin: Floats, finish: Floats, radius: Floats
) -> tuple[Floats, Floats]:
    """Return which part of segments lies within a radius of edges, as fractions of the segment.

    Returns
    -------
    enter, leave
        0 to 1; ``leave < enter`` where no part does.
    """
    way = end - start
    axis = finish - begin
    length = np.hypot(*axis.T)
    unit = np.divide(axis, length[:, None], out=np.zeros_like(axis), where=length[:, None] > 0)
    normal = np.column_stack([-unit[:, 1], unit[:, 0]])
    offset = start - begin
    side = _slab((offset * normal).sum(1), (way * normal).sum(1), -radius, radius)
    along = _slab((offset * unit).sum(1), (way * unit).sum(1), np.zeros_like(length), length)
    solid = length > 0
    body = (
        np.where(solid, np.maximum(side[0], along[0]), 2.0),
        np.where(solid, np.minimum(side[1], along[1]), -1.0),
    )
    enter, leave = np.full(len(start), 2.0), np.full(len(start), -1.0)
    for part in (body, _disc(start, way, begin, radius), _disc(start, way, finish, radius)):
        low, high = np.maximum(part[0], 0.0), np.minimum(part[1], 1.0)
        met = high >= low
        enter = np.where(met, np.minimum(enter, low), enter)
        leave = np.where(met, np.maximum(leave, high), leave)
    return enter, leave


def _slab(at: Floats, rate: Floats, low: Floats, high: Floats) -> tuple[Floats, Floats]:
    """Return the interval of t for which ``at + t * rate`` lies between low and high."""
    with np.errstate(divide="ignore", invalid="ignore"):
        first, second = (low - at) / rate, (high - at) / rate
    still = rate == 0
    held = (at >= low) & (at <= high)
    first = np.where(still, np.where(held, 0.0, 2.0), first)
    second = np.where(still, np.where(held, 1.0, 2.0), second)
    least, most = np.minimum(first, second), np.maximum(first, second)
    return least, np.where(still & ~held, -1.0, most)


def _disc(start: Floats, way: Floats, centre: Floats, radius: Floats) -> tuple[Floats, Floats]:
    """Return the interval of t for which ``start + t * way`` lies in a disc."""
    offset = start - centre
    a = (way**2).sum(1)
    b = (way * offset).sum(1)
    c = (offset**2).sum(1) - radius**2
    root = np.sqrt(np.maximum(b * b - a * c, 0.0))
    missed = (b * b < a * c) | (a == 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        low, high = (-b - root) / a, (-b + root) / a
    return np.where(missed, 2.0, low), np.where(missed, -1.0, high)


def merge_intervals(group: Ints, low: Floats, high: Floats) -> tuple[Ints, Floats, Floats]:
    """Unite overlapping intervals (within 0 to 1) of each group."""
    order = np.lexsort((low, group))
    group, low, high = group[order], low[order], high[order]
    # Groups are set two apart on one axis, so that a running maximum never reaches the next one.
    shift = 2.0 * group
    reached = np.maximum.accumulate(high + shift)
    begins = np.ones(len(group), dtype=bool)
    begins[1:] = (low + shift)[1:] > reached[:-1]
    starts = np.flatnonzero(begins)
    last = np.append(starts[1:], len(group))[: len(starts)] - 1
    return group[starts], low[starts], reached[last] - shift[last]


def _as_lines(
    segments: Segments, segment: Ints, enter: Floats, leave: Floats, count: int
) -> Geometries:
    way = segments.end[segment] - segments.start[segment]
    ends = np.stack(
        [
            segments.start[segment] + enter[:, None] * way,
            segments.start[segment] + leave[:, None] * way,
        ],
        axis=1,
    )
    lines = lines_through(ends.reshape(-1, 2), np.repeat(np.arange(len(segment)), 2))
    result = np.full(count, shapely.MultiLineString(), dtype=object)
    owners, number = np.unique(segments.owner[segment], return_inverse=True)
    if len(segment):
        result[owners] = shapely.multilinestrings(lines, indices=number)
    return result


def has_length(lines: Geometries) -> Bools:
    """Tell which multi-lines are not empty."""
    present: Bools = ~shapely.is_empty(lines)
    return present
