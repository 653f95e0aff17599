"""A layer as a table that opens fast, kept beside the GeoJSON of large official layers."""

from __future__ import annotations

import io
import json

import geopandas as gpd
import pandas as pd

from etk_geo.model import LIST_PROPERTIES


def dump_table(gdf: gpd.GeoDataFrame) -> bytes:
    """Return the frame of a layer as the table that :func:`parse_table` reads."""
    table = gdf.copy()
    for name in (*LIST_PROPERTIES, "facts"):
        # Most rows hold one and the same empty list, which is written once.
        lists = {id(value): value for value in gdf[name]}
        texts = {key: json.dumps(value, ensure_ascii=False) for key, value in lists.items()}
        table[name] = [texts[id(value)] for value in gdf[name]]
    stream = io.BytesIO()
    table.to_parquet(stream, index=False)
    return stream.getvalue()


def parse_table(content: bytes) -> gpd.GeoDataFrame:
    """Return the frame of a layer from its table; rows may share a list, not to be changed."""
    gdf = gpd.read_parquet(io.BytesIO(content))
    for name in (*LIST_PROPERTIES, "facts"):
        values = {cell: json.loads(cell) for cell in gdf[name].unique()}
        gdf[name] = pd.Series([values[cell] for cell in gdf[name]], index=gdf.index, dtype=object)
    return gdf
