"""Rings put together into polygons: which is a shell and which a hole, by what lies in what.

Ring numbers and winding are written differently by every program; containment is not.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

Ring = npt.NDArray[np.float64]


def assemble_polygons(rings: Sequence[Ring]) -> tuple[BaseGeometry, int]:
    """Return the polygon or multipolygon of closed rings, even-odd.

    Returns
    -------
    geometry, extra_parts
        ``extra_parts`` counts the shells beyond the first. Invalid rings are kept as they are.
    """
    shells = np.asarray([shapely.Polygon(ring) for ring in rings], dtype=object)
    if len(shells) == 1:
        return shells[0], 0
    holders = _holders(shells)
    parts: dict[int, list[int]] = {}
    for index, holding in enumerate(holders):
        if len(holding) % 2 == 0:
            parts.setdefault(index, [])
        else:
            # The innermost ring around a hole is the shell it is cut from.
            owner = max(holding, key=lambda j: len(holders[j]))
            parts.setdefault(owner, []).append(index)
    polygons = [
        shapely.Polygon(rings[shell], [rings[hole] for hole in holes])
        for shell, holes in parts.items()
    ]
    if len(polygons) == 1:
        return polygons[0], 0
    return shapely.MultiPolygon(polygons), len(polygons) - 1


def _holders(shells: npt.NDArray[Any]) -> list[list[int]]:
    """Return for every ring the larger rings around a point inside it."""
    inside = shapely.point_on_surface(shells)
    areas = shapely.area(shells)
    tree = shapely.STRtree(shells)
    holders: list[list[int]] = [[] for _ in shells]
    for index, holder in tree.query(inside, predicate="intersects").T:
        larger = areas[holder] > areas[index]
        if larger and shapely.covers(shells[holder].envelope, shells[index].envelope):
            holders[int(index)].append(int(holder))
    return holders
