"""Layers taken in, and statements about them; areas by hand: a 500 m square is 25 ha."""

from __future__ import annotations

from datetime import date

import geopandas as gpd
import pandas as pd

from etk_geo.intake.confirm import IntakeProvenance, Taken
from etk_geo.intake.formats import FileFormat
from etk_geo.intake.raw_layer import Origin
from etk_geo.model import Completeness
from etk_geo.supply.statement import Statement

TODAY = date(2026, 6, 1)


def taken(geometries, *, names=None, accuracy_m=5.0, **columns):
    """A layer taken in, in WGS 84, every feature with the accuracy given."""
    count = len(geometries)
    table = pd.DataFrame(
        {
            "name": names or [""] * count,
            "category": [""] * count,
            "decided_on": [None] * count,
            "accuracy_m": [accuracy_m] * count,
            **columns,
        }
    )
    origin = Origin("红线.gpkg", "红线.gpkg", "红线", FileFormat.GEOPACKAGE, "a" * 64)
    read = IntakeProvenance(
        origin, "cgcs2000", "CGCS2000 (EPSG:4490)", True, "CGCS2000 = WGS 84", 0.0, None, None, ""
    )
    frame = gpd.GeoDataFrame(table, geometry=list(geometries), crs=4326)
    return Taken(frame, tuple(str(n + 1) for n in range(count)), read, ())


def statement(zone_type="eco_redline", **values):
    """A statement in which nothing is missing."""
    given = {
        "zone_type": zone_type,
        "valid_from": date(2025, 6, 1),
        "holder": "旗自然资源局",
        "version": "2025",
        "title_zh": "官方界线",
        "licence": "内部使用",
        "restricted": False,
        "complete": Completeness.BANNER,
        **values,
    }
    return Statement(**given)
