"""Projects and zones as the screening sees them: sound geometry and the errors it may have.

A geometry ``G`` with its bound says which real things ``R`` are admissible (docs/screening.md):
``egg_m`` is the farthest that ``R`` can reach beyond ``G`` (infinite where unknown), ``core_m`` how
far the part of ``R`` that is known to follow ``G`` may be displaced (infinite where no part is).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from etk_geo.errors import CrsError, ScreeningError
from etk_geo.model import Bound, Issue
from etk_geo.screening.arrays import Bools, Floats, Geometries, Strings
from etk_geo.screening.edges import long_edges
from etk_geo.screening.soundness import Sound, sound_geometries
from etk_geo.screening.verdict import Reason

LONLAT_CODES = (4326, 4490)
METRIC_CODES = (4545, 4524)
ZONE_PREFIX_M = 36_000_000.0
BOUNDS = frozenset(str(value) for value in Bound)
COLUMNS = ("bound", "accuracy_m", "extent_m")


@dataclass(frozen=True)
class Features:
    """Features sorted by id, with geometry in EPSG:4545 metres.

    ``barred`` holds the :class:`Reason` why a feature takes no part in any measurement, or ``""``.
    ``egg_m`` and ``core_m`` are metres on the ground. ``unknown`` is the reason why the egg is
    infinite, or ``""``. ``follows``: a part of the real thing follows the geometry, as far as the
    accuracy is known. ``on_default`` marks extents that are a category's default.
    """

    ids: Strings
    geoms: Geometries
    dimension: NDArray[np.int32]
    barred: Strings
    bound: Strings
    accuracy_m: Floats
    extent_m: Floats
    egg_m: Floats
    core_m: Floats
    follows: Bools
    unknown: Strings
    on_default: Bools
    repaired: Bools
    issues: tuple[Issue, ...]

    def __len__(self) -> int:
        """Return the number of features."""
        return len(self.ids)

    def take(self, rows: NDArray[np.intp] | slice) -> Features:
        """Return some of the features, without the issues."""
        values = {name: getattr(self, name)[rows] for name in _ARRAYS}
        return Features(**values, issues=())


_ARRAYS = (
    "ids", "geoms", "dimension", "barred", "bound", "accuracy_m", "extent_m", "egg_m", "core_m",
    "follows", "unknown", "on_default", "repaired",
)  # fmt: skip


@dataclass(frozen=True)
class Role:
    """What a feature is here, and how it is said that it takes no part."""

    id_columns: tuple[str, ...]
    without_geometry: Reason
    refused: Reason
    for_orientation: Reason


PROJECT = Role(
    ("project_id", "id"),
    Reason.PROJECT_WITHOUT_POSITION,
    Reason.PROJECT_GEOMETRY_REFUSED,
    Reason.PROJECT_FOR_ORIENTATION,
)
ZONE = Role(
    ("zone_id", "id"),
    Reason.ZONE_WITHOUT_GEOMETRY,
    Reason.ZONE_GEOMETRY_REFUSED,
    Reason.ZONE_FOR_ORIENTATION,
)


def read_features(gdf: gpd.GeoDataFrame, role: Role) -> Features:
    """Check a frame of projects or zones and project its geometry.

    Parameters
    ----------
    gdf
        Any geometry types. Columns: an id (``project_id`` or ``zone_id``, else ``id``; unique),
        ``bound`` (exact, outer, inner, position, or missing where there is no geometry),
        ``accuracy_m``, ``extent_m`` (NaN: unknown); optional ``orientation_only``,
        ``extent_basis``. CRS: WGS 84 or CGCS2000 degrees, longitude first, or EPSG:4545 metres.
        Not changed.
    role
        Projects or zones.

    Returns
    -------
    features
        One for each row, sorted by id.

    Raises
    ------
    CrsError
        If the CRS is missing or another one.
    ScreeningError
        If a column is missing, an id is repeated, or a bound, accuracy or extent makes no sense.
    """
    id_column = next((name for name in role.id_columns if name in gdf.columns), "")
    missing = [name for name in COLUMNS if name not in gdf.columns]
    if not id_column or missing:
        raise ScreeningError("ETK652", column=", ".join(missing) or role.id_columns[0])
    geometry = gdf.geometry
    metric = _is_metric(geometry)
    table = pd.DataFrame(gdf)
    ids = _ids(table[id_column])
    order = np.argsort(ids.astype(str), kind="stable")
    ids = ids[order]
    repeated = ids[1:][ids[1:] == ids[:-1]]
    if len(repeated):
        raise ScreeningError("ETK653", where=str(repeated[0]))
    if not np.all(order[1:] > order[:-1]):
        table = table.iloc[order]
    sound = sound_geometries(np.asarray(geometry)[order], ids, metric=metric)
    features = _features(table, ids, sound, role)
    if metric:
        return features
    matters = np.where(np.isfinite(features.core_m), features.core_m, features.egg_m)
    told = long_edges(features.geoms, ids, matters)
    return replace(features, issues=(*features.issues, *told))


def _ids(column: pd.Series) -> Strings:
    """Return ids as texts, whatever they are."""
    ids: Strings = column.to_numpy(dtype=object)
    if not all(isinstance(name, str) for name in ids):
        ids = column.astype(str).to_numpy(dtype=object)
    return ids


def _is_metric(geometry: gpd.GeoSeries) -> bool:
    crs = geometry.crs
    if crs is None:
        raise CrsError("ETK301")
    code = _epsg_code(crs.srs)
    if code not in (*LONLAT_CODES, 4545):
        raise CrsError("ETK302", found=crs.to_string())
    return bool(code == 4545)


@lru_cache(maxsize=64)
def _epsg_code(srs: str) -> int | None:
    """Return the EPSG code of a CRS as it is written, looked up once."""
    code: int | None = CRS.from_user_input(srs).to_epsg()
    return code


def _features(table: pd.DataFrame, ids: Strings, sound: Sound, role: Role) -> Features:
    geoms = sound.geoms
    absent = geoms == np.array(None)
    bound = _bounds(table, ids, absent)
    accuracy = _metres(table, "accuracy_m", ids)
    extent = _metres(table, "extent_m", ids)
    dimension = shapely.get_dimensions(geoms)
    follows = _follows(bound, extent, dimension)
    egg, core, unknown = _egg_and_core(bound, accuracy, extent, follows)
    barred = np.where(absent, str(role.without_geometry), "").astype(object)
    barred[sound.refused] = str(role.refused)
    if "orientation_only" in table.columns:
        barred[_flags(table["orientation_only"])] = str(role.for_orientation)
    on_default = np.zeros(len(table), dtype=bool)
    if "extent_basis" in table.columns:
        basis = table["extent_basis"].to_numpy(dtype=object)
        on_default = np.array(
            [isinstance(value, str) and value == "default" for value in basis], bool
        )
    return Features(
        ids=ids,
        geoms=geoms,
        dimension=dimension,
        barred=barred,
        bound=bound,
        accuracy_m=accuracy,
        extent_m=extent,
        egg_m=egg,
        core_m=core,
        follows=follows,
        unknown=unknown,
        on_default=on_default & (bound == Bound.POSITION),
        repaired=sound.repaired,
        issues=sound.issues,
    )


def _flags(column: pd.Series) -> Bools:
    """Return a column of yes and no; what is missing is no."""
    if column.dtype != np.bool_:
        column = column.fillna(value=False)
    flags: Bools = column.to_numpy(dtype=bool)
    return flags


def _bounds(table: pd.DataFrame, ids: Strings, absent: Bools) -> Strings:
    values = table["bound"].to_numpy(dtype=object)
    bound = np.array(["" if pd.isna(value) else str(value) for value in values], dtype=object)
    wrong = np.array([value not in BOUNDS for value in bound], dtype=bool) & ~absent
    if wrong.any():
        row = int(np.flatnonzero(wrong)[0])
        raise ScreeningError("ETK654", where=str(ids[row]), column="bound", found=str(values[row]))
    return bound


def _metres(table: pd.DataFrame, column: str, ids: Strings) -> Floats:
    cells = table[column]
    if cells.dtype == np.float64:
        values = cells.to_numpy()
        wrong = (values < 0) | np.isinf(values)
    else:
        values = pd.to_numeric(cells, errors="coerce").to_numpy(dtype="float64", na_value=np.nan)
        wrong = (values < 0) | np.isinf(values) | (np.isnan(values) & cells.notna().to_numpy())
    if wrong.any():
        row = int(np.flatnonzero(wrong)[0])
        found = str(table[column].iloc[row])
        raise ScreeningError("ETK654", where=str(ids[row]), column=column, found=found)
    metres: Floats = values
    return metres


def _follows(bound: Strings, extent: Floats, dimension: NDArray[np.int32]) -> Bools:
    """Tell of which features a part of the real thing follows the geometry."""
    reference = (bound == Bound.POSITION) & ((dimension == 1) | (extent == 0))
    follows: Bools = reference | (bound == Bound.EXACT) | (bound == Bound.INNER)
    return follows


def _egg_and_core(
    bound: Strings, accuracy: Floats, extent: Floats, follows: Bools
) -> tuple[Floats, Floats, Strings]:
    """Return how far the real thing reaches and strays, by bound (docs/screening.md, table 1)."""
    known = np.where(np.isnan(accuracy), np.inf, accuracy)
    lenient = np.where(np.isnan(accuracy), 0.0, accuracy)
    reach = np.where(np.isnan(extent), np.inf, extent)
    position, outer, inner = (
        bound == value for value in (Bound.POSITION, Bound.OUTER, Bound.INNER)
    )
    egg = np.select([position, outer, inner], [known + reach, lenient, np.inf], known)
    core = np.where(follows, np.where(inner, lenient, known), np.inf)
    unknown = np.full(len(bound), "", dtype=object)
    unknown[np.isinf(egg) & np.isinf(known)] = str(Reason.ACCURACY_UNKNOWN)
    unknown[position & np.isinf(reach)] = str(Reason.EXTENT_UNKNOWN)
    unknown[inner] = str(Reason.BEYOND_INNER)
    return egg, core, unknown


def reach_of(
    reach_m: Mapping[tuple[str, str], float] | object, projects: Strings, zones: Strings
) -> Floats:
    """Return the rule's distance (m) of every pair, projects by zones.

    Parameters
    ----------
    reach_m
        One distance for all, an array of projects by zones, a mapping of (project id, zone id) to
        a distance, or a function of the two ids. A pair that a mapping lacks has none: 0.

    Raises
    ------
    ScreeningError
        If a distance is negative or not a number.
    """
    shape = (len(projects), len(zones))
    if isinstance(reach_m, Mapping):
        reach = np.zeros(shape)
        row = {name: number for number, name in enumerate(projects)}
        column = {name: number for number, name in enumerate(zones)}
        for (project, zone), value in reach_m.items():
            if project in row and zone in column:
                reach[row[project], column[zone]] = value
    elif callable(reach_m):
        reach = np.array([[reach_m(p, z) for z in zones] for p in projects], dtype=float)
        reach = reach.reshape(shape)
    else:
        reach = np.broadcast_to(np.asarray(reach_m, dtype=np.float64), shape)
    if not np.all(np.isfinite(reach)) or np.any(reach < 0):
        raise ScreeningError("ETK654", column="reach_m", found=str(reach_m)[:60])
    return reach
