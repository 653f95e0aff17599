"""What is different between two versions of a feature: members, size, and how far it moved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from etk_geo.build.edits import members
from etk_geo.crs import GEOD
from etk_geo.measure import area_m2, length_m

ABSENT: Mapping[str, Any] = {}
"""The members of a feature that is not there: before it was added, or after it was deleted."""


@dataclass(frozen=True)
class Difference:
    """A member whose value is not the same in two versions."""

    member: str
    before: Any
    after: Any


@dataclass(frozen=True)
class Size:
    """How large a geometry is: square metres of areas, metres of lines, both on the ellipsoid."""

    parts: int
    corners: int
    area_m2: float
    length_m: float
    middle: tuple[float, float]


def list_differences(
    before: Mapping[str, Any] | None, after: Mapping[str, Any] | None
) -> list[Difference]:
    """Return the members that differ, the geometry first; ``None`` is a feature that is not there.

    Members of nothing count as unknown: what is empty on both sides is left out.
    """
    old = ABSENT if before is None else members(before)
    new = ABSENT if after is None else members(after)
    names = list(old or new)
    return [
        Difference(name, old.get(name), new.get(name))
        for name in names
        if (old.get(name) or None) != (new.get(name) or None)
        or (name in old and name in new and old[name] != new[name])
    ]


def measure_geometry(geometry: Mapping[str, Any] | None) -> Size | None:
    """Return the size of a GeoJSON geometry, ``None`` where there is none."""
    if geometry is None:
        return None
    parsed: BaseGeometry = shape(dict(geometry))
    dimension = int(shapely.get_dimensions(parsed))
    middle = parsed.centroid
    return Size(
        parts=len(shapely.get_parts(parsed)),
        corners=len(shapely.get_coordinates(parsed)),
        area_m2=area_m2(parsed) if dimension == 2 else 0.0,
        length_m=length_m(parsed) if dimension == 1 else 0.0,
        middle=(middle.x, middle.y),
    )


def moved_m(before: Size | None, after: Size | None) -> float | None:
    """Return how far the middle of a geometry moved, in metres along the ground."""
    if before is None or after is None:
        return None
    _, _, metres = GEOD.inv(*before.middle, *after.middle)
    return float(metres)
