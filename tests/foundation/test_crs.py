"""The way between degrees and metres is the one that the EPSG data set names."""

from __future__ import annotations

import numpy as np
import shapely
from pyproj import Transformer

from etk_geo.crs import CRS_METRIC, CRS_STORE, to_lonlat, to_metric
from etk_geo.model import REGION_BOUNDS

LON = np.linspace(REGION_BOUNDS.west, REGION_BOUNDS.east, 41)
LAT = np.linspace(REGION_BOUNDS.south, REGION_BOUNDS.north, 41)
DEGREES = np.stack(np.meshgrid(LON, LAT), axis=-1).reshape(-1, 2)


def test_projection_is_that_of_the_epsg_data_set():
    named = Transformer.from_crs(CRS_STORE, CRS_METRIC, always_xy=True)
    metres = shapely.get_coordinates(to_metric(shapely.points(DEGREES)))
    np.testing.assert_array_equal(metres, np.column_stack(named.transform(*DEGREES.T)))


def test_way_back_is_that_of_the_epsg_data_set():
    metres = shapely.get_coordinates(to_metric(shapely.points(DEGREES)))
    named = Transformer.from_crs(CRS_METRIC, CRS_STORE, always_xy=True)
    degrees = shapely.get_coordinates(to_lonlat(shapely.points(metres)))
    np.testing.assert_array_equal(degrees, np.column_stack(named.transform(*metres.T)))
    np.testing.assert_allclose(degrees, DEGREES, atol=1e-9)
