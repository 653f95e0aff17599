"""Layers of very many polygons screened as one zone: their union, made once for each layer.

Two hundred thousand farmland parcels are one permanent basic farmland; a verdict on each of them
would help nobody. Polygons that meet no other are taken as they are, the others are united group
by group, which is faster by far than uniting all at once.
"""

from __future__ import annotations

from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from etk_geo.catalog import Layer

MOST_ZONES = 2000
"""Official layers of more features are one zone."""
MOST_KEPT = 4

_kept: dict[str, Any] = {}
_lock = Lock()


def is_dissolved(layer: Layer) -> bool:
    """Tell whether a layer is screened as one zone."""
    if layer.provenance.supplied is None or len(layer.gdf) <= MOST_ZONES:
        return False
    return bool(np.isin(shapely.get_type_id(layer.gdf.geometry.to_numpy()), (3, 6)).all())


def dissolved(layer: Layer, rows: npt.NDArray[np.bool_]) -> Any:
    """Return the union of a layer's polygons, degrees, kept by the layer's checksum."""
    digest = layer.provenance.sha256
    with _lock:
        if digest not in _kept:
            while len(_kept) >= MOST_KEPT:
                _kept.pop(next(iter(_kept)))
            _kept[digest] = unite(layer.gdf.geometry.to_numpy()[rows])
        return _kept[digest]


def unite(polygons: npt.NDArray[Any]) -> Any:
    """Return the union of polygons and multipolygons (valid, any CRS) as one multipolygon."""
    parts = shapely.get_parts(polygons)
    if bool(shapely.coverage_is_valid(parts)):
        # No two share more than whole edges: their common edges can simply be left out.
        return shapely.coverage_union_all(parts)
    groups = _groups(parts)
    order = np.argsort(groups, kind="stable")
    starts = np.flatnonzero(np.diff(groups[order], prepend=-1))
    united: list[Any] = []
    for members in np.split(order, starts[1:]):
        whole = parts[members[0]] if len(members) == 1 else shapely.union_all(parts[members])
        united.extend(shapely.get_parts(whole))
    return shapely.MultiPolygon(united)


def _groups(parts: npt.NDArray[Any]) -> npt.NDArray[np.intp]:
    """Return for each polygon the number of the group of those that it meets, directly or not."""
    tree = shapely.STRtree(parts)
    one, other = tree.query(parts, predicate="intersects")
    group = np.arange(len(parts))
    one, other = one[one < other], other[one < other]
    while True:
        # Each takes the least number among those that it meets, until nothing changes.
        least = group.copy()
        np.minimum.at(least, one, group[other])
        np.minimum.at(least, other, group[one])
        least = least[least]
        if (least == group).all():
            return group
        group = least
