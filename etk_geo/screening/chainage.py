"""Where roads and railways enter and leave zones, as distances along the stated line.

Chainage is measured along the stated line from its first point, geodesic metres; the parts of a
multi-line follow one another in their order, and gaps between them count nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from etk_geo.screening.arrays import Floats, Ints, as_geometries, lines_through, simple_parts
from etk_geo.screening.ellipsoid import scale_range, segment_lengths
from etk_geo.screening.features import PROJECT, Features, read_features
from etk_geo.screening.overlay import intersections
from etk_geo.screening.prepared import PreparedZones
from etk_geo.screening.reaches import Segments, near_intervals, segments_of

JOIN_M = 1e-3
"""Stretches closer than this along the line are one."""

COLUMNS = (
    "project_id",
    "zone_id",
    "passage",
    "enter_m",
    "leave_m",
    "length_m",
    "enter_least_m",
    "enter_most_m",
    "leave_least_m",
    "leave_most_m",
    "sure",
)

Intervals = tuple[Floats, Floats]


def chainage(projects: gpd.GeoDataFrame | Features, zones: PreparedZones) -> pd.DataFrame:
    """List where each line enters and leaves each zone, and between which bounds it may.

    Parameters
    ----------
    projects
        Columns and CRS as :func:`etk_geo.screening.relation.relate` takes them. Only lines (bound
        exact, inner or position) have chainage; other projects give no rows.
    zones
        Prepared zones; only polygons can be entered.

    Returns
    -------
    passages
        One row per stretch of a line that lies, or may lie, in a zone; sorted by project, zone and
        place. ``enter_m``, ``leave_m``, ``length_m``: of the stated line in the stated zone, NaN
        where it only may enter. ``enter_least_m`` and ``leave_most_m``: from where to where it may
        be inside; ``enter_most_m`` and ``leave_least_m``: from where to where it surely is, NaN
        where nothing is sure. ``sure``: the real line surely enters. Metres along the stated line;
        no bound where the accuracy is not known: then the whole line may be inside.
    """
    known = projects if isinstance(projects, Features) else read_features(projects, PROJECT)
    lines = np.flatnonzero((known.barred == "") & (known.dimension == 1) & (known.bound != "outer"))
    features = zones.features
    areal = np.flatnonzero((features.barred == "") & (features.dimension == 2))
    rows = [
        (known.ids[line], features.ids[zone], number, *passage)
        for line in lines
        for zone in areal
        for number, passage in enumerate(_passages(known, int(line), zones, int(zone)), 1)
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def station(chainage_m: float) -> str:
    """Return a chainage as it is written on drawings: ``K12+345``.

    Parameters
    ----------
    chainage_m
        Metres from the beginning of the line; rounded to whole metres.
    """
    kilometres, metres = divmod(round(chainage_m), 1000)
    return f"K{kilometres}+{metres:03d}"


@dataclass(frozen=True)
class _Course:
    """The segments of one line and the chainage at which each begins and ends."""

    segments: Segments
    begin_m: Floats
    length_m: Floats

    def along(self, segment: Ints, enter: Floats, leave: Floats) -> Intervals:
        """Return intervals of segments as stretches of chainage, those that meet joined."""
        low = self.begin_m[segment] + enter * self.length_m[segment]
        high = self.begin_m[segment] + leave * self.length_m[segment]
        return join(low, high)


def _passages(
    projects: Features, line: int, zones: PreparedZones, zone: int
) -> list[tuple[float, float, float, float, float, float, float, bool]]:
    geom = projects.geoms[line]
    segments = segments_of(as_geometries([geom]))
    _, length = segment_lengths(segments.start, segments.end)
    course = _Course(segments, np.cumsum(length) - length, length)
    stated = course.along(*_inside_intervals(segments, zones, zone))
    features = zones.features
    left, _, right, _ = geom.bounds
    eggs = np.array([projects.core_m[line] + features.egg_m[zone]])
    cores = np.array([projects.core_m[line] + features.core_m[zone]])
    wide = np.where(np.isfinite(eggs), eggs, 0.0) * 1.01
    _, scale = scale_range(np.array([left]) - wide, np.array([right]) + wide)
    whole = np.zeros(1), np.array([length.sum()])
    gain, loss = (
        _near(course, zones, zone, float(reach[0] * scale[0]), whole) for reach in (eggs, cores)
    )
    possible = join(np.r_[stated[0], gain[0]], np.r_[stated[1], gain[1]])
    sure = without(stated, loss)
    return [_row(low, high, stated, sure) for low, high in zip(*possible, strict=True)]


def _near(
    course: _Course, zones: PreparedZones, zone: int, within_m: float, whole: Intervals
) -> Intervals:
    """Return what lies within a planar distance of the boundary: all of it where unbounded."""
    if not np.isfinite(within_m):
        return whole
    if within_m == 0:
        return np.empty(0), np.empty(0)
    reach = np.full(len(course.length_m), within_m)
    return course.along(*near_intervals(course.segments, zones, zone, reach))


def _inside_intervals(
    segments: Segments, zones: PreparedZones, zone: int
) -> tuple[Ints, Floats, Floats]:
    """Return which parts of segments lie in the closed zone, as fractions of them."""
    count = len(segments.start)
    ends = np.stack([segments.start, segments.end], axis=1).reshape(-1, 2)
    pieces_of = lines_through(ends, np.repeat(np.arange(count), 2))
    segment, piece = zones.piece_tree.query(pieces_of, predicate="intersects")
    kept = zones.pieces.zone[piece] == zone
    segment, piece = segment[kept], piece[kept]
    parts, owner = simple_parts(intersections(pieces_of[segment], zones.pieces.geoms[piece]))
    lines = shapely.get_type_id(parts) == 1
    parts, segment = parts[lines], segment[owner[lines]]
    way = segments.end[segment] - segments.start[segment]
    squared = np.maximum((way**2).sum(axis=1), 1e-30)
    first, last = (
        ((shapely.get_coordinates(shapely.get_point(parts, end)) - segments.start[segment]) * way)
        .sum(axis=1) / squared
        for end in (0, -1)
    )  # fmt: skip
    return segment, np.minimum(first, last), np.maximum(first, last)


def join(low: Floats, high: Floats) -> Intervals:
    """Join stretches that meet, in order."""
    order = np.argsort(low, kind="stable")
    low, high = low[order], high[order]
    reached = np.maximum.accumulate(high)
    begins = np.ones(len(low), dtype=bool)
    begins[1:] = low[1:] > reached[:-1] + JOIN_M
    starts = np.flatnonzero(begins)
    last = np.append(starts[1:], len(low))[: len(starts)] - 1
    return low[starts], reached[last]


def without(stretches: Intervals, taken: Intervals) -> Intervals:
    """Return what is left of stretches when others are taken out; both in order and apart."""
    low: list[float] = []
    high: list[float] = []
    for begin, end in zip(*stretches, strict=True):
        at = begin
        for first, last in zip(*taken, strict=True):
            if last <= at or first >= end:
                continue
            if first > at:
                low.append(at)
                high.append(first)
            at = max(at, last)
        if at < end:
            low.append(at)
            high.append(end)
    return np.array(low), np.array(high)


def _row(
    low: float, high: float, stated: Intervals, sure: Intervals
) -> tuple[float, float, float, float, float, float, float, bool]:
    """Describe one stretch that may be inside by what of it is stated and what is sure."""
    held = (stated[0] >= low - JOIN_M) & (stated[1] <= high + JOIN_M)
    certain = (sure[0] >= low - JOIN_M) & (sure[1] <= high + JOIN_M)
    enter, leave = _ends(stated, held)
    enter_most, leave_least = _ends(sure, certain)
    length = float((stated[1] - stated[0])[held].sum()) if held.any() else 0.0
    return enter, leave, length, low, enter_most, leave_least, high, bool(certain.any())


def _ends(stretches: Intervals, chosen: np.ndarray) -> tuple[float, float]:
    if not chosen.any():
        return np.nan, np.nan
    return float(stretches[0][chosen].min()), float(stretches[1][chosen].max())
