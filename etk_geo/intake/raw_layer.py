"""A layer as it was read: coordinates still without a reference system, and what the file says.

The value between reading (``upload.py``, ``pasted.py``) and understanding.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from etk_geo.errors import IntakeError
from etk_geo.intake.angles import parse_angle
from etk_geo.intake.columns import CoordinateColumns, find_columns
from etk_geo.intake.declarations import Declaration, from_words
from etk_geo.intake.encodings import EncodingFinding
from etk_geo.intake.formats import FileFormat
from etk_geo.intake.numerals import half_last_digit, parse_number
from etk_geo.model import Issue

Geometries = npt.NDArray[Any]


@dataclass(frozen=True)
class Origin:
    """Which file of which upload a layer comes from; ``sha256`` is the uploaded file's."""

    upload: str
    source: str
    layer: str
    format: FileFormat
    sha256: str


@dataclass(frozen=True)
class VertexGrouping:
    """How rows of a table are corners: of what, in which order, of which ring.

    ``group`` is the column that names the plot or line, empty where all rows are one; ``order``
    that of point numbers and ``ring`` that of rings, empty where there is none.
    """

    group: str
    order: str = ""
    ring: str = ""
    shape: Literal["polygon", "line"] = "polygon"


@dataclass(frozen=True)
class RawLayer:
    """Rows with raw geometry.

    Parameters
    ----------
    origin
        Where it was read.
    attributes
        One row per feature, index 0..n-1, columns as the file has them.
    geometry
        One shapely geometry or ``None`` per row; x and y are the first and second number as read.
        ``None`` altogether for a table whose coordinate columns are not chosen yet.
    labels
        What to call each row: ``row 7`` of a table, the number of a feature.
    declaration
        What the file says of its coordinate system.
    columns
        For a table: the choices of coordinate columns, likeliest first.
    resolution
        Half of the last digit written, in the coordinates' unit; ``None`` for binary formats.
    angles_marked
        Whether any coordinate was written with marks of degrees, minutes, seconds.
    encoding, encodings
        In which encoding texts were read, and what else they can be in; empty where none is open.
    vertices
        Ways in which the rows of a table may be corners of plots or lines; empty once answered
        (``vertices.join_vertices``).
    issues
        What was noticed on the way.
    """

    origin: Origin
    attributes: pd.DataFrame
    geometry: Geometries | None
    labels: tuple[str, ...]
    declaration: Declaration
    columns: tuple[CoordinateColumns, ...] = ()
    resolution: float | None = None
    angles_marked: bool = False
    encoding: str = ""
    encodings: EncodingFinding | None = None
    vertices: tuple[VertexGrouping, ...] = ()
    issues: tuple[Issue, ...] = ()

    @property
    def is_table(self) -> bool:
        """Whether coordinate columns must be chosen first."""
        return self.geometry is None


def choose_columns(raw: RawLayer, columns: CoordinateColumns | None = None) -> RawLayer:
    """Return the layer with geometry made from columns of its table.

    Parameters
    ----------
    raw
        A table.
    columns
        One of ``raw.columns``, or any other the user named; ``None`` for the likeliest.

    Returns
    -------
    layer
        Points, or what the WKT says. The coordinate columns stay among the attributes. Rows whose
        coordinates cannot be read have no geometry and an ETK848 issue each.

    Raises
    ------
    IntakeError
        ETK821 no coordinate columns are found or named columns are missing.
    """
    options = raw.columns or find_columns(raw.attributes)
    names = [str(name) for name in raw.attributes.columns]
    if columns is None:
        if not options:
            found = ", ".join(names[:20])
            raise IntakeError("ETK821", file=raw.origin.upload, columns=found)
        columns = options[0]
    missing = [name for name in columns.names if name not in names]
    if missing:
        raise IntakeError("ETK821", file=raw.origin.upload, columns=", ".join(missing))
    marked = False
    if columns.wkt:
        geometry, resolution = _from_wkt(raw.attributes[columns.wkt]), None
    else:
        pairs = [raw.attributes[name] for name in columns.names]
        geometry, resolution, marked = _points(pairs[0], pairs[1])
    issues = [
        Issue(raw.origin.upload, raw.labels[i], "ETK848")
        for i in np.flatnonzero(shapely.is_missing(geometry))
    ]
    words = [*columns.names, *_crs_column(raw.attributes)]
    return replace(
        raw,
        geometry=geometry,
        resolution=resolution,
        angles_marked=marked,
        columns=(columns, *(c for c in options if c != columns)),
        declaration=raw.declaration
        if raw.declaration.says_anything
        else from_words(" ".join(words)),
        issues=(*raw.issues, *issues),
    )


CRS_COLUMN_NAMES = frozenset({"坐标系", "坐标系统", "crs", "epsg", "srs", "datum", "坐标系名称"})


def _crs_column(attributes: pd.DataFrame) -> list[str]:
    """Return the one value of a column that names the CRS, if it has only one."""
    for name in attributes.columns:
        if str(name).strip().lower() in CRS_COLUMN_NAMES:
            values = attributes[name].dropna().astype(str).unique()
            if len(values) == 1:
                text = str(values[0])
                return [f"EPSG:{text}" if text.isdigit() and len(text) in (4, 5) else text]
    return []


def _from_wkt(column: pd.Series[Any]) -> Geometries:
    texts = [str(v) if isinstance(v, str) else None for v in column]
    # EWKT as PostGIS writes it carries its CRS in front; shapely takes the rest.
    bare = [t.split(";", 1)[-1] if t and t[:5].upper() == "SRID=" else t for t in texts]
    geometries: Geometries = shapely.from_wkt(np.asarray(bare, dtype=object), on_invalid="ignore")
    return geometries


def _points(first: pd.Series[Any], second: pd.Series[Any]) -> tuple[Geometries, float | None, bool]:
    """Return points of two columns of numbers or angles.

    With them half of the last digit written, and whether any was written as an angle.
    """
    result = np.full(len(first), None, dtype=object)
    half_digit: float | None = None
    marked = False
    for index, pair in enumerate(zip(first, second, strict=True)):
        values = [parse_coordinate(str(v)) for v in pair if not pd.isna(v)]
        if len(values) != 2 or values[0] is None or values[1] is None:
            continue
        (x, x_digit, x_marked), (y, y_digit, y_marked) = values[0], values[1]
        result[index] = shapely.Point(x, y)
        finest = min(x_digit, y_digit)
        half_digit = finest if half_digit is None else min(half_digit, finest)
        marked = marked or x_marked or y_marked
    return result, half_digit, marked


def parse_coordinate(text: str) -> tuple[float, float, bool] | None:
    """Return a coordinate, half of its last digit, and whether it is written as an angle."""
    number = parse_number(text)
    if number is not None:
        return number, half_last_digit(text), False
    angle = parse_angle(text)
    return None if angle is None else (angle.degrees, angle.half_digit, True)
