"""Two people changed one feature: where their changes collide, and the version that both make."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from etk_geo.build.edits import GEOMETRY, WHOLE, document_of, members

POSITION = (GEOMETRY, "bound", "accuracy_m", "accuracy_zh", "accuracy_en", "siting")
"""A geometry and what says how to understand it: taken from one version, never mixed."""

Unit = tuple[str, ...]
"""Members that are chosen together; the first names them."""

UNITS: tuple[Unit, ...] = (POSITION, *((name,) for name in sorted(WHOLE.difference(POSITION))))


def find_collisions(
    base: Mapping[str, Any], theirs: Mapping[str, Any], mine: Mapping[str, Any]
) -> list[Unit]:
    """Return what both changed since ``base``, and not to the same."""
    old, other, own = members(base), members(theirs), members(mine)
    return [
        unit
        for unit in UNITS
        if _differ(unit, old, own) and _differ(unit, old, other) and _differ(unit, own, other)
    ]


def merge(
    base: Mapping[str, Any],
    theirs: Mapping[str, Any],
    mine: Mapping[str, Any],
    preferred: Collection[str] = (),
) -> dict[str, Any]:
    """Return the other version with what the user changed.

    Parameters
    ----------
    base
        What both began from; GeoJSON features, as the others.
    theirs, mine
        What each made of it.
    preferred
        Names of the collisions in which the user's own values are taken; in the others those of the
        other version stay.
    """
    old, other, own = members(base), members(theirs), members(mine)
    collided = find_collisions(base, theirs, mine)
    values = dict(other)
    for unit in UNITS:
        if _differ(unit, old, own) and (unit not in collided or unit[0] in preferred):
            values |= {name: own[name] for name in unit}
    return document_of(str(theirs["properties"]["id"]), values)


def _differ(unit: Unit, one: Mapping[str, Any], another: Mapping[str, Any]) -> bool:
    return any(one[name] != another[name] for name in unit)
