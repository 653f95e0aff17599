"""Datums that coordinates of this region come in, and the way from each to WGS 84.

CGCS2000 and WGS 84 agree within centimetres and count as one. GCJ-02 and BD-09 are the shifted
coordinates of Chinese web maps. Nothing here knows projections or files.

Sources of the accuracies
-------------------------
Beijing 1954: EPSG:15936, Ordos basin, 107-110.01 E, 35-39 N, 1 m. The banner lies mostly north of
it; there only the published range of the shift holds (X 29-62 m, Y -56 to 84 m, technical guide for
the transition to CGCS2000), against which the EPSG shift is off by 125 m at most.
Xian 1980: no transformation is published in the EPSG data set. Coordinates are taken over
unchanged; the same guide gives shifts of at most 43 m in X and 119 m in Y, 127 m together.
GCJ-02, BD-09: the public formulas, inverted by iteration; 10 m covers the spread between
implementations of the map services, the inversion itself is exact to a millimetre.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt
from pyproj import Transformer

from etk_geo.intake.web_map_shift import bd09_to_gcj02, gcj02_to_wgs84
from etk_geo.model import LonLatBounds

Floats = npt.NDArray[np.float64]


class Datum(StrEnum):
    """A datum, or a shifted rendering of one."""

    CGCS2000 = "cgcs2000"
    XIAN80 = "xian80"
    BEIJING54 = "beijing54"
    GCJ02 = "gcj02"
    BD09 = "bd09"


WEB_MAP_DATUMS = frozenset({Datum.GCJ02, Datum.BD09})

ELLIPSOID = {
    Datum.CGCS2000: "+ellps=GRS80",
    Datum.XIAN80: "+ellps=IAU76",
    Datum.BEIJING54: "+ellps=krass",
    Datum.GCJ02: "+ellps=GRS80",
    Datum.BD09: "+ellps=GRS80",
}
"""PROJ's name of each ellipsoid; GRS 1980 and CGCS2000 differ by a tenth of a millimetre."""

BEIJING54_AREA = LonLatBounds(107.0, 35.0, 110.01, 39.0)
_BEIJING54_TO_WGS84 = (
    "+proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad "
    "+step +proj=push +v_3 +step +proj=cart +ellps=krass "
    "+step +proj=helmert +x=11.911 +y=-154.833 +z=-80.079 "
    "+step +inv +proj=cart +ellps=WGS84 +step +proj=pop +v_3 "
    "+step +proj=unitconvert +xy_in=rad +xy_out=deg"
)


@dataclass(frozen=True)
class DatumShift:
    """How a datum is taken to WGS 84, and how far off the result can be.

    ``name`` is shown and recorded; ``accuracy_m`` bounds the error in metres.
    """

    name: str
    accuracy_m: float


@dataclass(frozen=True)
class LocalShift:
    """A shift known to the user: metres to add to the north and east of the old coordinates."""

    north_m: float
    east_m: float
    accuracy_m: float
    source: str


_local = threading.local()


def to_wgs84(datum: Datum, lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """Take degrees of a datum to degrees of WGS 84. Inputs are not changed."""
    if datum is Datum.GCJ02:
        return gcj02_to_wgs84(lon, lat)
    if datum is Datum.BD09:
        return gcj02_to_wgs84(*bd09_to_gcj02(lon, lat))
    if datum is Datum.BEIJING54:
        if not hasattr(_local, "beijing54"):  # transformers are not shared between threads
            _local.beijing54 = Transformer.from_pipeline(_BEIJING54_TO_WGS84)
        new_lon, new_lat = _local.beijing54.transform(lon, lat)
        return np.asarray(new_lon), np.asarray(new_lat)
    return lon.copy(), lat.copy()


def datum_shift(datum: Datum, lon: Floats, lat: Floats) -> DatumShift:
    """Return the transformation that :func:`to_wgs84` uses for these places (degrees)."""
    if datum is Datum.CGCS2000:
        return DatumShift("CGCS2000 = WGS 84 (within centimetres)", 0.0)
    if datum is Datum.BEIJING54:
        box = BEIJING54_AREA
        with np.errstate(invalid="ignore"):
            inside = (box.west <= lon) & (lon <= box.east) & (box.south <= lat) & (lat <= box.north)
        return DatumShift("EPSG:15936 Beijing 1954 to WGS 84 (6)", 1.0 if inside.all() else 125.0)
    if datum is Datum.XIAN80:
        return DatumShift("Xian 1980 = WGS 84 (no published transformation)", 127.0)
    if datum is Datum.GCJ02:
        return DatumShift("GCJ-02 to WGS 84, iterated", 10.0)
    return DatumShift("BD-09 to GCJ-02 to WGS 84, iterated", 10.0)


def apply_local_shift(shift: LocalShift, lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """Move degrees by metres to the north and east (GRS 80 radii at each latitude)."""
    a, e2 = 6378137.0, 0.00669438002290
    root = np.sqrt(1 - e2 * np.sin(np.radians(lat)) ** 2)
    meridian = a * (1 - e2) / root**3
    parallel = a / root * np.cos(np.radians(lat))
    return lon + np.degrees(shift.east_m / parallel), lat + np.degrees(shift.north_m / meridian)
