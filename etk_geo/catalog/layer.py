"""A layer that opened, the catalog of those that did, and features as a frame."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from shapely.geometry import shape

from etk_geo.crs import CRS_STORE
from etk_geo.model import FEATURE_PROPERTIES, Issue, Provenance


@dataclass(frozen=True)
class Layer:
    """A layer that passed the checks.

    ``gdf`` has the columns of ``model.FEATURE_PROPERTIES`` and ``geometry``, WGS 84 degrees, one
    row per feature, index 0..n-1; the geometry of an unlocated feature is ``None``. Shared between
    sessions: treat as read-only.
    """

    provenance: Provenance
    gdf: gpd.GeoDataFrame

    @property
    def id(self) -> str:
        """The layer's id."""
        return self.provenance.id

    @property
    def located(self) -> gpd.GeoDataFrame:
        """The features that have a geometry."""
        return self.gdf[self.gdf.geometry.notna()]

    @property
    def unlocated(self) -> gpd.GeoDataFrame:
        """The features whose position is not known."""
        return self.gdf[self.gdf.geometry.isna()]


@dataclass(frozen=True)
class Catalog:
    """The layers that opened, in legend order, and what is wrong with the rest.

    ``former`` are official layers that a newer version superseded: for screening under a date
    before it, shown nowhere.
    """

    layers: Mapping[str, Layer]
    issues: tuple[Issue, ...]
    former: Mapping[str, Layer] = field(default_factory=dict)


def layer_frame(features: Sequence[Mapping[str, Any]]) -> gpd.GeoDataFrame:
    """Return sound features as a frame, columns as :class:`Layer` says."""
    geometries = [
        None if feature["geometry"] is None else shape(feature["geometry"]) for feature in features
    ]
    columns = {
        name: [feature["properties"][name] for feature in features] for name in FEATURE_PROPERTIES
    }
    return _frame_of(columns, geometries)


def features_frame(
    columns: Mapping[str, Sequence[Any]], geometry: Any, last: Mapping[str, Any] | None
) -> gpd.GeoDataFrame:
    """Return features given property by property as a frame, and one more feature as its last."""
    if last is None:
        return _frame_of(columns, geometry)
    more = {name: [*values, last["properties"][name]] for name, values in columns.items()}
    return _frame_of(more, [*geometry, shape(last["geometry"])])


def _frame_of(columns: Mapping[str, Sequence[Any]], geometry: Any) -> gpd.GeoDataFrame:
    gdf = gpd.GeoDataFrame(dict(columns), geometry=geometry, crs=CRS_STORE)
    for name in ("accuracy_m", "extent_m"):
        gdf[name] = gdf[name].astype("float64")
    return gdf


def invalid_geometries(gdf: gpd.GeoDataFrame) -> dict[str, str]:
    """Return the reason why a geometry is invalid, by feature id."""
    located = gdf[gdf.geometry.notna()]
    valid = shapely.is_valid(np.asarray(located.geometry))
    invalid = located[~valid]
    return {
        str(feature_id): str(shapely.is_valid_reason(geometry))
        for feature_id, geometry in zip(invalid["id"], invalid.geometry, strict=True)
    }
