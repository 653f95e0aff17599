"""GeoParquet by pyarrow; a Parquet file without geometry is a table."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from etk_geo.errors import IntakeError
from etk_geo.intake.formats import Source
from etk_geo.intake.limits import Limits
from etk_geo.intake.readers.answer import WKB_COLUMN, Finding, LayerSummary, ReadLayer
from etk_geo.intake.readers.arrow_file import ArrowFile
from etk_geo.intake.readers.without_path import without_path

BATCH_ROWS = 5000


def survey(source: Source) -> list[LayerSummary]:
    """List the one layer of a Parquet file."""
    try:
        with pq.ParquetFile(source.path) as file:
            geo = _geo(file)
            fields = tuple(n for n in file.schema_arrow.names if n != geo.get("primary_column"))
            kinds = _column(geo).get("geometry_types") or (["Unknown"] if geo else [])
            summary = LayerSummary(
                source.name, 0, Path(source.name).stem, source.format,
                file.metadata.num_rows, "/".join(kinds), fields,
            )  # fmt: skip
    except (pa.ArrowException, OSError, ValueError, KeyError, TypeError) as error:
        raise _unreadable(source, error) from None
    return [summary]


def _geo(file: pq.ParquetFile) -> dict[str, Any]:
    metadata = file.schema_arrow.metadata or {}
    geo = json.loads(metadata.get(b"geo", b"{}"))
    return geo if isinstance(geo, dict) else {}


def _column(geo: dict[str, Any]) -> dict[str, Any]:
    columns = geo.get("columns", {})
    column = columns.get(geo.get("primary_column"), {}) if isinstance(columns, dict) else {}
    return column if isinstance(column, dict) else {}


def read(source: Source, out: Path, limits: Limits) -> tuple[ReadLayer, list[Finding]]:
    """Read the layer into the Arrow file.

    Raises
    ------
    IntakeError
        ETK812 unreadable or geometry not in WKB, ETK815 or ETK816 too much, ETK820 no rows.
    """
    try:
        with pq.ParquetFile(source.path) as file:
            geo = _geo(file)
            column = _column(geo)
            if geo and column.get("encoding") != "WKB":
                reason = f"geometry encoding {column.get('encoding')}"
                raise IntakeError("ETK812", file=source.name, format="GeoParquet", reason=reason)
            unreadable = _copy(source, file, str(geo.get("primary_column", "")), out, limits)
    except (pa.ArrowException, OSError, ValueError, KeyError, TypeError) as error:
        raise _unreadable(source, error) from None
    crs = column.get("crs", "OGC:CRS84")
    read_layer = ReadLayer(
        crs="" if crs is None or not geo else crs if isinstance(crs, str) else json.dumps(crs),
        crs_implied="crs" not in column,
        has_geometry=bool(geo),
    )
    return read_layer, [Finding("ETK836", f"{index + 1}") for index in unreadable]


def _copy(
    source: Source, file: pq.ParquetFile, geometry: str, out: Path, limits: Limits
) -> list[int]:
    with ArrowFile(out, source.name, limits, file.metadata.num_rows) as sink:
        try:
            for batch in file.iter_batches(batch_size=BATCH_ROWS):
                sink.append(_plain(pa.Table.from_batches([batch]), geometry))
        except NotImplementedError:
            reason = "curved geometry"
            raise IntakeError(
                "ETK812", file=source.name, format="GeoParquet", reason=reason
            ) from None
        rows, unreadable = sink.rows, sink.unreadable
    if rows == 0:
        raise IntakeError("ETK820", file=source.name)
    return unreadable


def _plain(table: pa.Table, geometry: str) -> pa.Table:
    """Return the geometry as WKB and every nested or binary attribute as text."""
    columns, names = [], []
    for name, column in zip(table.column_names, table.columns, strict=True):
        kind = column.type
        if name == geometry:
            columns.append(column.cast(pa.binary()))
            names.append(WKB_COLUMN)
        elif pa.types.is_nested(kind) or pa.types.is_dictionary(kind):
            texts = [None if v is None else str(v) for v in column.to_pylist()]
            columns.append(pa.chunked_array([pa.array(texts, pa.string())]))
            names.append(name)
        elif not (pa.types.is_binary(kind) or pa.types.is_large_binary(kind)):
            columns.append(column)
            names.append(name)
    return pa.table(columns, names=names)


def _unreadable(source: Source, error: Exception) -> IntakeError:
    reason = without_path(str(error), source.path)
    return IntakeError("ETK812", file=source.name, format="GeoParquet", reason=reason)
