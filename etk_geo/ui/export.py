"""Taking features away: every format in every coordinate system."""

from __future__ import annotations

import geopandas as gpd
import streamlit as st

from etk_geo.errors import EtkGeoError
from etk_geo.i18n import text
from etk_geo.intake.export.target import ExportCrs, ExportFormat
from etk_geo.intake.export.write import export_frame
from etk_geo.intake.wording import worded
from etk_geo.model import Issue, Lang
from etk_geo.ui.frame import describe

DEGREES_ONLY = (ExportFormat.KML,)
MIME = {
    ExportFormat.GEOJSON: "application/geo+json",
    ExportFormat.GEOPACKAGE: "application/geopackage+sqlite3",
    ExportFormat.SHAPEFILE: "application/zip",
    ExportFormat.KML: "application/vnd.google-earth.kml+xml",
    ExportFormat.CSV: "text/csv",
    ExportFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ExportFormat.BOUNDARY_TXT: "text/plain",
}


def offer_export(frame: gpd.GeoDataFrame, stem: str, key: str, lang: Lang) -> None:
    """Ask for format and coordinate system, and offer the file.

    Parameters
    ----------
    frame
        Any geometry, EPSG:4326, any columns. Not changed.
    stem
        Name of the file without ending.
    key
        Tells one place on the pages from another.
    """
    left, right = st.columns(2)
    formats: tuple[ExportFormat, ...] = tuple(ExportFormat)
    target = left.selectbox(
        text("export.format", lang),
        formats,
        format_func=lambda one: text(f"export.format_{one.value}", lang),
        key=f"export_format_{key}",
        filter_mode=None,
    )
    systems = [ExportCrs.WGS84] if target in DEGREES_ONLY else list(ExportCrs)
    crs = right.selectbox(
        text("export.crs", lang),
        systems,
        format_func=lambda one: text(f"export.crs_{one.value.removeprefix('EPSG:')}", lang),
        key=f"export_crs_{key}_{len(systems)}",
        filter_mode=None,
    )
    pressed = st.button(text("export.make", lang), key=f"export_make_{key}")
    if not pressed:
        return
    try:
        with st.spinner(text("export.making", lang), show_time=True):
            exported = export_frame(frame, target, crs, stem)
    except EtkGeoError as error:
        for issue in Issue.all_of(error):
            st.error(describe(worded(issue, lang), lang))
        return
    for issue in exported.issues:
        st.warning(describe(worded(issue, lang), lang))
    st.download_button(
        text("export.download", lang, name=exported.name),
        exported.content,
        exported.name,
        MIME[target],
        key=f"export_download_{key}",
        on_click="ignore",
        icon=":material/download:",
        type="primary",
    )
