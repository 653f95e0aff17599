"""A declared CRS that is none of the usual readings (Albers, Lambert, a local meridian)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
from pyproj import CRS, Transformer
from pyproj.transformer import AreaOfInterest, TransformerGroup

from etk_geo.crs import CRS_STORE
from etk_geo.intake.datums import DatumShift
from etk_geo.model import BANNER_BOUNDS

Floats = npt.NDArray[np.float64]

UNKNOWN_DATUM_M = 200.0
"""Bound of the error where PROJ knows no transformation: the old Chinese datums, the widest
shifted, are within 130 m (``datums.py``)."""


@dataclass(frozen=True)
class DeclaredCrs:
    """Coordinates in the CRS that their file declares, x to the east as GDAL hands them out."""

    crs: CRS

    @property
    def id(self) -> str:
        """``declared``, or its EPSG code."""
        code = self.crs.to_epsg()
        return f"epsg-{code}" if code else "declared"

    @cached_property
    def shift(self) -> DatumShift:
        """The transformation that PROJ finds best here, and its accuracy."""
        area = AreaOfInterest(*BANNER_BOUNDS)
        group = TransformerGroup(self.crs, CRS_STORE, always_xy=True, area_of_interest=area)
        best = group.transformers[0]
        known = best.accuracy is not None and best.accuracy >= 0
        return DatumShift(best.description, float(best.accuracy) if known else UNKNOWN_DATUM_M)

    def to_lonlat(self, first: Floats, second: Floats) -> tuple[Floats, Floats]:
        """Return WGS 84 degrees; NaN where there is no answer."""
        transformer = Transformer.from_crs(self.crs, CRS_STORE, always_xy=True)
        lon, lat = transformer.transform(first, second)
        lost = ~(np.isfinite(lon) & np.isfinite(lat))
        return np.where(lost, np.nan, lon), np.where(lost, np.nan, lat)
