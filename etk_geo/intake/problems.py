"""What is wrong with the geometries of a frame, where, and what a repair would do to their areas.

Nothing is repaired unless :func:`apply_repairs` is told to.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely
from shapely import MultiLineString, MultiPoint, MultiPolygon
from shapely.geometry.base import BaseGeometry

from etk_geo.crs import require_store_crs
from etk_geo.intake.labels import require_labels
from etk_geo.measure import area_m2
from etk_geo.model import Issue, LonLat

MOST_LISTED = 1000
"""Issues of one kind beyond this are counted, not listed."""
_PLACE = re.compile(r"^(?P<reason>[^\[]*)\[(?P<lon>\S+) (?P<lat>[^\] ]+)[^\]]*\]$")


@dataclass(frozen=True)
class Repair:
    """What repairing one feature would change; areas in square metres on the ellipsoid.

    ``row`` is the feature's position in the frame, ``position`` where the fault is.
    """

    row: int
    label: str
    reason: str
    position: LonLat
    before_m2: float
    after_m2: float
    geometry: BaseGeometry


def list_problems(frame: gpd.GeoDataFrame, labels: Sequence[str], file: str) -> list[Issue]:
    """List the problems of every feature.

    Parameters
    ----------
    frame
        Any geometry, EPSG:4326. Not changed.
    labels
        What to call each row.
    file
        Named in the issues.

    Returns
    -------
    issues
        ETK837 no position, ETK839 invalid (reason and position), ETK842 an area of nothing, ETK844
        the same geometry twice, ETK862 mixed types in one; ETK863 counts those not listed.

    Raises
    ------
    CrsError
        If the frame is not in EPSG:4326.
    """
    require_store_crs(frame)
    require_labels(frame, labels)
    geometry = frame.geometry.to_numpy()
    missing = shapely.is_missing(geometry) | shapely.is_empty(geometry)
    invalid = ~missing & ~shapely.is_valid(geometry)
    polygonal = np.isin(shapely.get_type_id(geometry), (3, 6))
    nothing = ~missing & ~invalid & polygonal & (shapely.area(geometry) == 0)
    mixed = shapely.get_type_id(geometry) == 7
    issues = _listed("ETK837", missing, labels, file)
    issues += _listed("ETK839", invalid, labels, file, geometry)
    issues += _listed("ETK842", nothing, labels, file)
    issues += _listed("ETK844", _repeated(geometry, ~missing), labels, file)
    issues += _listed("ETK862", mixed, labels, file)
    return issues


def _listed(
    code: str,
    found: npt.NDArray[np.bool_],
    labels: Sequence[str],
    file: str,
    geometry: npt.NDArray[Any] | None = None,
) -> list[Issue]:
    rows = np.flatnonzero(found)
    issues = []
    for row in rows[:MOST_LISTED]:
        detail = {} if geometry is None else _explained(geometry[row])
        issues.append(Issue(file, labels[row], code, detail))
    if len(rows) > MOST_LISTED:
        detail = {"code": code, "count": str(len(rows) - MOST_LISTED)}
        issues.append(Issue(file, "", "ETK863", detail))
    return issues


def _explained(geometry: BaseGeometry) -> dict[str, str]:
    reason, position = explain(geometry)
    return {"reason": reason, "lon": f"{position.lon:.6f}", "lat": f"{position.lat:.6f}"}


def explain(geometry: BaseGeometry) -> tuple[str, LonLat]:
    """Return in GEOS's words why a geometry is invalid, and where."""
    text = str(shapely.is_valid_reason(geometry))
    match = _PLACE.match(text)
    if match:
        return match["reason"].strip(), LonLat(float(match["lon"]), float(match["lat"]))
    x, y = shapely.get_coordinates(geometry)[0]
    return text, LonLat(float(x), float(y))


def _repeated(geometry: npt.NDArray[Any], held: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Mark every geometry that is byte for byte one that came before."""
    seen: set[bytes] = set()
    repeated = np.zeros(len(geometry), dtype=bool)
    rows = np.flatnonzero(held)
    for row, wkb in zip(rows, shapely.to_wkb(geometry[rows]), strict=True):
        repeated[row] = wkb in seen
        seen.add(wkb)
    return repeated


def offer_repairs(frame: gpd.GeoDataFrame, labels: Sequence[str]) -> list[Repair]:
    """Return what ``make_valid`` would make of every invalid feature.

    Parts of a lower dimension that a repair leaves over (a line from a spike of an area) are
    dropped. Inputs are not changed. Areas of lines and points are 0.

    Raises
    ------
    CrsError
        If the frame is not in EPSG:4326.
    """
    require_store_crs(frame)
    require_labels(frame, labels)
    geometry = frame.geometry.to_numpy()
    held = ~shapely.is_missing(geometry) & ~shapely.is_empty(geometry)
    repairs = []
    for row in np.flatnonzero(held & ~shapely.is_valid(geometry)):
        old = geometry[row]
        new = _same_dimension(shapely.make_valid(old), shapely.get_dimensions(old))
        reason, position = explain(old)
        repairs.append(
            Repair(int(row), labels[int(row)], reason, position, area_m2(old), area_m2(new), new)
        )
    return repairs


def _same_dimension(geometry: BaseGeometry, dimension: int) -> BaseGeometry:
    if shapely.get_type_id(geometry) != 7:
        return geometry
    parts = [p for p in shapely.get_parts(geometry) if shapely.get_dimensions(p) == dimension]
    if not parts:
        return geometry
    pieces: list[Any] = list(shapely.get_parts(np.asarray(parts, dtype=object)))
    if len(pieces) == 1:
        return shapely.union_all(pieces)
    return (MultiPoint, MultiLineString, MultiPolygon)[dimension](pieces)


def apply_repairs(
    frame: gpd.GeoDataFrame, repairs: Sequence[Repair], accepted: Collection[int]
) -> gpd.GeoDataFrame:
    """Return a copy of the frame with the repairs of the accepted rows."""
    geometry = frame.geometry.to_numpy().copy()
    for repair in repairs:
        if repair.row in accepted:
            geometry[repair.row] = repair.geometry
    return frame.set_geometry(gpd.GeoSeries(geometry, index=frame.index, crs=frame.crs))
