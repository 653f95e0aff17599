"""Official layers that users supplied, as screening sees them: in force when, complete where.

That no zone of a type lies near a project means something only where a layer of that type is
complete; what a layer says of other places is nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import shapely

from etk_geo.catalog import Catalog, Layer
from etk_geo.crs import to_lonlat, to_metric
from etk_geo.model import COVERAGE, Completeness, Supplied
from etk_geo.rules import RuleBook

BANNER_LAYER, BANNER_FEATURE = "banner", "otog_banner"


@dataclass(frozen=True)
class Official:
    """An official layer in force. ``valid_to`` is empty where no end is known."""

    layer: str
    sha256: str
    supplied: Supplied

    @property
    def complete_somewhere(self) -> bool:
        """Whether the layer holds every zone of its type anywhere."""
        return self.supplied.complete is not Completeness.NOWHERE

    def valid(self, on: date) -> bool:
        """Whether the layer is in force on a day."""
        return valid(self.supplied, on)


def valid(supplied: Supplied, on: date) -> bool:
    """Whether an official layer is in force on a day; first and last day included."""
    day = on.isoformat()
    return supplied.valid_from <= day and (not supplied.valid_to or day <= supplied.valid_to)


def in_force(catalog: Catalog, on: date | None) -> Catalog:
    """Return the catalog with the official layers in force on a day, former ones among them.

    Without a day, as it is: the newest.
    """
    if on is None:
        return catalog
    layers = {
        layer.id: layer
        for layer in (*catalog.layers.values(), *catalog.former.values())
        if layer.provenance.supplied is None or valid(layer.provenance.supplied, on)
    }
    return replace(catalog, layers=layers)


def official_of(catalog: Catalog, book: RuleBook) -> dict[str, Official]:
    """Return the official layers of a catalog whose zone type the rules know, by id."""
    return {
        layer.id: Official(layer.id, layer.provenance.sha256, layer.provenance.supplied)
        for layer in catalog.layers.values()
        if layer.provenance.supplied is not None
        and layer.provenance.supplied.zone_type in book.zone_types
    }


def stands_in_for(layer: Official, feature: str, code: str, book: RuleBook) -> bool:
    """Tell whether an official layer answers for a stand-in of a zone type.

    It does where its supplier names the stand-in, or where it is complete for the whole banner:
    then the official line says everything there is of the type, and a rough line or a boundary
    that was not held adds nothing. Where it is complete in a part only, both stay. A territory
    (everywhere in the banner) is never replaced by lines.
    """
    supplied = layer.supplied
    if supplied.zone_type != code:
        return False
    everywhere = any(
        source.bound for source in book.zone_sources
        if source.feature == feature and source.zone_type == code
    )  # fmt: skip
    if everywhere:
        return False
    return feature in supplied.stands_for or supplied.complete is Completeness.BANNER


def coverage_of(catalog: Catalog, official: Mapping[str, Official]) -> dict[str, Any]:
    """Return the geometry within which layers are complete, degrees, by layer id.

    Official layers of one zone type complete one another. A layer that is complete for the banner
    is so where a place is surely in the banner: inside its outline by more than the outline's
    accuracy. One that shows its own zones only has no coverage of its own: its type's row says
    that others may exist.
    """
    stated = {
        layer.id: geometry
        for layer in catalog.layers.values()
        if (geometry := stated_coverage(layer)) is not None
    }
    banner = None
    for layer in official.values():
        if layer.supplied.complete is Completeness.BANNER:
            banner = surely_in_banner(catalog) if banner is None else banner
            stated[layer.layer] = banner
    coverage = {name: area for name, area in stated.items() if name not in official}
    for layer in official.values():
        areas = [
            stated[other.layer]
            for other in official.values()
            if other.supplied.zone_type == layer.supplied.zone_type and other.layer in stated
        ]
        if areas:
            coverage[layer.layer] = shapely.union_all(areas)
    return coverage


def stated_coverage(layer: Layer) -> Any | None:
    """Return the area within which a layer says that it is complete."""
    rows = layer.gdf[(layer.gdf["category"] == COVERAGE) & layer.gdf.geometry.notna()]
    return rows.geometry.union_all() if len(rows) else None


def surely_in_banner(catalog: Catalog) -> Any:
    """Return the places that are in the banner wherever its outline runs; none if it is gone."""
    layer = catalog.layers.get(BANNER_LAYER)
    rows = [] if layer is None else layer.gdf[layer.gdf["id"] == BANNER_FEATURE].to_dict("records")
    if not rows or rows[0]["geometry"] is None:
        return shapely.Polygon()
    # A little more: the projection's scale, and the flat sides of a rounded corner (0.12 %).
    reach_m = float(rows[0]["accuracy_m"]) * 1.002
    return to_lonlat(shapely.buffer(to_metric(rows[0]["geometry"]), -reach_m))
