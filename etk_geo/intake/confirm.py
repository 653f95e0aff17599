"""The user's choice applied: a frame in WGS 84 with its provenance.

The only place where raw coordinates become positions.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from etk_geo.crs import CRS_STORE
from etk_geo.errors import IntakeError
from etk_geo.intake.attributes import AttributeMap, apply_map, map_attributes
from etk_geo.intake.candidates import NEAR_BOUNDS, AnyReading, Candidate, meets
from etk_geo.intake.cell_types import typed
from etk_geo.intake.datums import LocalShift, apply_local_shift
from etk_geo.intake.formats import FileFormat
from etk_geo.intake.problems import MOST_LISTED
from etk_geo.intake.raw_layer import Geometries, Origin, RawLayer
from etk_geo.intake.readings import Reading, Unit
from etk_geo.intake.understanding import Understanding
from etk_geo.model import REGION_BOUNDS, Issue, LonLatBounds

METRES_PER_DEGREE = 111_320.0
"""Of latitude, and of longitude at the equator: an upper bound for both here."""
SECONDS = 10_000.0
"""A packed angle counts ten-thousandths of a degree as seconds."""


@dataclass(frozen=True)
class Choice:
    """What the user confirms.

    Parameters
    ----------
    candidate_id
        Of ``Understanding.candidates``.
    mapping
        Columns for the project's fields; ``None`` for the proposed ones.
    accuracy_m
        Metres, where the user knows how good the coordinates are; a column of the file has
        precedence.
    local_shift
        In place of the built-in datum transformation, where the user has local parameters.
    closed_lines_are_areas
        Whether closed lines (CAD) are parcels.
    """

    candidate_id: str
    mapping: AttributeMap | None = None
    accuracy_m: float | None = None
    local_shift: LocalShift | None = None
    closed_lines_are_areas: bool = False


@dataclass(frozen=True)
class IntakeProvenance:
    """How a taken frame came about, for its record.

    ``transformation_accuracy_m`` bounds what the transformation adds; ``resolution_m`` is what
    rounding of the written numbers may hide (``None`` for binary formats); ``least_accuracy_m`` is
    the best that can be claimed for the positions, whatever their survey was.
    """

    origin: Origin
    reading: str
    declared: str
    suggested: bool
    transformation: str
    transformation_accuracy_m: float
    resolution_m: float | None
    stated_accuracy_m: float | None
    encoding: str
    columns: dict[str, str] = field(default_factory=dict)

    @property
    def least_accuracy_m(self) -> float:
        """Transformation and rounding together, metres."""
        return self.transformation_accuracy_m + (self.resolution_m or 0.0)


@dataclass(frozen=True)
class Taken:
    """A layer taken in.

    ``frame`` is in EPSG:4326 with ``attributes.FIELDS``, the file's other columns and ``geometry``
    (2D; ``None`` where a feature has no position); ``labels`` name its rows.
    """

    frame: gpd.GeoDataFrame
    labels: tuple[str, ...]
    provenance: IntakeProvenance
    issues: tuple[Issue, ...]


def confirm(raw: RawLayer, understanding: Understanding, choice: Choice) -> Taken:
    """Take a layer in under the reading that the user chose.

    Parameters
    ----------
    raw
        The layer. Not changed.
    understanding
        Of this layer.
    choice
        What the user confirmed.

    Returns
    -------
    taken
        Same number and order of rows. A feature that lies wholly outside the region, or whose
        coordinates are not numbers, has no geometry and an error in ``issues``; one that lies in
        the region but not near the banner has a warning.

    Raises
    ------
    IntakeError
        ETK823 the candidate was not offered.
    """
    candidate = understanding.candidate(choice.candidate_id)
    if candidate is None or raw.geometry is None:
        offered = ", ".join(c.id for c in understanding.candidates)
        raise IntakeError(
            "ETK823", file=raw.origin.upload, choice=choice.candidate_id, offered=offered
        )
    geometry = _as_areas(raw.geometry) if choice.closed_lines_are_areas else raw.geometry
    issues = list(raw.issues)
    if _has_heights(geometry):
        issues.append(Issue(raw.origin.upload, "", "ETK843"))
    moved = _moved(geometry, candidate.reading, choice.local_shift)
    moved, misplaced = _withhold_misplaced(raw, moved)
    mapping = choice.mapping or map_attributes([str(c) for c in raw.attributes.columns])
    is_text = raw.origin.format in (FileFormat.CSV, FileFormat.XLSX)
    attributes = typed(raw.attributes) if is_text else raw.attributes
    table, unread = apply_map(attributes, mapping, raw.labels, raw.origin.upload)
    provenance = _provenance(raw, candidate, understanding, choice, mapping)
    table["accuracy_m"] = _accuracy(table["accuracy_m"], choice.accuracy_m, provenance)
    frame = gpd.GeoDataFrame(table, geometry=moved, crs=CRS_STORE)
    return Taken(frame, raw.labels, provenance, (*issues, *misplaced, *unread))


def _has_heights(geometry: Geometries) -> bool:
    """Tell whether any height is stated; KML is written with zeros where none is known."""
    tall = geometry[shapely.has_z(geometry)]
    heights = shapely.get_coordinates(tall, include_z=True)[:, 2:]
    return bool(np.nan_to_num(heights).any())


def _as_areas(geometry: Geometries) -> Geometries:
    """Return closed lines as polygons, everything else as it is."""
    closed = (shapely.get_type_id(geometry) == 1) & shapely.is_closed(geometry)
    closed &= shapely.get_num_coordinates(geometry) >= 4
    result = geometry.copy()
    result[closed] = [shapely.Polygon(shapely.get_coordinates(line)) for line in geometry[closed]]
    return result


def count_closed_lines(raw: RawLayer) -> int:
    """Return how many lines of a layer are closed and could be areas."""
    if raw.geometry is None:
        return 0
    closed = (shapely.get_type_id(raw.geometry) == 1) & shapely.is_closed(raw.geometry)
    return int((closed & (shapely.get_num_coordinates(raw.geometry) >= 4)).sum())


def _moved(geometry: Geometries, reading: AnyReading, shift: LocalShift | None) -> Geometries:
    def move(xy: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        x, y = xy[:, 0], xy[:, 1]
        if shift is not None and isinstance(reading, Reading):
            # The user's shift takes the place of ours.
            return np.column_stack(apply_local_shift(shift, *reading.to_own_lonlat(x, y)))
        return np.column_stack(reading.to_lonlat(x, y))

    # Coordinates that are no numbers are named afterwards, not warned of here.
    with np.errstate(invalid="ignore"):
        moved: Geometries = shapely.transform(geometry, move)  # leaves heights out
    return moved


def _withhold_misplaced(raw: RawLayer, moved: Geometries) -> tuple[Geometries, list[Issue]]:
    """Return the geometries with those that cannot be right taken out, and what was noticed."""
    boxes = shapely.bounds(moved)
    held = ~shapely.is_missing(moved) & ~shapely.is_empty(moved)
    coordinates, owners = shapely.get_coordinates(moved, return_index=True)
    broken = np.zeros(len(moved), dtype=bool)
    broken[owners[~np.isfinite(coordinates).all(axis=1)]] = True
    outside = held & ~broken & ~meets(boxes, REGION_BOUNDS)
    partly = held & ~broken & ~outside & ~_within(boxes, REGION_BOUNDS)
    away = held & ~broken & ~outside & ~partly & ~meets(boxes, NEAR_BOUNDS)
    issues = []
    for code, found in (
        ("ETK838", broken), ("ETK840", outside), ("ETK861", partly), ("ETK871", away),
    ):  # fmt: skip
        rows = np.flatnonzero(found)
        for row in rows[:MOST_LISTED]:
            detail = {"lon": f"{boxes[row, 0]:.5f}", "lat": f"{boxes[row, 1]:.5f}"}
            issues.append(Issue(raw.origin.upload, raw.labels[row], code, detail))
        if len(rows) > MOST_LISTED:
            detail = {"code": code, "count": str(len(rows) - MOST_LISTED)}
            issues.append(Issue(raw.origin.upload, "", "ETK863", detail))
    kept = moved.copy()
    kept[broken | outside] = None
    return kept, issues


def _within(boxes: npt.NDArray[np.float64], box: LonLatBounds) -> npt.NDArray[np.bool_]:
    with np.errstate(invalid="ignore"):
        within: npt.NDArray[np.bool_] = (
            (boxes[:, 0] >= box.west) & (boxes[:, 2] <= box.east)
            & (boxes[:, 1] >= box.south) & (boxes[:, 3] <= box.north)
        )  # fmt: skip
    return within


def _resolution_m(raw: RawLayer, reading: AnyReading) -> float | None:
    """Return in metres what rounding of the written numbers may hide."""
    if raw.resolution is None:
        return None
    if not isinstance(reading, Reading):
        return raw.resolution
    per_unit = {
        Unit.DEGREE: METRES_PER_DEGREE,
        # The fourth decimal of a packed angle is a second.
        Unit.PACKED_DMS: SECONDS * METRES_PER_DEGREE / 3600,
        Unit.METRE: 1.0,
        Unit.KILOMETRE: 1000.0,
        Unit.MILLIMETRE: 0.001,
    }[reading.unit if not reading.projection.is_geographic else _angular(reading)]
    return raw.resolution * per_unit


def _angular(reading: Reading) -> Unit:
    return Unit.PACKED_DMS if reading.unit is Unit.PACKED_DMS else Unit.DEGREE


def _provenance(
    raw: RawLayer,
    candidate: Candidate,
    understanding: Understanding,
    choice: Choice,
    mapping: AttributeMap,
) -> IntakeProvenance:
    shift = choice.local_shift
    name, accuracy_m = candidate.shift.name, candidate.shift.accuracy_m
    if shift is not None:
        name = f"+{shift.north_m:g} m N, +{shift.east_m:g} m E ({shift.source})"
        accuracy_m = shift.accuracy_m
    return IntakeProvenance(
        origin=raw.origin,
        reading=candidate.id,
        declared=raw.declaration.said,
        suggested=candidate is understanding.suggested,
        transformation=name,
        transformation_accuracy_m=accuracy_m,
        resolution_m=_resolution_m(raw, candidate.reading),
        stated_accuracy_m=choice.accuracy_m,
        encoding=raw.encoding,
        columns=dict(mapping.columns),
    )


def _accuracy(
    column: pd.Series[Any], stated_m: float | None, provenance: IntakeProvenance
) -> pd.Series[Any]:
    """Return per feature what was stated, not better than the rounding, plus the transformation."""
    accuracy = column.fillna(np.nan if stated_m is None else stated_m)
    least = provenance.resolution_m or 0.0
    return accuracy.clip(lower=least) + provenance.transformation_accuracy_m
