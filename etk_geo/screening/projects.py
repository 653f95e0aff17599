"""The projects to screen: the plan's own, or a list in a file.

What a list does not say is unknown, never zero: without an accuracy nothing is decided by position.
"""

from __future__ import annotations

import json
import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError, FieldError
from shapely.geometry import mapping, shape

from etk_geo.catalog import Catalog
from etk_geo.crs import CRS_STORE
from etk_geo.errors import DataError, EtkGeoError
from etk_geo.geojson import check_document, feature_label
from etk_geo.model import Bound, Issue, Kind
from etk_geo.plan import Plan, records
from etk_geo.store import parse_json, read_bytes

PROJECT_COLUMNS = (
    "project_id",
    "name_zh",
    "name_en",
    "category",
    "decided_on",
    "bound",
    "accuracy_m",
    "extent_m",
    "extent_basis",
    "known_zh",
    "known_en",
)
"""Columns of a frame of projects besides ``geometry``. ``decided_on`` is a date or ``None``,
``accuracy_m`` and ``extent_m`` are metres or NaN, ``bound`` is empty where there is no geometry."""

GEOJSON_SUFFIXES = (".geojson", ".json")
WINDING = "ETK110"
"""Issue that does not matter here: rings are wound anew."""


def plan_projects(catalog: Catalog, plan: Plan) -> gpd.GeoDataFrame:
    """Return the plan's own projects, those without a position included, sorted by id.

    WGS 84 degrees; columns ``PROJECT_COLUMNS`` and ``geometry``. The day of decision is not
    published for any of them. A project of the plan's table whose layer did not open is there
    without a position.
    """
    rows = [
        {
            **{name: row[name] for name in ("name_zh", "name_en", "known_zh", "known_en")},
            "project_id": row["id"],
            "category": _text(row["category"]),
            "decided_on": None,
            "bound": _text(row["bound"]),
            "accuracy_m": row["accuracy_m"],
            "extent_m": row["extent_m"],
            "extent_basis": _text(row["extent_basis"]),
            "geometry": row["geometry"],
        }
        for layer in catalog.layers.values()
        for row in layer.gdf.to_dict("records")
        if row["kind"] == Kind.PROJECT
    ]
    found = {row["project_id"] for row in rows}
    absent = [row for row in records(plan.projects) if row["id"] not in found]
    return project_frame([*rows, *map(_unplaced, absent)])


def _unplaced(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **dict.fromkeys(PROJECT_COLUMNS, ""),
        **{name: row[name] for name in ("name_zh", "name_en", "category")},
        "project_id": row["id"],
        "decided_on": None,
        "accuracy_m": math.nan,
        "extent_m": math.nan,
        "geometry": None,
    }


def project_frame(rows: Sequence[Mapping[str, Any]]) -> gpd.GeoDataFrame:
    """Return rows as a frame of projects, sorted by id, geometries in one canonical form.

    Ring starts, winding and the order of parts are made the same, so that the same place gives
    the same figures and the same record however it was drawn. Geometries may have heights.
    """
    columns = {name: [row[name] for row in rows] for name in PROJECT_COLUMNS}
    geometry = np.empty(len(rows), dtype=object)
    geometry[:] = [row["geometry"] for row in rows]
    return frame_of_columns(columns, geometry)


def frame_of_columns(columns: Mapping[str, Any], geometry: Any) -> gpd.GeoDataFrame:
    """Return columns as a frame of projects, as :func:`project_frame` does rows.

    Parameters
    ----------
    columns
        The ``PROJECT_COLUMNS``: lists or arrays of one value per project; ids are a list.
    geometry
        Array of geometries or ``None``, WGS 84 degrees.
    """
    ids = columns["project_id"]
    order = sorted(range(len(ids)), key=ids.__getitem__)
    table = pd.DataFrame(
        {
            name: pd.Series(columns[name], dtype="object" if name == "decided_on" else None)
            for name in PROJECT_COLUMNS
        }
    )
    gdf = gpd.GeoDataFrame(
        table.iloc[order].reset_index(drop=True),
        geometry=_canonical(geometry[order]),
        crs=CRS_STORE,
    )
    for name in ("accuracy_m", "extent_m"):
        gdf[name] = gdf[name].astype("float64")
    return gdf


def _canonical(geometry: Any) -> Any:
    """Return geometries with areas and points in one order; lines as they run.

    The direction of a line is kept: chainage counts from its first point. Invalid areas stay as
    they are: a ring that crosses itself has no winding. Places repeated one after the other go:
    with them a ring's start is not one place. Heights are kept: the screening leaves them out, and
    says so.
    """
    shapes = _with_sound_heights(geometry)
    with np.errstate(invalid="ignore"):  # coordinates that are no numbers are refused later
        turned = (shapely.get_dimensions(shapes) != 1) & shapely.is_valid(shapes)
    once = shapely.remove_repeated_points(shapes[turned])
    shapes[turned] = shapely.orient_polygons(shapely.normalize(once))
    return shapes


def _with_sound_heights(geometry: Any) -> Any:
    """Return geometries without measures, and without heights that are no numbers."""
    xyz, owner = shapely.get_coordinates(geometry, include_z=True, return_index=True)
    flat = shapely.has_m(geometry)
    flat[owner[~np.isfinite(xyz[:, 2])]] = True
    return np.where(flat, shapely.force_2d(geometry), geometry)


def read_projects(
    path: Path, *, categories: Collection[str], extents: Mapping[str, float]
) -> gpd.GeoDataFrame:
    """Read a list of projects from GeoJSON or GeoPackage.

    Columns read: ``id`` or ``name`` (one is needed), ``name_en``, ``category`` (needed; an empty
    cell is compared with every rule), ``decided_on``, ``accuracy_m``, ``bound``, ``extent_m``.

    Parameters
    ----------
    path
        The file.
    categories
        Categories that may stand in the list.
    extents
        Default extent of a category in metres, used for points that state none and said so in
        the findings.

    Raises
    ------
    DataError
        Naming file and row of each problem; the first raised, the others in ``more``.
    """
    file = path.name
    features, labels = _features(path)
    if not features:
        raise DataError("ETK712", file=file)
    names = {name for feature in features for name in feature["properties"]}
    if not names & {"id", "name", "name_zh"}:
        raise DataError("ETK713", file=file, column="id")
    if "category" not in names:
        raise DataError("ETK713", file=file, column="category")
    issues: list[Issue] = []
    rows = []
    for feature, label in zip(features, labels, strict=True):
        reader = _RowReader(feature["properties"], file, label, issues)
        rows.append(reader.project(feature["geometry"], categories, extents))
    issues.extend(_repeated(rows, labels, file))
    if issues:
        raise _as_error(issues)
    return project_frame(rows)


def _as_error(issues: Sequence[Issue]) -> DataError:
    errors = [
        DataError(issue.code, file=issue.file, where=issue.where, **issue.detail)
        for issue in issues
    ]
    errors[0].more = tuple(errors[1:])
    return errors[0]


def _features(path: Path) -> tuple[list[Any], list[str]]:
    file = path.name
    suffix = path.suffix.lower()
    if suffix in GEOJSON_SUFFIXES:
        try:
            document = parse_json(read_bytes(path.parent, file), file)
        except EtkGeoError as error:
            raise _as_error(Issue.all_of(error)) from error
    elif suffix == ".gpkg":
        document = _geopackage(path)
    else:
        raise DataError("ETK710", file=file)
    issues = [issue for issue in check_document(document, file) if issue.code != WINDING]
    if issues:
        raise _as_error(issues)
    features = document["features"]
    labels = [
        f"{number}: {feature_label(feature, number - 1)}"
        for number, feature in enumerate(features, start=1)
    ]
    return features, labels


def _geopackage(path: Path) -> dict[str, Any]:
    """Read the first layer of a GeoPackage as a GeoJSON document in WGS 84."""
    file = path.name
    if not path.exists():
        raise DataError("ETK101", file=file)
    try:
        gdf = pyogrio.read_dataframe(path)
    except (DataSourceError, DataLayerError, FieldError, ValueError, RuntimeError) as error:
        raise DataError("ETK711", file=file, reason=str(error)[:160]) from error
    if not isinstance(gdf, gpd.GeoDataFrame):
        raise DataError("ETK712", file=file)
    if gdf.crs is None:
        raise DataError("ETK301", file=file)
    gdf = gdf.to_crs(CRS_STORE)
    names = [name for name in gdf.columns if name != gdf.geometry.name]
    features = []
    shapes = _with_sound_heights(gdf.geometry.to_numpy())
    for values, geometry in zip(gdf[names].to_dict("records"), shapes, strict=True):
        cells = {name: _plain(value) for name, value in values.items()}
        document = None if geometry is None else _nested(mapping(geometry))
        features.append({"type": "Feature", "properties": cells, "geometry": document})
    return {"type": "FeatureCollection", "features": features}


def _nested(value: Any) -> Any:
    return json.loads(json.dumps(value))


def _plain(value: Any) -> Any:
    if value is None or value is pd.NaT or (isinstance(value, float) and math.isnan(value)):
        return None
    if isinstance(value, (datetime, date)):
        return value.isoformat()[: len("2026-03-15")]
    return value


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _repeated(
    rows: Sequence[Mapping[str, Any]], labels: Sequence[str], file: str
) -> Iterator[Issue]:
    seen: set[str] = set()
    for row, label in zip(rows, labels, strict=True):
        identifier = row["project_id"]
        if identifier in seen:
            yield Issue(file, label, "ETK715", {"found": identifier})
        seen.add(identifier)


class _RowReader:
    """One row of a list: reads its cells and reports those that are wrong."""

    def __init__(
        self, cells: Mapping[str, Any], file: str, label: str, issues: list[Issue]
    ) -> None:
        self._cells = cells
        self._file = file
        self._label = label
        self._issues = issues

    def project(
        self, geometry: Any, categories: Collection[str], extents: Mapping[str, float]
    ) -> dict[str, Any]:
        name = self._string("name_zh") or self._string("name")
        category = self._choice("category", categories)
        geom = self._geometry(geometry)
        point = geom is not None and geom.geom_type in ("Point", "MultiPoint")
        bound = self._choice("bound", tuple(Bound)) or (Bound.POSITION if point else Bound.EXACT)
        if geom is not None and bound == Bound.OUTER and shapely.area(geom) == 0:
            self._report("ETK723")
        extent_m = self._metres("extent_m")
        basis = "stated" if extent_m is not None else ""
        if extent_m is None and bound == Bound.POSITION and category in extents:
            extent_m, basis = extents[category], "default"
        identifier = self._string("id") or name
        if not identifier:
            self._report("ETK724")
        accuracy_m = self._metres("accuracy_m")
        return {
            "project_id": identifier,
            "name_zh": name or identifier,
            "name_en": self._string("name_en") or name or identifier,
            "category": category,
            "decided_on": self._day("decided_on"),
            "bound": "" if geom is None else str(bound),
            "accuracy_m": math.nan if accuracy_m is None else accuracy_m,
            "extent_m": math.nan if extent_m is None else extent_m,
            "extent_basis": basis,
            "known_zh": self._string("known_zh"),
            "known_en": self._string("known_en"),
            "geometry": geom,
        }

    def _report(self, code: str, **detail: str) -> None:
        self._issues.append(Issue(self._file, self._label, code, detail))

    def _string(self, column: str) -> str:
        value = self._cells.get(column)
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        return "" if value is None else str(value).strip()

    def _choice(self, column: str, allowed: Collection[str]) -> str:
        value = self._string(column)
        if value and value not in allowed:
            self._report(
                "ETK714", column=column, found=value[:40], allowed=", ".join(sorted(allowed))
            )
            return ""
        return value

    def _metres(self, column: str) -> float | None:
        value = self._string(column)
        if not value:
            return None
        try:
            metres = float(value)
        except ValueError:
            metres = math.nan
        if not 0 <= metres < 1e6:
            self._report("ETK719", column=column, found=value[:40])
            return None
        return metres

    def _day(self, column: str) -> date | None:
        value = self._string(column)[: len("2026-03-15")]
        if not value:
            return None
        try:
            return date.fromisoformat(value)
        except ValueError:
            self._report("ETK718", found=value[:40])
            return None

    def _geometry(self, geometry: Any) -> Any:
        if geometry is None:
            return None
        geom = shape(geometry)
        if geom.is_empty:
            self._report("ETK725")
            return None
        return geom
