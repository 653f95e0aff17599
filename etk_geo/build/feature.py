"""One feature of a layer, with every property said or said to be unknown."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import shapely
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from etk_geo.geojson import round_coordinates
from etk_geo.model import FACT_PROPERTIES, FEATURE_PROPERTIES, Bound, Kind, Siting

DECIMALS = 5
"""Decimal places of a degree: about a metre, finer than any source of these layers."""


@dataclass(frozen=True)
class Feature:
    """A feature before it is written; the names are those of ``model.FEATURE_PROPERTIES``.

    ``geometry`` is in WGS 84 degrees, longitude first, or ``None`` where no position is known;
    ``accuracy_m`` and ``extent_m`` are metres, ``None`` where unknown.
    """

    id: str
    name_zh: str
    name_en: str
    kind: Kind
    geometry: BaseGeometry | None = None
    category: str | None = None
    status: str | None = None
    status_date: str | None = None
    bound: Bound | None = None
    accuracy_m: float | None = None
    accuracy_zh: str = ""
    accuracy_en: str = ""
    extent_m: float | None = None
    extent_basis: str | None = None
    siting: Siting | None = None
    orientation_only: bool = False
    places: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    citations: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    as_of: str | None = None
    known_zh: str = ""
    known_en: str = ""
    facts: tuple[Mapping[str, str], ...] = field(default=())

    def document(self, decimals: int = DECIMALS) -> dict[str, Any]:
        """Return the feature as GeoJSON, rings by the right-hand rule, degrees rounded."""
        values = {name: _plain(getattr(self, name)) for name in FEATURE_PROPERTIES}
        geometry = _geometry(self.geometry, decimals)
        return {"type": "Feature", "properties": values, "geometry": geometry}


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {name: str(value[name]) for name in FACT_PROPERTIES}
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def _geometry(geometry: BaseGeometry | None, decimals: int) -> dict[str, Any] | None:
    if geometry is None:
        return None
    parsed = mapping(shapely.orient_polygons(geometry))
    return {
        "type": parsed["type"],
        "coordinates": round_coordinates(parsed["coordinates"], decimals),
    }


def known_number(value: float) -> float | None:
    """Return a table's number, or ``None`` where the cell was empty."""
    return None if math.isnan(value) else float(value)


def known_text(value: str) -> str | None:
    """Return a table's text, or ``None`` where the cell was empty."""
    return value or None


def unique(ids: Iterable[str]) -> tuple[str, ...]:
    """Return ids without repeats, in order of first mention."""
    return tuple(dict.fromkeys(identifier for identifier in ids if identifier))
