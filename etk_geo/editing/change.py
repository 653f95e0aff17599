"""What a user changes of a feature, and whether the feature is sound with it."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import shapely
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry

from etk_geo.build.edits import FIXED, GEOMETRY
from etk_geo.catalog import check_properties, layer_frame
from etk_geo.geojson import MAX_DECIMALS, check_document, round_coordinates
from etk_geo.intake.partial_date import is_date
from etk_geo.intake.problems import explain
from etk_geo.lint import check_layer
from etk_geo.model import FEATURE_PROPERTIES, LIST_PROPERTIES, Issue, Kind
from etk_geo.plan import Plan

EDITABLE = tuple(name for name in FEATURE_PROPERTIES if name not in FIXED)
"""Properties that can be edited."""

DATES = ("status_date", "as_of")
"""Properties that are dates as far as they are known: a year, a month or a day."""

HOW_GOOD = ("bound", "accuracy_m")
"""What must be said with every new position."""


@dataclass(frozen=True)
class Change:
    """What is to be different.

    Parameters
    ----------
    geometry
        WGS 84 degrees, longitude first; left out where ``has_geometry`` is false, ``None`` to say
        that no position is known. With a new position ``bound`` and ``accuracy_m`` say how good it
        is, be they the same as before; they are never guessed.
    has_geometry
        Whether the geometry is to change at all.
    properties
        New values by name, of :data:`EDITABLE`.
    """

    geometry: BaseGeometry | None = None
    has_geometry: bool = False
    properties: Mapping[str, Any] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        """The members that the change sets."""
        return (*self.properties, *([GEOMETRY] if self.has_geometry else []))


def change_between(before: Mapping[str, Any], after: Mapping[str, Any]) -> Change:
    """Return the change that makes one version of a feature another one."""
    properties = {
        name: after["properties"][name]
        for name in EDITABLE
        if before["properties"][name] != after["properties"][name]
    }
    if before[GEOMETRY] == after[GEOMETRY]:
        return Change(properties=properties)
    geometry = None if after[GEOMETRY] is None else shape(after[GEOMETRY])
    if geometry is not None:
        properties |= {name: after["properties"][name] for name in HOW_GOOD}
    return Change(geometry, has_geometry=True, properties=properties)


def blank_document(identifier: str, kind: Kind) -> dict[str, Any]:
    """Return a feature of which nothing is known yet."""
    values: dict[str, Any] = dict.fromkeys(FEATURE_PROPERTIES)
    texts = ("name", "accuracy", "known")
    values |= {f"{stem}_{lang}": "" for stem in texts for lang in ("zh", "en")}
    values |= {name: [] for name in (*LIST_PROPERTIES, "facts")}
    values |= {"id": identifier, "kind": kind.value, "orientation_only": False}
    return {"type": "Feature", "properties": values, GEOMETRY: None}


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
    """List what would be wrong with a feature after a change, as the linter would find it.

    Beyond that, a new position must say how good it is, and a date be one.
    """
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
        reason, place = explain(shape(changed[GEOMETRY]))
        detail = {"reason": reason, "lon": f"{place.lon:.5f}", "lat": f"{place.lat:.5f}"}
        return [Issue(file, identifier, "ETK660", detail)]
    said = (Issue(file, identifier, code, detail) for code, detail in _unsaid(changed, change))
    return [*said, *check_layer(file, layer_frame([changed]), plan)]


def _unsaid(changed: Mapping[str, Any], change: Change) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Yield code and detail of what an edit must say that a table may leave open."""
    values = changed["properties"]
    if change.has_geometry and changed[GEOMETRY] is not None:
        for name in HOW_GOOD:
            if name not in change.properties:
                yield "ETK661", {"member": name}
    for name in DATES:
        if name in change.properties and values[name] and not is_date(values[name]):
            yield "ETK659", {"member": name, "found": values[name][:60]}
    if "extent_m" in change.properties and (values["extent_m"] is None) != (
        values["extent_basis"] is None
    ):
        yield "ETK663", {"member": "extent_basis"}


def check_new(document: Mapping[str, Any], file: str) -> list[Issue]:
    """List what an added feature must say beyond one that is edited."""
    values = document["properties"]
    if values["kind"] != Kind.PROJECT:
        return []
    wanted = [name for name in ("category", "citations") if not values[name]]
    return [Issue(file, values["id"], "ETK662", {"member": name}) for name in wanted]


def _is_plain(geometry: BaseGeometry) -> bool:
    coordinates = shapely.get_coordinates(geometry)
    return bool(abs(coordinates).max(initial=0.0) < float("inf"))


def join_parts(parts: Sequence[BaseGeometry]) -> BaseGeometry | None:
    """Return parts of one kind as one geometry, ``None`` for none.

    Raises
    ------
    ValueError
        If points, lines and areas are mixed.
    """
    if not parts:
        return None
    if len(parts) == 1:
        return parts[0]
    if len({int(shapely.get_dimensions(part)) for part in parts}) > 1:
        raise ValueError(parts)
    several: tuple[Any, ...] = (shapely.MultiPoint, shapely.MultiLineString, shapely.MultiPolygon)
    joined: BaseGeometry = several[int(shapely.get_dimensions(parts[0]))](list(parts))
    return joined
