"""What a list of found items is on the map and in a file: features, extent, rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import geopandas as gpd
import pandas as pd
from shapely.geometry.base import BaseGeometry

from etk_geo.catalog import Layer
from etk_geo.crs import CRS_STORE
from etk_geo.maps.direction import FeatureRef
from etk_geo.model import LonLatBounds
from etk_geo.search import Item, ItemKind
from etk_geo.targets import TargetJoins
from etk_geo.wording import Words

LEAST_SPAN_DEG = 0.2
"""A single point is shown with some ten kilometres around it."""

EXPORTED = (
    *("kind", "id", "name_zh", "name_en", "category", "status", "layers", "townships"),
    *("sectors", "citations"),
)


def refs_of(item: Item, joins: TargetJoins) -> tuple[FeatureRef, ...]:
    """Return the features that show an item; those of its projects and places for a target.

    A layer is not its features: it is switched on instead.
    """
    if item.kind is ItemKind.TARGET:
        return target_refs(item.id, joins)
    if item.feature_id and item.layers:
        return (FeatureRef(item.layers[0], item.feature_id),)
    return ()


def target_refs(target: str, joins: TargetJoins) -> tuple[FeatureRef, ...]:
    """Return the features that carry a target: its projects, and the places it names itself."""
    projects = joins.projects[joins.projects["target_id"] == target]
    places = joins.places[(joins.places["target_id"] == target) & (joins.places["direct"])]
    pairs = [
        *zip(projects["layer_id"], projects["project_id"], strict=True),
        *zip(places["layer_id"], places["feature_id"], strict=True),
    ]
    return tuple(dict.fromkeys(FeatureRef(*pair) for pair in pairs if all(pair)))


def item_of(refs: Iterable[FeatureRef], items: Sequence[Item], joins: TargetJoins) -> Item | None:
    """Return the first item that a picked feature shows; what it is itself before targets."""
    picked = set(refs)
    for kinds in ({*ItemKind} - {ItemKind.TARGET}, {ItemKind.TARGET}):
        for item in items:
            if item.kind in kinds and picked.intersection(refs_of(item, joins)):
                return item
    return None


def extent_of(items: Iterable[Item]) -> LonLatBounds | None:
    """Return the box around the known positions of items, at least ``LEAST_SPAN_DEG`` wide."""
    boxes = [item.bounds for item in items if item.bounds]
    if not boxes:
        return None
    west, south = min(b.west for b in boxes), min(b.south for b in boxes)
    east, north = max(b.east for b in boxes), max(b.north for b in boxes)
    wide = max(LEAST_SPAN_DEG - (east - west), 0) / 2
    high = max(LEAST_SPAN_DEG - (north - south), 0) / 2
    return LonLatBounds(west - wide, south - high, east + wide, north + high)


def table_of(items: Sequence[Item], words: Words, layers: Mapping[str, Layer]) -> pd.DataFrame:
    """Return the items as the page lists them, a row each in their order."""
    rows = [
        {
            words.say("column.name"): item.name_zh if words.lang == "zh" else item.name_en,
            words.say("column.kind"): words.say(f"search.kind.{item.kind}"),
            words.say("record.status"): status_of(item, words),
            words.say("column.category"): words.category(item.category),
            words.say("column.layer"): words.join(
                words.layer(layers[name]) if name in layers else name for name in item.layers
            ),
            words.say("search.facet.township"): words.names("places", item.townships),
            words.say("column.position"): words.say(
                "position.known" if item.bounds else "position.none"
            ),
            words.say("column.citations"): words.join(item.citations),
        }
        for item in items
    ]
    return pd.DataFrame(rows)


def status_of(item: Item, words: Words) -> str:
    """Return a project's progress or a feature's status, empty where an item has none at all."""
    if item.kind is ItemKind.PROJECT:
        return words.code("progress", item.status) or words.say("progress.none")
    return words.code("status", item.status)


def frame_of(
    items: Sequence[Item], layers: Mapping[str, Layer], joins: TargetJoins
) -> gpd.GeoDataFrame:
    """Return the items with their geometry for export, WGS 84, ``None`` where unknown.

    Lists are joined by semicolons; a target has no geometry of its own.
    """
    shapes: dict[FeatureRef, BaseGeometry] = {
        FeatureRef(layer.id, str(name)): geometry
        for layer in layers.values()
        for name, geometry in zip(layer.gdf["id"], layer.gdf.geometry, strict=True)
    }
    rows = []
    geometries: list[BaseGeometry | None] = []
    for item in items:
        values = {name: getattr(item, name) for name in EXPORTED}
        rows.append({n: ";".join(v) if isinstance(v, tuple) else str(v) for n, v in values.items()})
        own = refs_of(item, joins) if item.kind is not ItemKind.TARGET else ()
        geometries.append(shapes.get(own[0]) if own else None)
    return gpd.GeoDataFrame(
        pd.DataFrame(rows, columns=list(EXPORTED)), geometry=geometries, crs=CRS_STORE
    )
