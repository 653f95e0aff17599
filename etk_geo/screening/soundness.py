"""Geometry that can be screened: refused or repaired in words, never silently.

What is refused comes back without geometry and with an issue of severity error; what is changed
(a third dimension dropped, an invalid polygon repaired) comes back with a warning that says by how
much. ``shapely.relate`` is not used: on data from outside it can end the process.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from etk_geo.crs import to_metric
from etk_geo.model import REGION_BOUNDS, Issue
from etk_geo.screening.arrays import Bools, Floats, Geometries, Strings, as_geometries, simple_parts
from etk_geo.screening.ellipsoid import polygon_areas

SCREENABLE = ("Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon")

NOT_FINITE = "ETK641"
EMPTY = "ETK642"
DIMENSION_DROPPED = "ETK643"
NOT_SCREENABLE = "ETK644"
ACROSS_ANTIMERIDIAN = "ETK645"
OUTSIDE_REGION = "ETK646"
AXES_SWAPPED = "ETK647"
COLLAPSED = "ETK648"
REPAIRED = "ETK649"
BEYOND_REPAIR = "ETK650"

MAX_SPAN_DEGREES = 180.0


@dataclass(frozen=True)
class Sound:
    """Geometries that can be screened, and what was wrong.

    ``geoms`` are in EPSG:4545 metres; ``None`` where there was none or it is refused. ``refused``
    tells the two apart. ``repaired`` marks those whose area may have changed.
    """

    geoms: Geometries
    refused: Bools
    repaired: Bools
    issues: tuple[Issue, ...]


def sound_geometry(geom: BaseGeometry | None, where: str = "") -> Sound:
    """Check one geometry in WGS 84 degrees; see :func:`sound_geometries`."""
    return sound_geometries(as_geometries([geom]), np.array([where], dtype=object))


def sound_geometries(geoms: Geometries, where: Strings, *, metric: bool = False) -> Sound:
    """Check geometries and project them to EPSG:4545.

    Non-finite coordinates are refused before anything else looks at the geometry.

    Parameters
    ----------
    geoms
        Of any type, WGS 84 degrees (EPSG:4545 metres if ``metric``), or ``None``. Not changed.
    where
        The id of each, for the issues.
    metric
        Whether the coordinates are EPSG:4545 metres already.

    Returns
    -------
    sound
        In the order of ``geoms``. Points, lines and polygons, single or multi, in two dimensions,
        valid, within the region.
    """
    docket = _Docket(geoms.copy(), where)
    geoms, issues, refused, refuse = docket.geoms, docket.issues, docket.refused, docket.refuse
    refuse(_not_finite(geoms), NOT_FINITE)
    present = geoms != np.array(None)
    names = [geom.geom_type if geom is not None else "" for geom in geoms]
    refuse(present & ~np.isin(names, SCREENABLE), NOT_SCREENABLE, found=names)
    refuse(shapely.is_empty(geoms) & ~refused, EMPTY)
    deep = shapely.has_z(geoms) | shapely.has_m(geoms)
    issues.extend(Issue("", where[row], DIMENSION_DROPPED) for row in np.flatnonzero(deep))
    geoms[deep] = shapely.force_2d(geoms[deep])
    if not metric:
        _refuse_misplaced(docket)
        present = geoms != np.array(None)
        geoms[present] = to_metric(geoms[present])
    else:
        corners = shapely.bounds(geoms)
        west, east = _REGION_METRIC[0] > corners[:, 0], _REGION_METRIC[2] < corners[:, 2]
        south, north = _REGION_METRIC[1] > corners[:, 1], _REGION_METRIC[3] < corners[:, 3]
        outside = west | east | south | north
        refuse(outside, OUTSIDE_REGION, found=_corner_words(corners, outside))
    repaired = _repair(docket)
    order = {name: row for row, name in reversed(list(enumerate(where)))}
    issues.sort(key=lambda issue: (order[issue.where], issue.code))
    return Sound(geoms, refused, repaired, tuple(issues))


_REGION_METRIC = shapely.bounds(to_metric(shapely.segmentize(shapely.box(*REGION_BOUNDS), 0.5)))


class _Docket:
    """Geometries under examination, and what was found so far."""

    def __init__(self, geoms: Geometries, where: Strings) -> None:
        self.geoms = geoms
        self.where = where
        self.refused = np.zeros(len(geoms), dtype=bool)
        self.issues: list[Issue] = []

    def refuse(self, rows: Bools, code: str, **detail: Sequence[str] | Strings) -> None:
        """Take geometries out, saying why; ``detail`` has one value for each geometry."""
        for row in np.flatnonzero(rows & ~self.refused):
            words = {name: values[int(row)] for name, values in detail.items()}
            self.issues.append(Issue("", self.where[row], code, words))
        self.refused[rows] = True
        self.geoms[rows] = None


def _not_finite(geoms: Geometries) -> Bools:
    xyz, owner = shapely.get_coordinates(geoms, include_z=True, return_index=True)
    has_z = shapely.has_z(geoms)
    finite = np.isfinite(xyz[:, :2]).all(axis=1) & (np.isfinite(xyz[:, 2]) | ~has_z[owner])
    bad = np.zeros(len(geoms), dtype=bool)
    bad[owner[~finite]] = True
    return bad


def _corner_words(corners: Floats, asked: Bools) -> Strings:
    words = np.full(len(corners), "", dtype=object)
    for row in np.flatnonzero(asked):
        left, bottom, right, top = corners[row]
        words[row] = f"{left:.6g}, {bottom:.6g} – {right:.6g}, {top:.6g}"
    return words


def _refuse_misplaced(docket: _Docket) -> None:
    geoms, refuse = docket.geoms, docket.refuse
    west, south, east, north = shapely.bounds(geoms).T
    box = REGION_BOUNDS
    wrapped = (east - west > MAX_SPAN_DEGREES) | (np.maximum(np.abs(west), np.abs(east)) > 180)
    outside = (west < box.west) | (east > box.east) | (south < box.south) | (north > box.north)
    found = _corner_words(shapely.bounds(geoms), outside)
    refuse(wrapped, ACROSS_ANTIMERIDIAN, found=found)
    swapped = (south >= box.west) & (north <= box.east) & (west >= box.south) & (east <= box.north)
    refuse(outside & swapped, AXES_SWAPPED, found=found)
    refuse(outside, OUTSIDE_REGION, found=found)


def _repair(docket: _Docket) -> Bools:
    """Make invalid geometries valid, in place, and say what that did to their area."""
    geoms = docket.geoms
    repaired = np.zeros(len(geoms), dtype=bool)
    present = geoms != np.array(None)
    for row in np.flatnonzero(present & ~shapely.is_valid(geoms)):
        reason = str(shapely.is_valid_reason(geoms[row])).split("[")[0]
        mended = _dimension_of(shapely.make_valid(geoms[row]), shapely.get_dimensions(geoms[row]))
        before, after = polygon_areas(as_geometries([geoms[row], mended]))[1]
        one = np.arange(len(geoms)) == row
        if mended.is_empty or (shapely.get_dimensions(mended) == 2 and after <= 0):
            docket.refuse(one, BEYOND_REPAIR, reason=[reason] * len(geoms))
            continue
        detail = {"reason": reason, "before": f"{before:.1f}", "after": f"{after:.1f}"}
        docket.issues.append(Issue("", docket.where[row], REPAIRED, detail))
        geoms[row] = mended
        repaired[row] = True
    lines = shapely.get_dimensions(geoms) == 1
    docket.refuse(lines & (shapely.length(geoms) <= 0), COLLAPSED)
    return repaired


def _dimension_of(geom: BaseGeometry, dimension: int) -> BaseGeometry:
    """Return the parts of a dimension, dissolved to one geometry of that dimension."""
    parts, _ = simple_parts(as_geometries([geom]))
    merged: BaseGeometry = shapely.union_all(parts[shapely.get_dimensions(parts) == dimension])
    return merged
