"""Verdicts and figures of all pairs of project and zone, as arrays: projects by zones.

Puts together what the geometric engine decides, what cannot be checked at all, and what lies
beyond the area that a layer covers. Knows nothing of what follows from a verdict.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from etk_geo.model import Issue, LonLatBounds
from etk_geo.screening.arrays import Geometries
from etk_geo.screening.group_law import Geometry, GroupLaw
from etk_geo.screening.judgement import REASONS
from etk_geo.screening.relation import Relations, measure_relations, prepare_projects
from etk_geo.screening.verdict import Reason, Verdict
from etk_geo.screening.zones import Barrier, ZoneSet

Texts = npt.NDArray[np.object_]
Numbers = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int8]
Rows = npt.NDArray[np.intp]
GroupKey = tuple[str, date]
"""Category and day: what decides which rules apply to a project."""
Progress = Callable[[int, int], None]
"""Called with how many of how many projects are done."""

FIGURES = (
    "overlap_least_m2",
    "overlap_most_m2",
    "length_least_m",
    "length_most_m",
    "share_least",
    "share_most",
    "distance_least_m",
    "distance_most_m",
    "needs_m",
)
"""Figures of a pair; NaN where they do not exist or nothing is known of them."""

VERDICTS = tuple(str(verdict) for verdict in Verdict)
REASON_TEXTS = np.array([str(reason) for reason in REASONS], dtype=object)
INSIDE, OVERLAPS, WITHIN, CLEAR, INDETERMINATE, NOT_CHECKED = range(len(VERDICTS))

CHUNK = 500
"""Projects measured between two calls of the progress callback; changes no result."""

METRES_PER_DEGREE = 111_000.0
"""A little less than a degree of latitude; with the cosine of 41 degrees, north of the banner, for
longitude, so that a margin in metres is never made too small."""


@dataclass(frozen=True)
class Pairs:
    """All pairs, projects by zones.

    ``verdict`` has codes into ``VERDICTS``. ``reach_m`` is how far rules reach, 0 where a zone is
    barred; ``error_m``, of each project, its accuracy and extent as far as they are known.
    ``repaired`` marks pairs of which a geometry was
    repaired, ``issues`` say how, and what else was wrong with the geometry of projects and zones.
    """

    verdict: Codes
    reason: Texts
    reach_m: Numbers
    error_m: Numbers
    figures: Mapping[str, Numbers]
    rests_on_default: npt.NDArray[np.bool_]
    repaired: npt.NDArray[np.bool_]
    issues: tuple[Issue, ...]


def law_groups(projects: gpd.GeoDataFrame, days: list[date]) -> dict[GroupKey, Rows]:
    """Return the row numbers of the projects that share category and law."""
    categories = projects["category"].to_numpy(dtype=object)
    rows: dict[GroupKey, list[int]] = {}
    for number, key in enumerate(zip(categories, days, strict=True)):
        rows.setdefault(key, []).append(number)
    return {key: np.asarray(numbers) for key, numbers in rows.items()}


def relate_all(
    projects: gpd.GeoDataFrame,
    zones: ZoneSet,
    groups: Mapping[GroupKey, Rows],
    laws: Mapping[GroupKey, GroupLaw],
    progress: Progress | None,
) -> Pairs:
    """Decide every pair by geometry, and say of the others why it cannot be.

    ``laws`` gives the rules of each group of projects on each zone; their farthest distance decides
    what counts as near. ``projects`` are sorted by id.
    """
    shape = (len(projects), len(zones.zones))
    known = prepare_projects(projects)
    pairs = Pairs(
        verdict=np.full(shape, NOT_CHECKED, dtype=np.int8),
        reason=np.tile(zones.barriers, (shape[0], 1)),
        reach_m=np.zeros(shape),
        error_m=_known_or_0(known.accuracy_m) + _known_or_0(known.extent_m),
        figures={name: np.full(shape, math.nan) for name in FIGURES},
        rests_on_default=np.zeros(shape, dtype=bool),
        repaired=np.zeros(shape, dtype=bool),
        issues=(*known.issues, *zones.prepared.issues),
    )
    for key, rows in groups.items():
        pairs.reach_m[rows] = laws[key].reach_m
    at = zones.checkable
    for part in _chunks(len(projects) if len(at) else 0):
        reach = pairs.reach_m[part, at]
        relations = measure_relations(known.take(part), zones.prepared, reach_m=reach)
        _fill(pairs, relations, reach, part, at)
        if progress is not None:
            progress(part.stop, len(projects))
    pairs.repaired[:, at] = known.repaired[:, None] | zones.prepared.features.repaired[None, :]
    for key, rows in groups.items():
        at_zone = np.ix_(rows, laws[key].superseded)
        pairs.verdict[at_zone] = NOT_CHECKED
        pairs.reason[at_zone] = str(Barrier.SUPERSEDED)
    return pairs


def _known_or_0(metres: Numbers) -> Numbers:
    return np.where(np.isnan(metres), 0.0, metres)


def _chunks(count: int) -> Iterator[slice]:
    for start in range(0, count, CHUNK):
        yield slice(start, min(start + CHUNK, count))


def _fill(pairs: Pairs, relations: Relations, reach_m: Numbers, rows: slice, at: Rows) -> None:
    """Put what the engine says of some projects and all zones that can be checked into its place.

    Both are sorted by id, here and in the engine.
    """
    judged = relations.judgement(reach_m)
    most = judged.distance_most_m
    found = {
        **relations.figures(),
        "distance_least_m": judged.distance_least_m,
        "distance_most_m": np.where(np.isinf(most), math.nan, most),
        "needs_m": judged.needs_m,
    }
    pairs.verdict[rows, at] = judged.verdict
    pairs.reason[rows, at] = REASON_TEXTS[judged.reason]
    for name in FIGURES:
        pairs.figures[name][rows, at] = found[name]
    pairs.rests_on_default[rows, at] = judged.rests_on_default


def bar_outside(
    pairs: Pairs, projects: gpd.GeoDataFrame, zones: ZoneSet, coverage: LonLatBounds | None
) -> None:
    """Take back CLEAR where a project, or a rule's distance around it, may leave what is covered.

    Within ``reach_m`` of where the project may be, a layer must be complete: beyond what it covers,
    a zone may go on.
    """
    everywhere = None if coverage is None else shapely.box(*coverage)
    areas = np.full(len(zones.zones), everywhere, dtype=object)
    for number in zones.checkable:
        areas[number] = zones.coverage.get(zones.zones[number].layer, everywhere)
    limited = np.array([area is not None for area in areas], dtype=bool)
    row, column = np.nonzero((pairs.verdict == CLEAR) & limited)
    if not len(row):
        return
    further_m = pairs.error_m[row] + pairs.reach_m[row, column]
    shapes = np.asarray(projects.geometry)[row]
    outside = ~_surely_inside(areas[column], shapes, further_m)
    pairs.verdict[row[outside], column[outside]] = NOT_CHECKED
    pairs.reason[row[outside], column[outside]] = str(Barrier.OUTSIDE_COVERAGE)


def bar_out_of_date(pairs: Pairs, zones: ZoneSet, as_of: date) -> None:
    """Take back every verdict on official layers that are not in force on the day."""
    for number, zone in enumerate(zones.zones):
        layer = zones.official.get(zone.layer)
        if layer is None or zone.barrier is not Barrier.NONE or layer.valid(as_of):
            continue
        pairs.verdict[:, number] = NOT_CHECKED
        pairs.reason[:, number] = str(Barrier.NOT_IN_FORCE)
        for values in pairs.figures.values():
            values[:, number] = math.nan


def _surely_inside(
    areas: Geometries, shapes: Geometries, further_m: Numbers
) -> npt.NDArray[np.bool_]:
    """Tell which shapes (degrees) an area covers with some metres more around them.

    By their boxes, else by their shape.
    """
    lat = further_m / METRES_PER_DEGREE
    lon = lat / math.cos(math.radians(41.0))
    outward = np.column_stack([-lon, -lat, lon, lat])
    boxes = shapely.box(*(shapely.bounds(shapes) + outward).T)
    inside: npt.NDArray[np.bool_] = shapely.covers(areas, boxes)
    rest = np.flatnonzero(~inside)
    if len(rest):
        away = shapely.distance(shapely.boundary(areas[rest]), shapes[rest])
        inside[rest] = shapely.covers(areas[rest], shapes[rest]) & (away >= lon[rest])
    return inside


def known_geometry(pairs: Pairs, rows: Rows, zones: Rows) -> Geometry:
    """Return what the rules need to know of some of the zones and projects."""
    at = rows[:, None], zones
    verdict, least = pairs.verdict[at], pairs.figures["distance_least_m"][at]
    apart = (verdict == CLEAR) | (verdict == WITHIN) | (least > 0)
    return Geometry(
        checked=verdict != NOT_CHECKED,
        inside=verdict <= OVERLAPS,
        apart=apart | (pairs.reason[at] == str(Reason.REACH_UNDECIDED)),
        least_m=least,
        most_m=pairs.figures["distance_most_m"][at],
    )
