"""What a user changes of a feature, and whether the feature is sound with it."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import shapely
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry

from etk_geo.build.edits import FIXED, GEOMETRY
from etk_geo.catalog import check_properties, layer_frame
from etk_geo.geojson import MAX_DECIMALS, check_document, round_coordinates
from etk_geo.lint import check_layer
from etk_geo.model import FEATURE_PROPERTIES, Issue
from etk_geo.plan import Plan

EDITABLE = tuple(name for name in FEATURE_PROPERTIES if name not in FIXED)
"""Properties that can be edited."""


@dataclass(frozen=True)
class Change:
    """What is to be different.

    Parameters
    ----------
    geometry
        WGS 84 degrees, longitude first; left out where ``has_geometry`` is false, ``None`` to say
        that no position is known. With a new position ``bound`` and ``accuracy_m`` say how good it
        is; they are never guessed.
    has_geometry
        Whether the geometry is to change at all.
    properties
        New values by name, of :data:`EDITABLE`.
    """

    geometry: BaseGeometry | None = None
    has_geometry: bool = False
    properties: Mapping[str, Any] = field(default_factory=dict)


def changed_document(document: Mapping[str, Any], change: Change) -> dict[str, Any]:
    """Return a feature with a change; rings by the right-hand rule, degrees rounded to 1 cm."""
    changed = copy.deepcopy(dict(document))
    changed["properties"].update(change.properties)
    if change.has_geometry:
        changed[GEOMETRY] = _plain(change.geometry)
    return changed


def _plain(geometry: BaseGeometry | None) -> dict[str, Any] | None:
    if geometry is None or geometry.is_empty:
        return None
    parsed = mapping(shapely.orient_polygons(shapely.force_2d(geometry)))
    coordinates = round_coordinates(parsed["coordinates"], MAX_DECIMALS)
    return {"type": parsed["type"], "coordinates": coordinates}


def check_change(document: Mapping[str, Any], change: Change, plan: Plan, file: str) -> list[Issue]:
    """List what would be wrong with a feature after a change, as the linter would find it."""
    identifier = str(document["properties"]["id"])
    foreign = [name for name in change.properties if name not in EDITABLE]
    if foreign:
        return [Issue(file, identifier, "ETK127", {"member": name}) for name in foreign]
    if change.geometry is not None and not _is_plain(change.geometry):
        return [Issue(file, identifier, "ETK107")]
    changed = changed_document(document, change)
    issues = check_document({"type": "FeatureCollection", "features": [changed]}, file)
    issues = issues or check_properties([changed], file)
    if issues:
        return issues
    if changed[GEOMETRY] is not None and not shapely.is_valid(shape(changed[GEOMETRY])):
        reason = str(shapely.is_valid_reason(shape(changed[GEOMETRY])))
        return [Issue(file, identifier, "ETK111", {"reason": reason})]
    return list(check_layer(file, layer_frame([changed]), plan))


def _is_plain(geometry: BaseGeometry) -> bool:
    coordinates = shapely.get_coordinates(geometry)
    return bool(abs(coordinates).max(initial=0.0) < float("inf"))
