"""What the properties of a layer's features must be."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from etk_geo.geojson import feature_label
from etk_geo.model import (
    FACT_PROPERTIES,
    FEATURE_PROPERTIES,
    LIST_PROPERTIES,
    Bound,
    Issue,
    Kind,
    Siting,
)


def check_properties(features: Sequence[Any], file: str) -> list[Issue]:
    """List what is wrong with the properties of features that are sound GeoJSON."""
    issues: list[Issue] = []
    seen: set[str] = set()
    for index, feature in enumerate(features):
        where = feature_label(feature, index)
        properties = feature["properties"]
        missing = [name for name in FEATURE_PROPERTIES if name not in properties]
        foreign = [name for name in properties if name not in FEATURE_PROPERTIES]
        issues.extend(Issue(file, where, "ETK120", {"member": name}) for name in missing)
        issues.extend(Issue(file, where, "ETK127", {"member": name}) for name in foreign)
        if not missing:
            issues.extend(_check_values(properties, feature["geometry"], file, where))
        if where in seen:
            issues.append(Issue(file, where, "ETK123"))
        seen.add(where)
    return issues


def _check_values(
    values: Mapping[str, Any], geometry: Mapping[str, Any] | None, file: str, where: str
) -> list[Issue]:
    def wrong(code: str, member: str) -> Issue:
        return Issue(file, where, code, {"member": member, "found": str(values[member])[:60]})

    issues = [wrong("ETK121", name) for name, good in GOOD_VALUES.items() if not good(values[name])]
    if not _is_identifier(values["id"]):
        issues.append(wrong("ETK122", "id"))
    issues.extend(
        wrong("ETK124", name)
        for name in ("name_zh", "name_en")
        if not isinstance(values[name], str) or not values[name].strip()
    )
    if not issues:
        issues.extend(_check_bound(values, geometry, file, where))
    return issues


def _one_of(*allowed: str | bool | None) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str | bool | None) and value in allowed


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_optional_text(value: Any) -> bool:
    return isinstance(value, str | None)


def _is_metres(value: Any) -> bool:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return value is None or (number and 0 <= value < 1e6)


def _is_id_list(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _is_fact_list(value: Any) -> bool:
    return isinstance(value, list) and all(_is_fact(fact) for fact in value)


def _is_fact(value: Any) -> bool:
    return (
        isinstance(value, Mapping)
        and set(value) == set(FACT_PROPERTIES)
        and all(isinstance(item, str) for item in value.values())
    )


def _is_identifier(value: Any) -> bool:
    return isinstance(value, str) and value.isascii() and value.islower() and value.isidentifier()


GOOD_VALUES: Mapping[str, Callable[[Any], bool]] = {
    "kind": _one_of(*Kind),
    "bound": _one_of(None, *Bound),
    "siting": _one_of(None, *Siting),
    "extent_basis": _one_of(None, "stated", "default"),
    "orientation_only": lambda value: isinstance(value, bool),
    "category": _is_optional_text,
    "status": _is_optional_text,
    "status_date": _is_optional_text,
    "as_of": _is_optional_text,
    "accuracy_m": _is_metres,
    "extent_m": _is_metres,
    "accuracy_zh": _is_text,
    "accuracy_en": _is_text,
    "known_zh": _is_text,
    "known_en": _is_text,
    **dict.fromkeys(LIST_PROPERTIES, _is_id_list),
    "facts": _is_fact_list,
}
"""What each property but the id and the names must be."""


def _check_bound(
    values: Mapping[str, Any], geometry: Mapping[str, Any] | None, file: str, where: str
) -> list[Issue]:
    """Check that a geometry, its bound and its accuracy say something together."""
    bound = values["bound"]
    if (geometry is None) != (bound is None):
        return [Issue(file, where, "ETK125", {"found": str(bound)})]
    if geometry is None:
        return []
    areal = geometry["type"] in ("Polygon", "MultiPolygon")
    if bound == Bound.OUTER and not areal:
        return [Issue(file, where, "ETK128", {"found": geometry["type"]})]
    if bound == Bound.EXACT and values["accuracy_m"] is None:
        return [Issue(file, where, "ETK129", {})]
    return []
