"""CSV and XLSX: attributes, coordinates or WKT, and the CRS by name; nothing a program would run.

X is the north and Y the east, as Chinese surveyors write them; geographic columns say so
themselves. WKT is x east, y north.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from etk_geo.errors import IntakeError
from etk_geo.intake.export.target import ExportCrs, Exported, projected
from etk_geo.intake.readers.unique_names import unique_names

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""First characters that a spreadsheet takes for a formula (OWASP, CSV injection)."""
CELL_LENGTH = 32_767
LON, LAT = "经度", "纬度"
NORTH, EAST = "X坐标", "Y坐标"
WKT, CRS_NAME = "WKT", "坐标系"
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")

Value = str | int | float | None


def csv_file(frame: gpd.GeoDataFrame, crs: ExportCrs, stem: str) -> Exported:
    """Write CSV that Excel opens with its Chinese intact: UTF-8 with mark, formulas guarded."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    header, rows = _table(frame, crs)
    writer.writerow([_guarded(name) for name in header])
    for row in rows:
        writer.writerow([_guarded(cell) for cell in row])
    return Exported(f"{stem}.csv", stream.getvalue().encode("utf-8-sig"))


def _guarded(cell: Value) -> Value:
    """Return a cell; a text that a spreadsheet would run gets an apostrophe in front."""
    if isinstance(cell, str) and cell.lstrip(" ").startswith(FORMULA_STARTS):
        return f"'{cell}"
    return cell


def xlsx_file(frame: gpd.GeoDataFrame, crs: ExportCrs, stem: str) -> Exported:
    """Write a workbook of one sheet; texts are text cells, which are never run.

    Raises
    ------
    IntakeError
        ETK866 if an outline is too long for a cell.
    """
    header, made = _table(frame, crs)
    rows = list(made)
    for number, row in enumerate(rows, start=2):
        if any(isinstance(cell, str) and len(cell) > CELL_LENGTH for cell in row):
            raise IntakeError("ETK866", file=f"{stem}.xlsx", where=f"row {number}")
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_sheet_title(stem))
    sheet.append([_text_cell(sheet, name) for name in header])
    for row in rows:
        sheet.append([_text_cell(sheet, c) if isinstance(c, str) else c for c in row])
    buffer = io.BytesIO()
    book.save(buffer)
    return Exported(f"{stem}.xlsx", buffer.getvalue())


def _sheet_title(stem: str) -> str:
    return re.sub(r"[\[\]:*?/\\']", "_", stem)[:31] or "data"


def _text_cell(sheet: WriteOnlyWorksheet, text: str) -> Cell:
    cell = WriteOnlyCell(sheet, value=None)
    cell.value = _CONTROL.sub("", text)
    cell.data_type = "s"  # openpyxl would make a formula of a text that begins with "="
    cell.quotePrefix = True
    return cell


def _table(frame: gpd.GeoDataFrame, crs: ExportCrs) -> tuple[list[str], Iterator[list[Value]]]:
    """Return headings and rows: attributes, then where each feature is."""
    moved = projected(frame, crs)
    geometry = moved.geometry.to_numpy()
    attributes = pd.DataFrame(moved.drop(columns=moved.geometry.name))
    held = ~shapely.is_missing(geometry)
    only_points = bool((shapely.get_type_id(geometry[held]) == 0).all())
    places = (LAT, LON) if crs.is_geographic else (NORTH, EAST)
    if only_points and crs.is_geographic:
        places = (LON, LAT)
    added = [*places, CRS_NAME] if only_points else [WKT, CRS_NAME]
    header = unique_names([*added, *(str(name) for name in attributes.columns)])
    # The added columns keep their plain names, and stand behind the others.
    header = [*header[len(added) :], *header[: len(added)]]
    where = _positions(geometry, crs) if only_points else _wkt(geometry, crs)
    return header, _rows(attributes, where, crs)


def _rows(
    attributes: pd.DataFrame, where: Iterator[list[Value]], crs: ExportCrs
) -> Iterator[list[Value]]:
    records = attributes.itertuples(index=False, name=None)
    for record, place in zip(records, where, strict=True):
        yield [*map(_cell, record), *place, crs.value]


def _cell(value: Any) -> Value:
    if pd.api.types.is_scalar(value) and pd.isna(value):
        return None
    if isinstance(value, (bool, np.bool_)):
        return str(bool(value)).lower()
    if isinstance(value, (int, np.integer)):
        # A spreadsheet's numbers have fifteen digits.
        return int(value) if abs(int(value)) < 10**15 else str(value)
    if isinstance(value, (float, np.floating)):
        return float(value)
    return str(value)


def _positions(
    geometry: np.ndarray[tuple[int], np.dtype[np.object_]], crs: ExportCrs
) -> Iterator[list[Value]]:
    for point in geometry:
        if point is None or point.is_empty:
            yield [None, None]
            continue
        east, north = round(point.x, crs.decimals), round(point.y, crs.decimals)
        yield [east, north] if crs.is_geographic else [north, east]


def _wkt(
    geometry: np.ndarray[tuple[int], np.dtype[np.object_]], crs: ExportCrs
) -> Iterator[list[Value]]:
    for one in geometry:
        text = None if one is None else shapely.to_wkt(one, rounding_precision=crs.decimals)
        yield [text]
