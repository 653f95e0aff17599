"""The coordinate reference systems of the project and the way between them.

Stored and exchanged: WGS 84 longitude, latitude (RFC 7946). Computed: EPSG:4545, CGCS2000
3-degree Gauss-Kruger, central meridian 108 E, which covers 106.5-109.5 E and with it the banner.
CGCS2000 and WGS 84 agree within centimetres and are treated as equal. ``estimate_utm_crs`` is not
used: the banner straddles the border of two UTM zones, so its answer depends on the selection.
"""

from __future__ import annotations

import threading

import geopandas as gpd
import numpy as np
import shapely
from pyproj import Geod, Transformer
from shapely.geometry.base import BaseGeometry

from etk_geo.errors import CrsError

CRS_STORE = "EPSG:4326"
CRS_METRIC = "EPSG:4545"
GEOD = Geod(ellps="GRS80")

TO_METRIC = (
    "proj=pipeline step proj=unitconvert xy_in=deg xy_out=rad "
    "step proj=tmerc lat_0=0 lon_0=108 k=1 x_0=500000 y_0=0 ellps=GRS80"
)
"""The operation that the EPSG data set gives from EPSG:4326 to EPSG:4545 (a test compares them).
Finding it there takes half a second in each new thread, and each visitor's click is one; written
out it takes a millisecond."""
TO_LONLAT = (
    "proj=pipeline step inv proj=tmerc lat_0=0 lon_0=108 k=1 x_0=500000 y_0=0 ellps=GRS80 "
    "step proj=unitconvert xy_in=rad xy_out=deg"
)

_local = threading.local()


def require_store_crs(gdf: gpd.GeoDataFrame) -> None:
    """Raise :class:`CrsError` unless ``gdf`` is in WGS 84 longitude, latitude."""
    if gdf.crs is None:
        raise CrsError("ETK301")
    if gdf.crs.to_epsg() != 4326:
        raise CrsError("ETK302", found=gdf.crs.to_string())


def _to_metric() -> Transformer:
    # pyproj transformers are not safe to share between threads.
    if not hasattr(_local, "to_metric"):
        _local.to_metric = Transformer.from_pipeline(TO_METRIC)
        _local.to_lonlat = Transformer.from_pipeline(TO_LONLAT)
    transformer: Transformer = _local.to_metric
    return transformer


def to_metric(geom: BaseGeometry) -> BaseGeometry:
    """Project a geometry from WGS 84 degrees to EPSG:4545 metres (east, north)."""
    transformer = _to_metric()
    return shapely.transform(geom, lambda xy: np.column_stack(transformer.transform(*xy.T)))


def to_lonlat(geom: BaseGeometry) -> BaseGeometry:
    """Project a geometry from EPSG:4545 metres (east, north) to WGS 84 degrees."""
    _to_metric()
    transformer: Transformer = _local.to_lonlat
    return shapely.transform(geom, lambda xy: np.column_stack(transformer.transform(*xy.T)))
