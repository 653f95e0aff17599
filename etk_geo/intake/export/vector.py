"""GeoJSON, GeoPackage, Shapefile and KML, written by GDAL."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely

from etk_geo.errors import IntakeError
from etk_geo.intake.export.target import ExportCrs, Exported, projected
from etk_geo.model import Issue
from etk_geo.private_folder import PrivateFolder

FIELD_BYTES = 10
TEXT_BYTES = 254
ZIP_TIME = (1980, 1, 1, 0, 0, 0)
"""Of every member, so that the same frame gives the same archive."""
KML_RESERVED = frozenset(
    {
        "id", "description", "timestamp", "begin", "end", "altitudemode", "tessellate", "extrude",
        "visibility", "draworder", "icon", "snippet", "heading", "tilt", "roll", "model",
    }
)  # fmt: skip
"""Column names that KML gives a meaning of its own."""


def geojson(frame: gpd.GeoDataFrame, crs: ExportCrs, stem: str) -> Exported:
    """Write GeoJSON: RFC 7946 in WGS 84, with the older ``crs`` member otherwise."""
    rfc = crs is ExportCrs.WGS84
    options = {
        "RFC7946": "YES" if rfc else "NO",
        "COORDINATE_PRECISION": 9 if rfc else crs.decimals,
    }
    content = _write(projected(frame, crs), "GeoJSON", f"{stem}.geojson", stem, options)
    return Exported(f"{stem}.geojson", content)


def geopackage(frame: gpd.GeoDataFrame, crs: ExportCrs, stem: str) -> Exported:
    """Write a GeoPackage of one layer."""
    moved = projected(frame, crs)
    # The feature id's own column must not meet one of the frame's.
    fid = "fid"
    while fid in {str(c).lower() for c in moved.columns}:
        fid += "_"
    geometry = "geom"
    while geometry in {str(c).lower() for c in moved.columns}:
        geometry += "_"
    options = {"FID": fid, "GEOMETRY_NAME": geometry}
    content = _write(moved, "GPKG", f"{stem}.gpkg", stem, options)
    return Exported(f"{stem}.gpkg", content)


def kml(frame: gpd.GeoDataFrame, crs: ExportCrs, stem: str) -> Exported:
    """Write KML, whose coordinates are WGS 84 by definition.

    A column whose name means something to KML gets an underscore behind.

    Raises
    ------
    IntakeError
        ETK850 for any other CRS.
    """
    if crs is not ExportCrs.WGS84:
        raise IntakeError("ETK850", file=f"{stem}.kml", crs=crs.value)
    renamed = {c: f"{c}_" for c in frame.columns if str(c).lower() in KML_RESERVED}
    issues = tuple(
        Issue(f"{stem}.kml", str(old), "ETK851", {"field": new}) for old, new in renamed.items()
    )
    moved = projected(frame, crs).rename(columns=renamed)
    return Exported(f"{stem}.kml", _write(moved, "LIBKML", f"{stem}.kml", stem, {}), issues)


def shapefile(frame: gpd.GeoDataFrame, crs: ExportCrs, stem: str) -> Exported:
    """Write a zip of Shapefiles, one per dimension, UTF-8 with ``.cpg``.

    Names are cut to ten bytes and texts to 254, at whole characters, and each said.
    """
    moved = projected(frame, crs)
    names, issues = _short_names(moved, f"{stem}.zip")
    moved = _shapefile_columns(moved.rename(columns=names))
    issues += _cut_texts(moved, f"{stem}.zip")
    parts = _by_dimension(moved)
    buffer = io.BytesIO()
    folder = PrivateFolder()
    try:
        for suffix, part in parts.items():
            path = folder.path / f"{stem}{suffix if len(parts) > 1 else ''}.shp"
            kind = "Point" if part.geometry.isna().all() else None
            pyogrio.write_dataframe(
                part, path, driver="ESRI Shapefile", encoding="UTF-8", geometry_type=kind
            )
        if len(parts) > 1:
            issues.append(Issue(f"{stem}.zip", "", "ETK857", {"count": str(len(parts))}))
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in sorted(folder.path.iterdir()):
                info = zipfile.ZipInfo(path.name, ZIP_TIME)
                info.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(info, path.read_bytes())
    finally:
        folder.close()
    return Exported(f"{stem}.zip", buffer.getvalue(), tuple(issues))


def _write(
    frame: gpd.GeoDataFrame, driver: str, name: str, layer: str, options: Mapping[str, object]
) -> bytes:
    folder = PrivateFolder()
    try:
        path = folder.path / name
        types = set(frame.geometry.geom_type.dropna())
        pyogrio.write_dataframe(
            _plain(frame),
            path,
            layer=layer,
            driver=driver,
            geometry_type=None if len(types) == 1 else "Unknown",
            layer_options=options,
            # GDAL before 3.7, and with it QGIS before 3.30, warns of anything newer.
            dataset_options={"VERSION": "1.2"} if driver == "GPKG" else None,
        )
        return Path(path).read_bytes()
    finally:
        folder.close()


def _plain(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return a copy whose object columns hold texts or nothing."""
    plain = frame.copy()
    for name in plain.columns.drop(plain.geometry.name):
        if plain[name].dtype == object:
            plain[name] = _texts(plain[name])
    return plain


def _texts(column: pd.Series[Any]) -> pd.Series[Any]:
    texts = [None if pd.api.types.is_scalar(v) and pd.isna(v) else str(v) for v in column]
    return pd.Series(texts, index=column.index, dtype=object)


def _short_names(frame: gpd.GeoDataFrame, file: str) -> tuple[dict[str, str], list[Issue]]:
    taken: set[str] = set()
    names, issues = {}, []
    for name in frame.columns.drop(frame.geometry.name):
        short, number = _cut(str(name), FIELD_BYTES), 1
        while short.lower() in taken:
            number += 1
            short = _cut(str(name), FIELD_BYTES - len(str(number))) + str(number)
        taken.add(short.lower())
        names[name] = short
        if short != name:
            issues.append(Issue(file, str(name), "ETK851", {"field": short}))
    return names, issues


def _cut(text: str, length: int) -> str:
    return text.encode()[:length].decode(errors="ignore")


def _shapefile_columns(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    plain = _plain(frame)
    for name in plain.columns.drop(plain.geometry.name):
        if pd.api.types.is_bool_dtype(plain[name]):
            plain[name] = plain[name].astype("Int64" if plain[name].hasnans else "int64")
    return plain


def _cut_texts(frame: gpd.GeoDataFrame, file: str) -> list[Issue]:
    issues = []
    for name in frame.columns.drop(frame.geometry.name):
        column = frame[name]
        if not (column.dtype == object or pd.api.types.is_string_dtype(column)):
            continue
        long = [isinstance(v, str) and len(v.encode()) > TEXT_BYTES for v in column]
        if any(long):
            cut = [_cut(v, TEXT_BYTES) if isinstance(v, str) else v for v in column]
            frame[name] = pd.Series(cut, index=frame.index, dtype=object)
            issues.append(Issue(file, str(name), "ETK852", {"count": str(sum(long))}))
    return issues


def _by_dimension(frame: gpd.GeoDataFrame) -> dict[str, gpd.GeoDataFrame]:
    """Return the frame by what one Shapefile can hold; rows without position go with the first."""
    geometry = frame.geometry.to_numpy()
    kinds = np.select(
        [
            np.isin(shapely.get_type_id(geometry), (0,)),
            np.isin(shapely.get_type_id(geometry), (4,)),
            np.isin(shapely.get_type_id(geometry), (1, 2, 5)),
            np.isin(shapely.get_type_id(geometry), (3, 6)),
        ],
        ["_points", "_multipoints", "_lines", "_areas"],
        default="",
    )
    present = [k for k in ("_points", "_multipoints", "_lines", "_areas") if (kinds == k).any()]
    unplaced = (shapely.is_missing(geometry) | shapely.is_empty(geometry)) & (kinds == "")
    if (kinds == "").sum() > unplaced.sum():
        raise IntakeError("ETK867", file="shp")
    first = present[0] if present else "_points"
    kinds = np.where(kinds == "", first, kinds)
    return {kind: frame[kinds == kind] for kind in (present or [first])}
