"""Verdicts and figures of all pairs of project and zone, as arrays: projects by zones.

Puts together what the geometric engine decides, what cannot be checked at all, and what lies
beyond the area that a layer covers. Knows nothing of what follows from a verdict.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from etk_geo.model import LonLatBounds
from etk_geo.screening.consequence import Geometry, ZoneLaw
from etk_geo.screening.relation import relate
from etk_geo.screening.verdict import Reason, Verdict
from etk_geo.screening.zones import Barrier, ZoneSet

Texts = npt.NDArray[np.object_]
Numbers = npt.NDArray[np.float64]
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

CHUNK = 500
"""Projects measured between two calls of the progress callback; changes no result."""

METRES_PER_DEGREE = 111_000.0
"""A little less than a degree of latitude; with the cosine of 41 degrees, north of the banner, for
longitude, so that a margin in metres is never made too small."""


@dataclass(frozen=True)
class Pairs:
    """Verdicts, reasons and figures of all pairs, projects by zones."""

    verdict: Texts
    reason: Texts
    figures: Mapping[str, Numbers]
    rests_on_default: npt.NDArray[np.bool_]


GroupKey = tuple[str, date]


def law_groups(
    projects: gpd.GeoDataFrame, days: list[date]
) -> dict[GroupKey, npt.NDArray[np.intp]]:
    """Return the row numbers of the projects that share category and law."""
    rows: dict[GroupKey, list[int]] = {}
    for number, key in enumerate(zip(projects["category"], days, strict=True)):
        rows.setdefault(key, []).append(number)
    return {key: np.asarray(numbers) for key, numbers in rows.items()}


def relate_all(
    projects: gpd.GeoDataFrame,
    zones: ZoneSet,
    groups: Mapping[GroupKey, npt.NDArray[np.intp]],
    laws: Mapping[tuple[GroupKey, str], ZoneLaw],
    progress: Progress | None,
) -> Pairs:
    """Decide every pair by geometry, and say of the others why it cannot be.

    ``laws`` gives the rules of each group of projects on each zone; their farthest distance decides
    what counts as near.
    """
    shape = (len(projects), len(zones.zones))
    verdict = np.full(shape, str(Verdict.NOT_CHECKED), dtype=object)
    reason = np.full(shape, "", dtype=object)
    figures = {name: np.full(shape, math.nan) for name in FIGURES}
    rests = np.zeros(shape, dtype=bool)
    located = projects.geometry.notna().to_numpy()
    column = {zone.id: number for number, zone in enumerate(zones.zones)}
    for number, zone in enumerate(zones.zones):
        if zone.barrier is not Barrier.NONE:
            reason[:, number] = str(zone.barrier)
        else:
            verdict[~located, number] = str(Verdict.INDETERMINATE)
            reason[~located, number] = str(Reason.PROJECT_WITHOUT_POSITION)
    rows = np.flatnonzero(located)
    reach = _reach(projects, zones, groups, laws)
    for start in range(0, len(rows) if len(zones.gdf) else 0, CHUNK):
        part = rows[start : start + CHUNK]
        frame = relate(projects.iloc[part], zones.prepared, reach_m=reach)
        row_of = dict(zip(projects["project_id"].iloc[part], part, strict=True))
        at = (
            frame["project_id"].map(row_of).to_numpy(),
            frame["zone_id"].map(column).to_numpy(),
        )
        verdict[at] = [str(value) for value in frame["verdict"]]
        reason[at] = [str(value) for value in frame["reason"]]
        for name in FIGURES:
            figures[name][at] = frame[name].to_numpy(dtype="float64")
        rests[at] = frame["rests_on_default"].to_numpy(dtype=bool)
        if progress is not None:
            progress(min(start + CHUNK, len(rows)), len(rows))
    for (key, zone_id), law in laws.items():
        if law.superseded:
            at_zone = np.ix_(groups[key], [column[zone_id]])
            verdict[at_zone] = str(Verdict.NOT_CHECKED)
            reason[at_zone] = str(Barrier.SUPERSEDED)
    return Pairs(verdict, reason, figures, rests)


def _reach(
    projects: gpd.GeoDataFrame,
    zones: ZoneSet,
    groups: Mapping[GroupKey, npt.NDArray[np.intp]],
    laws: Mapping[tuple[GroupKey, str], ZoneLaw],
) -> dict[tuple[str, str], float]:
    """Return how far rules reach for each pair that has one with a distance."""
    names = projects["project_id"].to_numpy()
    return {
        (project_id, zone.id): laws[key, zone.id].reach_m
        for key, rows in groups.items()
        for zone in zones.zones
        if zone.barrier is Barrier.NONE and laws[key, zone.id].reach_m > 0
        for project_id in names[rows]
    }


def bar_outside(
    pairs: Pairs, projects: gpd.GeoDataFrame, zones: ZoneSet, coverage: LonLatBounds | None
) -> None:
    """Take back CLEAR where a project may reach beyond what the layer covers."""
    boxes = _boxes(projects)
    everywhere = None if coverage is None else shapely.box(*coverage)
    inside: dict[str, npt.NDArray[np.bool_]] = {}
    for number, zone in enumerate(zones.zones):
        area = zones.coverage.get(zone.layer, everywhere)
        if area is None or zone.barrier is not Barrier.NONE:
            continue
        if zone.layer not in inside:
            shapely.prepare(area)
            inside[zone.layer] = shapely.covers(area, boxes)
        barred = (pairs.verdict[:, number] == str(Verdict.CLEAR)) & ~inside[zone.layer]
        pairs.verdict[barred, number] = str(Verdict.NOT_CHECKED)
        pairs.reason[barred, number] = str(Barrier.OUTSIDE_COVERAGE)


def _boxes(projects: gpd.GeoDataFrame) -> Texts:
    """Return a box in degrees around each place where a project may be."""
    bounds = projects.geometry.bounds.to_numpy()
    reach = projects["accuracy_m"].fillna(0) + projects["extent_m"].fillna(0)
    lat = reach.to_numpy() / METRES_PER_DEGREE
    lon = lat / math.cos(math.radians(41.0))
    boxes: Texts = shapely.box(
        bounds[:, 0] - lon, bounds[:, 1] - lat, bounds[:, 2] + lon, bounds[:, 3] + lat
    )
    return boxes


def known_geometry(pairs: Pairs, rows: npt.NDArray[np.intp], number: int) -> Geometry:
    """Return what the rules need to know of one zone and some of the projects."""
    verdict = pairs.verdict[rows, number]
    least = pairs.figures["distance_least_m"][rows, number]
    apart = np.isin(verdict, [str(Verdict.CLEAR), str(Verdict.WITHIN)])
    apart |= pairs.reason[rows, number] == str(Reason.REACH_UNDECIDED)
    return Geometry(
        checked=verdict != str(Verdict.NOT_CHECKED),
        inside=np.isin(verdict, [str(Verdict.INSIDE), str(Verdict.OVERLAPS)]),
        apart=apart | (least > 0),
        least_m=least,
        most_m=pairs.figures["distance_most_m"][rows, number],
    )
