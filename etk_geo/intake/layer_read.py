"""A reading process's table and findings turned into a layer."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import shapely

from etk_geo.intake.columns import find_columns
from etk_geo.intake.declarations import declaration_of
from etk_geo.intake.formats import FileFormat
from etk_geo.intake.raw_layer import Origin, RawLayer
from etk_geo.intake.readers.answer import WKB_COLUMN, ReadLayer

ROW_LABEL = "row {n}"
KML_OWN_FIELDS = (
    "timestamp", "begin", "end", "altitudeMode", "tessellate", "extrude", "visibility",
    "drawOrder", "icon", "snippet",
)  # fmt: skip
"""Columns that GDAL adds to every KML layer; dropped where they hold their default throughout."""


def raw_layer_of(table: pa.Table, read: ReadLayer, origin: Origin) -> RawLayer:
    """Turn the Arrow table of a reading into a layer; nothing of the table is kept."""
    geometry = None
    if WKB_COLUMN in table.column_names:
        wkb = table.column(WKB_COLUMN).to_numpy(zero_copy_only=False)
        table = table.drop_columns([WKB_COLUMN])
        if read.has_geometry:
            geometry = shapely.from_wkb(wkb, on_invalid="ignore")
    labels = tuple(str(i + 1) for i in range(table.num_rows))
    if read.row_labels:
        rows = table.column(read.row_labels).to_pylist()
        labels = tuple(ROW_LABEL.format(n=row) for row in rows)
        table = table.drop_columns([read.row_labels])
    attributes = _without_kml_defaults(table.to_pandas(), origin)
    declaration = declaration_of(
        read.crs,
        implied=read.crs_implied,
        words=() if geometry is None else read.words,
        header=read.header,
    )
    if read.north_first is not None and declaration.north_first is None:
        declaration = replace(declaration, north_first=read.north_first)
    return RawLayer(
        origin,
        attributes,
        geometry,
        labels,
        declaration,
        columns=find_columns(attributes) if geometry is None else (),
        resolution=read.resolution,
        encoding=read.encoding,
        encodings=read.encodings,
    )


def _without_kml_defaults(attributes: pd.DataFrame, origin: Origin) -> pd.DataFrame:
    if origin.format is not FileFormat.KML:
        return attributes
    silent = [
        name for name in KML_OWN_FIELDS if name in attributes and _says_nothing(attributes[name])
    ]
    if "id" in attributes:
        generated = attributes["id"].astype(str).str.fullmatch(r".*\.\d+")
        if bool(generated.all()):
            silent.append("id")
    return attributes.drop(columns=silent)


def _says_nothing(column: pd.Series[Any]) -> bool:
    values = column.dropna().unique()
    return not len(values) or (len(values) == 1 and bool(np.isin(values[0], (-1, 0)).all()))
