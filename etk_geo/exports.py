"""Layers and tables as files for other programs: GeoJSON, GeoPackage, CSV; bytes, nothing written.

What leaves keeps its ids, its honest edges and its licence. Whether a layer may leave is its
``provenance.restricted``; the caller asks.
"""

from __future__ import annotations

import csv
import io
import json
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio

from etk_geo.catalog import Layer, record_path
from etk_geo.model import LIST_PROPERTIES
from etk_geo.store import read_bytes

LIST_SEPARATOR = ";"
GEOPACKAGE_TIME = "2021-12-31T00:00:00.000Z"
"""``last_change`` of every GeoPackage: the day the plan was published. The real time of writing
would make two downloads of the same layer differ."""

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""First characters that a spreadsheet takes for a formula (OWASP, CSV injection)."""

_gdal_options = threading.Lock()


def layer_geojson(root: Path, layer: Layer) -> bytes:
    """Return the layer's file as it is stored."""
    return read_bytes(root, layer.provenance.file)


def layer_record(root: Path, layer: Layer) -> bytes:
    """Return the layer's provenance record as it is stored."""
    return read_bytes(root, record_path(layer.provenance.file))


def flat_features(gdf: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return features with cells that every format can hold.

    Lists of ids become text joined by ``;``, ``facts`` becomes JSON text. Not changed: a copy.
    """
    flat = gdf.copy()
    for name in LIST_PROPERTIES:
        flat[name] = [LIST_SEPARATOR.join(ids) for ids in flat[name]]
    flat["facts"] = [json.dumps(facts, ensure_ascii=False) for facts in flat["facts"]]
    return flat


def layer_geopackage(layer: Layer) -> bytes:
    """Return a layer as a GeoPackage, the same bytes for the same layer.

    Lists of ids become text joined by ``;``, ``facts`` becomes JSON text; features without a
    position stay, with an empty geometry. Title, licence and attribution go into the layer's
    description. WGS 84 longitude, latitude (EPSG:4326).
    """
    record = layer.provenance
    about = (
        f"{record.title_zh} {record.title_en}",
        f"{record.licence} {record.licence_url}".strip(),
        f"{record.attribution_zh} {record.attribution_en}",
    )
    options = {"IDENTIFIER": record.title_zh, "DESCRIPTION": " | ".join(about)}
    return geopackage(flat_features(layer.gdf), layer.id, _geometry_type(layer), options)


def geopackage(
    gdf: gpd.GeoDataFrame,
    layer: str,
    geometry_type: str = "Unknown",
    options: Mapping[str, str] | None = None,
) -> bytes:
    """Return features as a GeoPackage of one layer, the same bytes for the same features.

    Parameters
    ----------
    gdf
        Cells that a GeoPackage can hold.
    layer
        Name of the layer.
    geometry_type
        The one type of all geometries, ``Unknown`` for several.
    options
        GDAL's options for the layer.
    """
    buffer = io.BytesIO()
    with _gdal_options:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": GEOPACKAGE_TIME})
        try:
            pyogrio.write_dataframe(
                gdf,
                buffer,
                layer=layer,
                driver="GPKG",
                geometry_type=geometry_type,
                layer_options=dict(options or {}),
            )
        finally:
            pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})
    return buffer.getvalue()


def _geometry_type(layer: Layer) -> str:
    """Return the one geometry type of a layer, or that it holds several or none."""
    types = set(layer.located.geometry.geom_type)
    return str(types.pop()) if len(types) == 1 else "Unknown"


def table_csv(frame: pd.DataFrame, headers: Sequence[str] | None = None) -> bytes:
    r"""Return a table as CSV that Excel opens with its Chinese intact and runs nothing of.

    Parameters
    ----------
    frame
        Any cells: lists are joined by ``;``, missing values are empty, and a text that a
        spreadsheet would take for a formula gets an apostrophe in front. Not changed.
    headers
        Column headings in place of the frame's column names.

    Returns
    -------
    content
        UTF-8 with byte-order mark, ``\r\n`` line ends, header first, index left out.
    """
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow([_csv_cell(name) for name in (headers or frame.columns)])
    for row in frame.itertuples(index=False, name=None):
        writer.writerow([_csv_cell(value) for value in row])
    return stream.getvalue().encode("utf-8-sig")


def _csv_cell(value: object) -> str:
    if isinstance(value, list):
        return _csv_cell(LIST_SEPARATOR.join(str(item) for item in value))
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, float)):
        # Numbers are not guarded: -3.5 must stay a number.
        return "" if pd.isna(value) else f"{value:.15g}"
    if value is None or value is pd.NA:
        return ""
    text = str(value)
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA_STARTS) else text
