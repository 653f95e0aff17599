"""Read and check ``rules/``: every problem is found at once, and nothing is repaired."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any

from etk_geo.errors import EtkGeoError, TableError
from etk_geo.model import Bound, Issue
from etk_geo.rules.check import check_book
from etk_geo.rules.model import (
    CategoryLink,
    Confidence,
    Datum,
    Effect,
    Rule,
    RuleBook,
    Scope,
    ZoneSource,
    ZoneType,
)
from etk_geo.store import read_bytes, read_rows, sha256

FILES: Mapping[str, type] = {
    "rules/rules.csv": Rule,
    "rules/zone_types.csv": ZoneType,
    "rules/zone_sources.csv": ZoneSource,
    "rules/project_categories.csv": CategoryLink,
    "rules/datums.csv": Datum,
}
"""Each table and what a row of it is; its columns are the fields, in their order."""

ENUMS: Mapping[str, type[StrEnum]] = {"Effect": Effect, "Confidence": Confidence, "Scope": Scope}


def read_rules(root: Path) -> RuleBook:
    """Read the rules of a project folder.

    Raises
    ------
    TableError
        The first problem; all others in ``more``. Rules that are wrong in one place are not used
        in another: a screening by half a rule book would look complete.
    """
    issues: list[Issue] = []
    book = _read(root, issues)
    if book is not None:
        issues.extend(check_book(book))
    if issues or book is None:
        errors = [
            TableError(issue.code, file=issue.file, where=issue.where, **issue.detail)
            for issue in sorted(issues)
        ]
        errors[0].more = tuple(errors[1:])
        raise errors[0]
    return book


def check_rules(root: Path) -> list[Issue]:
    """List everything that is wrong with the rules of a project folder."""
    try:
        read_rules(root)
    except TableError as error:
        return Issue.all_of(error)
    return []


def _read(root: Path, issues: list[Issue]) -> RuleBook | None:
    tables: dict[str, list[Any]] = {}
    files: dict[str, str] = {}
    for file, kind in FILES.items():
        try:
            rows = read_rows(root, file, [member.name for member in fields(kind)])
            files[file] = sha256(read_bytes(root, file))
        except EtkGeoError as error:
            issues.extend(Issue.all_of(error))
            continue
        tables[file] = [
            value
            for number, row in enumerate(rows, start=2)
            if (value := _parse(kind, row, file, number, issues)) is not None
        ]
    if len(tables) < len(FILES):
        return None
    rules, zone_types, sources, categories, datums = tables.values()
    return RuleBook(
        tuple(rules),
        _keyed(zone_types, "code", "rules/zone_types.csv", issues),
        tuple(sources),
        _keyed(categories, "project_category", "rules/project_categories.csv", issues),
        _keyed(datums, "code", "rules/datums.csv", issues),
        files,
    )


def _keyed(rows: list[Any], key: str, file: str, issues: list[Issue]) -> dict[str, Any]:
    keyed: dict[str, Any] = {}
    for row in rows:
        value = getattr(row, key)
        if value in keyed:
            issues.append(Issue(file, value, "ETK405", {"row": value}))
        keyed[value] = row
    return keyed


def _parse(
    kind: type, row: Mapping[str, str], file: str, number: int, issues: list[Issue]
) -> Any | None:
    """Turn a row into its value, or report each cell that cannot be read."""
    where = next(iter(row.values())) or f"row {number}"
    values: dict[str, Any] = {}
    for member in fields(kind):
        cell = row[member.name]
        parse = _parser(str(member.type), member.name)
        try:
            values[member.name] = parse(cell)
        except ValueError:
            detail = {"column": member.name, "found": cell[:60], "row": str(number)}
            issues.append(Issue(file, where, "ETK701", detail))
    return kind(**values) if len(values) == len(fields(kind)) else None


def _parser(type_name: str, name: str) -> Callable[[str], Any]:
    if type_name in ENUMS:
        return ENUMS[type_name]
    parsers: dict[str, Callable[[str], Any]] = {
        "str": _bound if name == "bound" else str,
        "bool": _bool,
        "float": _metres,
        "float | None": lambda cell: _metres(cell) if cell else None,
        "date | None": _day,
        "tuple[str, ...]": _codes,
    }
    return parsers[type_name]


def _bound(cell: str) -> str:
    return Bound(cell).value if cell else ""


def _bool(cell: str) -> bool:
    if cell not in ("true", "false", ""):
        raise ValueError(cell)
    return cell == "true"


def _metres(cell: str) -> float:
    value = float(cell)
    if not 0 <= value <= 100_000:
        raise ValueError(cell)
    return value


def _day(cell: str) -> date | None:
    if not cell:
        return None
    if len(cell) != len("2026-03-15"):
        raise ValueError(cell)
    return date.fromisoformat(cell)


def _codes(cell: str) -> tuple[str, ...]:
    codes = tuple(part.strip() for part in cell.split(";") if part.strip())
    if len(set(codes)) != len(codes):
        raise ValueError(cell)
    return codes
