"""Any frame in any of the formats and coordinate systems."""

from __future__ import annotations

import re
from collections.abc import Callable

import geopandas as gpd

from etk_geo.intake.export import boundary_text, sheet, vector
from etk_geo.intake.export.target import ExportCrs, Exported, ExportFormat

Writer = Callable[[gpd.GeoDataFrame, ExportCrs, str], Exported]

WRITERS: dict[ExportFormat, Writer] = {
    ExportFormat.GEOJSON: vector.geojson,
    ExportFormat.GEOPACKAGE: vector.geopackage,
    ExportFormat.SHAPEFILE: vector.shapefile,
    ExportFormat.KML: vector.kml,
    ExportFormat.CSV: sheet.csv_file,
    ExportFormat.XLSX: sheet.xlsx_file,
    ExportFormat.BOUNDARY_TXT: boundary_text.boundary_text,
}


def export_frame(
    frame: gpd.GeoDataFrame, target: ExportFormat, crs: ExportCrs, stem: str
) -> Exported:
    """Write a frame.

    Parameters
    ----------
    frame
        Any geometry, EPSG:4326, any columns. Not changed.
    target, crs
        The format and the coordinate system.
    stem
        Name of the file and its layer, without ending.

    Returns
    -------
    exported
        File name, bytes, and what the format could not carry.

    Raises
    ------
    CrsError
        If the frame is not in EPSG:4326.
    IntakeError
        ETK850 KML in another CRS, ETK866 an outline too long for XLSX, ETK867 a collection.
    """
    safe = re.sub(r'[\x00-\x1f<>:"/\\|?*]', "_", stem).strip(" .")[:80] or "export"
    return WRITERS[target](frame, crs, safe)
