"""What can be written, in which coordinate systems, and what a written file is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import geopandas as gpd

from etk_geo.crs import require_store_crs
from etk_geo.model import Issue


class ExportFormat(StrEnum):
    """The formats that are written."""

    GEOJSON = "geojson"
    GEOPACKAGE = "gpkg"
    SHAPEFILE = "shp"
    KML = "kml"
    CSV = "csv"
    XLSX = "xlsx"
    BOUNDARY_TXT = "txt"


class ExportCrs(StrEnum):
    """The coordinate systems that are written."""

    WGS84 = "EPSG:4326"
    CGCS2000 = "EPSG:4490"
    CM108 = "EPSG:4545"
    ZONE36 = "EPSG:4524"

    @property
    def is_geographic(self) -> bool:
        """Whether coordinates are degrees."""
        return self in (ExportCrs.WGS84, ExportCrs.CGCS2000)

    @property
    def decimals(self) -> int:
        """Decimals written in text formats: a hundredth of a millimetre, a tenth of one."""
        return 10 if self.is_geographic else 4


@dataclass(frozen=True)
class Exported:
    """A written file; ``issues`` name what the format could not carry."""

    name: str
    content: bytes
    issues: tuple[Issue, ...] = ()


def projected(frame: gpd.GeoDataFrame, crs: ExportCrs) -> gpd.GeoDataFrame:
    """Return a copy in the CRS to be written, x to the east.

    CGCS2000 takes the numbers of WGS 84 over: they agree within centimetres (``crs.py``).
    """
    require_store_crs(frame)
    if crs.is_geographic:
        return frame.set_crs(crs.value, allow_override=True)
    return frame.set_crs(ExportCrs.CGCS2000.value, allow_override=True).to_crs(crs.value)
