"""The zones that projects are screened against, and why some of them cannot be checked.

Every zone type that a rule or the plan names is here: as the features that stand for it, or as one
row that says what is missing. A layer that is gone, empty, broken or changed by hand leaves its
rows behind as barriers, so that no pair can silently fall away.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from etk_geo.catalog import LAYER_FOLDERS, Catalog, Layer
from etk_geo.crs import CRS_STORE
from etk_geo.model import Bound, Kind
from etk_geo.rules import RuleBook
from etk_geo.screening.arrays import Ints, Strings, fixed
from etk_geo.screening.dissolve import dissolved, is_dissolved
from etk_geo.screening.official import (
    Official,
    coverage_of,
    in_force,
    official_of,
    stands_in_for,
)
from etk_geo.screening.relation import PreparedZones, prepare_zones

TYPE_PREFIX = "type:"
LAYER_PREFIX = "layer:"
NOT_USED = "ETK898"
"""Code of a file beside the supplied layers that was never put in force: it holds nothing."""

LINE_KINDS = (Kind.ROUTE, Kind.RIVER)
"""Kinds of feature besides ``zone`` that can stand for a zone type: existing roads and rivers, but
never a planned project."""

GEOMETRY_COLUMNS = ("zone_id", "bound", "accuracy_m", "extent_m", "extent_basis")


class Barrier(StrEnum):
    """Why a zone cannot be checked."""

    NONE = ""
    NO_LAYER = "no_layer"
    LAYER_MISSING = "layer_missing"
    LAYER_BROKEN = "layer_broken"
    FEATURE_MISSING = "feature_missing"
    POSITION_UNKNOWN = "position_unknown"
    ORIENTATION_ONLY = "orientation_only"
    NOT_SELECTED = "not_selected"
    SUPERSEDED = "superseded"
    OUTSIDE_COVERAGE = "outside_coverage"
    NOT_IN_FORCE = "not_in_force"


@dataclass(frozen=True)
class Zone:
    """One zone, or one zone type of which nothing is held.

    ``zone_types`` are the types it stands for (empty where its category is none). ``centreline``
    says that a line stands for something that has a width. ``detail`` has the issue codes of a
    broken layer. ``accuracy_m`` is ``None`` where unknown.
    """

    id: str
    name_zh: str
    name_en: str
    zone_types: tuple[str, ...]
    layer: str
    sha256: str
    as_of: str
    bound: str
    accuracy_m: float | None
    centreline: bool
    barrier: Barrier
    detail: str = ""


@dataclass(frozen=True)
class ZoneSet:
    """All zones in a fixed order, and the geometry of those that can be checked.

    ``gdf`` has ``GEOMETRY_COLUMNS`` and ``geometry``, WGS 84 degrees, one row per checkable zone in
    the order of ``zones``. ``coverage`` holds the geometry within which a layer says it is
    complete, by layer id. ``official`` are the layers that users supplied, by id; ``replaced``
    are stand-ins with the zone types for which an official layer answers in their place. Shared
    between sessions: treat as read-only.
    """

    zones: tuple[Zone, ...]
    gdf: gpd.GeoDataFrame
    coverage: Mapping[str, Any]
    official: Mapping[str, Official] = field(default_factory=dict)
    replaced: tuple[Zone, ...] = ()

    @cached_property
    def token(self) -> object:
        """A key of this set alone, for what is worked out of it once."""
        return object()

    @cached_property
    def ids(self) -> Strings:
        """Ids of all zones, read-only."""
        return fixed(np.array([zone.id for zone in self.zones], dtype=object))

    @cached_property
    def checkable(self) -> Ints:
        """Numbers of the zones that can be checked, read-only."""
        return fixed(np.flatnonzero([zone.barrier is Barrier.NONE for zone in self.zones]))

    @cached_property
    def barriers(self) -> Strings:
        """Why each zone cannot be checked, empty where it can, read-only."""
        return fixed(np.array([str(zone.barrier) for zone in self.zones], dtype=object))

    @cached_property
    def prepared(self) -> PreparedZones:
        """The geometry prepared for many projects, once."""
        return prepare_zones(self.gdf)


def collect_zones(
    catalog: Catalog,
    book: RuleBook,
    *,
    layers: Collection[str] | None = None,
    on: date | None = None,
) -> ZoneSet:
    """Gather every zone of the layers, and one row per zone type that no layer holds.

    Parameters
    ----------
    catalog
        The layers that opened, and what is wrong with the rest.
    book
        Rules; ``zone_sources`` say which features stand for which zone type. Any other feature
        whose category is the code of a zone type stands for that type: this is how an official
        layer is supplied.
    layers
        Ids of the layers to use; the zones of the others stay, as not selected. ``None`` uses all.
    on
        The day of the screening: of official layers the versions in force on it are used. ``None``
        takes the newest; screening bars those that are not in force on its day.

    Returns
    -------
    zones
        Sorted by id, features first, then the zone types without any feature.
    """
    catalog = in_force(catalog, on)
    official = official_of(catalog, book)
    sources, replaced = _without_replaced(_from_sources(catalog, book), official, book)
    found = [*sources, *_by_category(catalog, book), *_from_broken(catalog, book)]
    if layers is not None:
        found = [_deselect(zone, row, layers) for zone, row in found]
    found.sort(key=lambda item: item[0].id)
    represented = _represented([zone for zone, _ in found], official, book)
    empty = [_type_row(book, code) for code in sorted(set(book.zone_types) - represented)]
    zones = tuple([zone for zone, _ in found] + empty)
    checkable = [row for zone, row in found if zone.barrier is Barrier.NONE]
    coverage = coverage_of(catalog, official)
    return ZoneSet(zones, _frame(checkable), coverage, official, tuple(replaced))


def _without_replaced(
    sources: Iterator[tuple[Zone, dict[str, Any] | None]],
    official: Mapping[str, Official],
    book: RuleBook,
) -> tuple[list[tuple[Zone, dict[str, Any] | None]], list[Zone]]:
    """Take from stand-ins the zone types that an official layer answers for in their place."""
    kept, replaced = [], []
    for zone, row in sources:
        answered = {
            code
            for code in zone.zone_types
            for layer in official.values()
            if stands_in_for(layer, zone.id, code, book)
        }
        left = tuple(code for code in zone.zone_types if code not in answered)
        if answered:
            gone = tuple(code for code in zone.zone_types if code in answered)
            replaced.append(replace(zone, zone_types=gone))
        if left:
            kept.append((replace(zone, zone_types=left), row))
    return kept, replaced


def _represented(zones: list[Zone], official: Mapping[str, Official], book: RuleBook) -> set[str]:
    """Return the zone types of which no row need say that something is missing.

    A type is represented by zones of its own and, where the project's own data hold it, by narrower
    ones. Of an official layer less follows: one that shows its own zones only represents nothing,
    and a part stands for a wider type only where the parts make up the whole (those that are
    missing have rows of their own).
    """
    own = {code for zone in zones if zone.layer not in official for code in zone.zone_types}
    own |= {source.zone_type for source in book.zone_sources}
    found = {wider for code in own for wider in book.ancestors(code)}
    for layer in official.values():
        if layer.complete_somewhere:
            found.update(_wholes(layer.supplied.zone_type, book))
    return found


def _wholes(code: str, book: RuleBook) -> Iterator[str]:
    """Yield a zone type, and the wider types that it represents as one of all their parts."""
    yield code
    for wider in book.ancestors(code)[1:]:
        if not book.zone_types[wider].parts_complete:
            return
        yield wider


def _from_sources(catalog: Catalog, book: RuleBook) -> Iterator[tuple[Zone, dict[str, Any] | None]]:
    """Yield each feature that ``zone_sources`` names, whether or not it can be found."""
    types: dict[tuple[str, str], list[str]] = {}
    bounds: dict[tuple[str, str], str] = {}
    for source in book.zone_sources:
        key = (source.layer, source.feature)
        types.setdefault(key, []).append(source.zone_type)
        if source.bound:
            bounds[key] = source.bound
    for (layer_id, feature), codes in types.items():
        layer = catalog.layers.get(layer_id)
        row = None if layer is None else _row(layer, feature)
        if layer is None or row is None:
            barrier, detail = _absence(catalog, layer_id, layer)
            yield _absent(book, layer_id, feature, tuple(codes), barrier, detail), None
        else:
            bound = bounds.get((layer_id, feature), row["bound"])
            yield _zone(layer, {**row, "bound": bound}, tuple(codes))


def _by_category(catalog: Catalog, book: RuleBook) -> Iterator[tuple[Zone, dict[str, Any] | None]]:
    """Yield the features that name their zone type themselves, and zones of no known type."""
    named = {(source.layer, source.feature) for source in book.zone_sources}
    for layer in catalog.layers.values():
        if is_dissolved(layer):
            yield _whole(layer, book)
            continue
        for row in layer.gdf.to_dict("records"):
            if (layer.id, row["id"]) in named:
                continue
            known = row["category"] in book.zone_types
            if row["kind"] == Kind.ZONE or (known and row["kind"] in LINE_KINDS):
                yield _zone(layer, row, (row["category"],) if known else ())


def _whole(layer: Layer, book: RuleBook) -> tuple[Zone, dict[str, Any] | None]:
    """Return a layer of very many polygons as one zone, with the worst of their accuracies."""
    rows = (layer.gdf["kind"] == Kind.ZONE).to_numpy()
    first = layer.gdf[rows].iloc[0].to_dict()
    row = {
        **first,
        "id": layer.id,
        "name_zh": layer.provenance.title_zh,
        "name_en": layer.provenance.title_en,
        "accuracy_m": layer.gdf.loc[rows, "accuracy_m"].max(),
        "geometry": dissolved(layer, rows),
    }
    known = row["category"] in book.zone_types
    return _zone(layer, row, (row["category"],) if known else ())


def _from_broken(catalog: Catalog, book: RuleBook) -> Iterator[tuple[Zone, None]]:
    """Yield one row per layer that did not open and that no zone source names.

    What it held is not known; it may have been zones.
    """
    named = {source.layer for source in book.zone_sources} | set(catalog.layers)
    named |= set(catalog.former)
    files = [
        issue.file
        for issue in catalog.issues
        if issue.file.startswith(LAYER_FOLDERS) and issue.code != NOT_USED
    ]
    for layer_id in sorted({_stem(file) for file in files} - named):
        barrier, detail = _absence(catalog, layer_id, None)
        names = (layer_id, layer_id)
        yield _not_held(f"{LAYER_PREFIX}{layer_id}", names, (), layer_id, barrier, detail), None


def _stem(file: str) -> str:
    return file.rsplit("/", 1)[-1].split(".", 1)[0]


def _row(layer: Layer, feature: str) -> dict[str, Any] | None:
    rows = layer.gdf[layer.gdf["id"] == feature].to_dict("records")
    return rows[0] if rows else None


def _zone(
    layer: Layer, row: dict[str, Any], codes: tuple[str, ...]
) -> tuple[Zone, dict[str, Any] | None]:
    geometry = row["geometry"]
    barrier = Barrier.NONE
    if geometry is None or geometry.is_empty:
        barrier = Barrier.POSITION_UNKNOWN
    elif row["orientation_only"]:
        barrier = Barrier.ORIENTATION_ONLY
    line = geometry is not None and geometry.geom_type in ("LineString", "MultiLineString")
    zone = Zone(
        id=row["id"],
        name_zh=row["name_zh"],
        name_en=row["name_en"],
        zone_types=codes,
        layer=layer.id,
        sha256=layer.provenance.sha256,
        as_of=_text(row["as_of"]) or layer.provenance.as_of,
        bound=_text(row["bound"]),
        accuracy_m=_known(row["accuracy_m"]),
        centreline=line or row["bound"] == Bound.POSITION,
        barrier=barrier,
    )
    return zone, {**row, "zone_id": zone.id}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _known(value: Any) -> float | None:
    return None if value is None or pd.isna(value) else float(value)


def _absence(catalog: Catalog, layer_id: str, layer: Layer | None) -> tuple[Barrier, str]:
    if layer is not None:
        return Barrier.FEATURE_MISSING, ""
    codes = sorted({issue.code for issue in catalog.issues if _stem(issue.file) == layer_id})
    only_gone = codes in ([], ["ETK101"])
    return (Barrier.LAYER_MISSING if only_gone else Barrier.LAYER_BROKEN), ";".join(codes)


def _absent(
    book: RuleBook, layer: str, feature: str, codes: tuple[str, ...], barrier: Barrier, detail: str
) -> Zone:
    kind = book.zone_types[codes[0]]
    names = (f"{kind.name_zh}（{feature}）", f"{kind.name_en} ({feature})")
    return _not_held(feature, names, codes, layer, barrier, detail)


def _type_row(book: RuleBook, code: str) -> Zone:
    kind = book.zone_types[code]
    names = (kind.name_zh, kind.name_en)
    return _not_held(f"{TYPE_PREFIX}{code}", names, (code,), "", Barrier.NO_LAYER)


def _not_held(
    zone_id: str,
    names: tuple[str, str],
    codes: tuple[str, ...],
    layer: str,
    barrier: Barrier,
    detail: str = "",
) -> Zone:
    """Return a zone of which no feature is there; ``names`` are Chinese and English."""
    return Zone(
        id=zone_id,
        name_zh=names[0],
        name_en=names[1],
        zone_types=codes,
        layer=layer,
        sha256="",
        as_of="",
        bound="",
        accuracy_m=None,
        centreline=False,
        barrier=barrier,
        detail=detail,
    )


def _deselect(
    zone: Zone, row: dict[str, Any] | None, layers: Collection[str]
) -> tuple[Zone, dict[str, Any] | None]:
    if zone.layer in layers or zone.barrier is not Barrier.NONE:
        return zone, row
    return replace(zone, barrier=Barrier.NOT_SELECTED), row


def _frame(rows: list[dict[str, Any] | None]) -> gpd.GeoDataFrame:
    kept = [row for row in rows if row is not None]
    columns = {name: [row[name] for row in kept] for name in GEOMETRY_COLUMNS}
    geometry = np.empty(len(kept), dtype=object)
    geometry[:] = [row["geometry"] for row in kept]
    gdf = gpd.GeoDataFrame(columns, geometry=geometry, crs=CRS_STORE)
    for name in ("accuracy_m", "extent_m"):
        gdf[name] = gdf[name].astype("float64")
    return gdf
