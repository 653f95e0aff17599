"""A reading of coordinates: datum, projection, zone prefix, axis order and unit together.

Each reading turns a pair of numbers into degrees of WGS 84. :func:`plausible_readings` lists those
that numbers of a given size can have at all; which of them land near the banner is
``understanding.py``'s question.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
import numpy.typing as npt
from pyproj import Transformer

from etk_geo.intake.datums import ELLIPSOID, WEB_MAP_DATUMS, Datum, to_wgs84

Floats = npt.NDArray[np.float64]


class ProjectionKind(StrEnum):
    """The families of projections that are tried."""

    GEOGRAPHIC = "geographic"
    GAUSS_KRUGER = "gk"
    UTM = "utm"
    WEB_MERCATOR = "mercator"


class Unit(StrEnum):
    """What one unit of a coordinate is."""

    DEGREE = "degree"
    PACKED_DMS = "packed"
    """Degrees, minutes and seconds in one number: 107.3015 is 107°30′15″."""
    METRE = "m"
    KILOMETRE = "km"
    MILLIMETRE = "mm"


METRES = {Unit.METRE: 1.0, Unit.KILOMETRE: 1000.0, Unit.MILLIMETRE: 0.001}


@dataclass(frozen=True)
class Projection:
    """A projection: ``prefix`` is the zone number in front of the easting, 0 for none.

    ``zone_width`` is 3 or 6 degrees, 0 where it makes no difference (no prefix, or no zones).
    """

    kind: ProjectionKind
    central_meridian: int = 0
    prefix: int = 0
    zone_width: int = 0

    @property
    def is_geographic(self) -> bool:
        """Whether coordinates are angles."""
        return self.kind is ProjectionKind.GEOGRAPHIC


GEOGRAPHIC = Projection(ProjectionKind.GEOGRAPHIC)


@dataclass(frozen=True)
class Reading:
    """One way to read coordinates; ``north_first`` where the first number is the north or lat."""

    datum: Datum
    projection: Projection
    north_first: bool = False
    unit: Unit = Unit.DEGREE

    @property
    def id(self) -> str:
        """A stable name, as the command line takes it: ``cgcs2000-gk108-prefix36``."""
        parts: list[str] = [self.datum.value]
        projection = self.projection
        if projection.kind is ProjectionKind.WEB_MERCATOR:
            parts.append("mercator")
        elif not projection.is_geographic:
            parts.append(f"{projection.kind.value}{projection.central_meridian}")
        if projection.prefix:
            parts.append(f"prefix{projection.prefix}")
        if self.north_first:
            parts.append("north-first")
        if self.unit not in (Unit.DEGREE, Unit.METRE):
            parts.append(self.unit.value)
        return "-".join(parts)

    def to_own_lonlat(self, first: Floats, second: Floats) -> tuple[Floats, Floats]:
        """Return degrees on the reading's own datum. Inputs are not changed."""
        x, y = (second, first) if self.north_first else (first, second)
        if self.unit is Unit.PACKED_DMS:
            x, y = unpack_dms(x), unpack_dms(y)
        elif self.unit is not Unit.DEGREE:
            x, y = x * METRES[self.unit], y * METRES[self.unit]
        if not self.projection.is_geographic:
            x, y = _inverse(self, x, y)
        return np.asarray(x, float), np.asarray(y, float)

    def to_lonlat(self, first: Floats, second: Floats) -> tuple[Floats, Floats]:
        """Return WGS 84 degrees of pairs of numbers; NaN where there is no answer.

        Inputs are not changed.
        """
        with np.errstate(all="ignore"):
            lon, lat = to_wgs84(self.datum, *self.to_own_lonlat(first, second))
        lost = ~(np.isfinite(lon) & np.isfinite(lat))
        return np.where(lost, np.nan, lon), np.where(lost, np.nan, lat)


def unpack_dms(values: Floats) -> Floats:
    """Return degrees of numbers written DDD.MMSSs; NaN where minutes or seconds reach 60."""
    sign = np.sign(values)
    # Rounded at a millionth of a second: 107.30 is 107.29999999999999 to the machine.
    total = np.round(np.abs(values) * 10000, 6)
    degrees = np.floor(total / 10000)
    minutes = np.floor(total / 100 - degrees * 100)
    seconds = total - degrees * 10000 - minutes * 100
    sound = (minutes < 60) & (seconds < 60)
    unpacked: Floats = np.where(sound, sign * (degrees + minutes / 60 + seconds / 3600), np.nan)
    return unpacked


_local = threading.local()


def _inverse(reading: Reading, x: Floats, y: Floats) -> tuple[Floats, Floats]:
    definition = projection_definition(reading.datum, reading.projection)
    cache: dict[str, Transformer] = _local.__dict__.setdefault("inverse", {})
    if definition not in cache:  # transformers are not shared between threads
        pipeline = f"+proj=pipeline +step +inv {definition} +step +proj=unitconvert "
        cache[definition] = Transformer.from_pipeline(f"{pipeline} +xy_in=rad +xy_out=deg")
    lon, lat = cache[definition].transform(x, y)
    return np.asarray(lon), np.asarray(lat)


def projection_definition(datum: Datum, projection: Projection) -> str:
    """Return PROJ's definition of a projection on the ellipsoid of a datum, metres."""
    if projection.kind is ProjectionKind.WEB_MERCATOR:
        return "+proj=webmerc +ellps=WGS84"
    scale = 0.9996 if projection.kind is ProjectionKind.UTM else 1
    east = 500000 + projection.prefix * 1_000_000
    return (
        f"+proj=tmerc +lat_0=0 +lon_0={projection.central_meridian} +k={scale} "
        f"+x_0={east} +y_0=0 {ELLIPSOID[datum]}"
    )


SURVEY_DATUMS = (Datum.CGCS2000, Datum.XIAN80, Datum.BEIJING54)
MERIDIANS_3_DEGREE = (105, 108, 111)
ZONE_WIDTH_OF = {105: 0, 108: 3, 111: 0}
"""105 and 111 E are meridians of 3- and of 6-degree zones alike: without prefix no difference."""


def plausible_readings(first: float, second: float) -> Iterator[Reading]:
    """List the readings that a pair of typical values can have, CGCS2000 first of each group."""
    for north_first, east, north in ((False, first, second), (True, second, first)):
        if 60 <= east <= 150 and 15 <= north <= 56:
            for unit in (Unit.DEGREE, Unit.PACKED_DMS):
                for datum in Datum:
                    yield Reading(datum, GEOGRAPHIC, north_first, unit)
        for unit, metres in METRES.items():
            for reading in _metric_readings(east * metres, north * metres):
                yield replace(reading, north_first=north_first, unit=unit)


def _metric_readings(east: float, north: float) -> Iterator[Reading]:
    """List the readings of one easting and northing in metres."""
    if not 3_000_000 <= north <= 6_500_000:
        return
    zone = int(east // 1_000_000)
    if 25 <= zone <= 45:
        projection = Projection(ProjectionKind.GAUSS_KRUGER, 3 * zone, zone, 3)
        yield from (Reading(datum, projection) for datum in SURVEY_DATUMS)
    elif 13 <= zone <= 23:
        projection = Projection(ProjectionKind.GAUSS_KRUGER, 6 * zone - 3, zone, 6)
        yield from (Reading(datum, projection) for datum in SURVEY_DATUMS)
    if 0 < east < 1_000_000:
        for meridian in MERIDIANS_3_DEGREE:
            width = ZONE_WIDTH_OF[meridian]
            projection = Projection(ProjectionKind.GAUSS_KRUGER, meridian, 0, width)
            yield from (Reading(datum, projection) for datum in SURVEY_DATUMS)
        for meridian in (105, 111):
            yield Reading(Datum.CGCS2000, Projection(ProjectionKind.UTM, meridian))
    if 9_000_000 <= east <= 15_000_000:
        mercator = Projection(ProjectionKind.WEB_MERCATOR)
        yield Reading(Datum.CGCS2000, mercator)
        yield Reading(Datum.GCJ02, mercator)


def is_web_map(reading: Reading) -> bool:
    """Tell whether a reading takes coordinates for those of a Chinese web map."""
    return reading.datum in WEB_MAP_DATUMS
