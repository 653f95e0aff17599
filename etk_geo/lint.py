"""The data linter: everything that is wrong with layers and tables, all at once.

Checks what the program relies on; the wording and remedy of each code is in
``locale/issues.toml`` and ``docs/codes.md``. Never changes a file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from etk_geo.build.compile import DERIVED_FEATURES, compile_layers, drifted_edits
from etk_geo.catalog import (
    REGISTRY,
    Catalog,
    invalid_geometries,
    open_catalog,
    record_path,
    registered_ids,
)
from etk_geo.errors import DataError
from etk_geo.model import REGION_BOUNDS, Issue, Siting
from etk_geo.plan import TABLES, Plan, open_plan, records
from etk_geo.rules import FILES, CategoryLink, ZoneSource, ZoneType, read_rules
from etk_geo.store import read_bytes, sha256

REFERENCES: tuple[tuple[str, str, str, str], ...] = (
    ("projects", "places", "places", "id"),
    ("projects", "targets", "targets", "id"),
    ("projects", "citation", "outline", "citation"),
    ("projects", "category", "categories", "id"),
    ("projects", "status_source", "sources", "id"),
    ("targets", "places", "places", "id"),
    ("targets", "citation", "outline", "citation"),
    ("siting", "project_id", "projects", "id"),
    ("siting", "anchors", "places", "id"),
    ("siting", "source", "sources", "id"),
    ("places", "sources", "sources", "id"),
    ("zones", "category", "categories", "id"),
    ("zones", "places", "places", "id"),
    ("zones", "citations", "outline", "citation"),
    ("zones", "sources", "sources", "id"),
    ("published", "source", "sources", "id"),
    ("patterns", "pattern", "patterns", "id"),
    ("patterns", "citation", "outline", "citation"),
    ("progress_status", "project", "projects", "id"),
    ("progress_status", "source", "sources", "id"),
    ("progress_actuals", "target", "targets", "id"),
    ("progress_actuals", "source", "sources", "id"),
)
"""Table, column, and the table and key that each of its cells must name."""

CODED: tuple[tuple[str, str, str], ...] = (
    ("targets", "sector", "sector"),
    ("targets", "unit", "unit"),
    ("targets", "measure", "measure"),
    ("projects", "status", "status"),
    ("projects", "geometry", "geometry"),
    ("siting", "siting", "siting"),
    ("places", "kind", "place_kind"),
    ("places", "method", "method"),
    ("places", "confidence", "confidence"),
    ("published", "attribute", "attribute"),
    ("published", "unit", "unit"),
    ("published", "confidence", "confidence"),
    ("outline", "level", "level"),
    ("progress_status", "status", "progress"),
)
"""Table, column, and the vocabulary domain of its cells."""

RULE_FILES = {kind: file for file, kind in FILES.items()}

COMPARATORS = frozenset({"", "=", ">=", "<=", "~"})

FEATURE_REFERENCES: tuple[tuple[str, str, str], ...] = (
    ("places", "places", "id"),
    ("targets", "targets", "id"),
    ("citations", "outline", "citation"),
    ("sources", "sources", "id"),
)


def lint(root: Path, catalog: Catalog | None = None, plan: Plan | None = None) -> list[Issue]:
    """Check the whole project folder.

    Parameters
    ----------
    root
        The folder.
    catalog, plan
        Of this folder, where they are open already.

    Returns
    -------
    issues
        Sorted by file, place and code; empty if nothing is wrong. Never raises for what is wrong
        with data.
    """
    catalog = catalog or open_catalog(root)
    plan = plan or open_plan(root)
    issues = [*catalog.issues, *plan.issues]
    issues.extend(_check_tables(plan, set(catalog.layers) | registered_ids(root)))
    for layer in catalog.layers.values():
        if layer.provenance.supplied is None:
            issues.extend(check_layer(layer.provenance.file, layer.gdf, plan))
        else:
            issues.extend(_check_geometries(layer.provenance.file, layer.gdf))
    issues.extend(_check_sources_of_records(catalog, plan))
    issues.extend(_check_build(root, catalog))
    issues.extend(_check_rules(root, plan, catalog))
    unique = {_order(issue): issue for issue in issues}
    return [unique[key] for key in sorted(unique)]


def _order(issue: Issue) -> tuple[str, str, str, tuple[tuple[str, str], ...]]:
    """Return what tells issues apart: equal issues may differ in what they say was found."""
    details = sorted((name, str(value)) for name, value in issue.detail.items())
    return issue.file, issue.where, issue.code, tuple(details)


def _named(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value] if value else []


def _check_tables(plan: Plan, layers: set[str]) -> Iterator[Issue]:
    keys = {(name, key): set(getattr(plan, name)[key]) for _, _, name, key in REFERENCES}
    for table, column, target, key in REFERENCES:
        yield from _unresolved(
            plan, table, column, keys[target, key], "ETK130", {"table": TABLES[target].file}
        )
    words = {domain: set(rows["code"]) for domain, rows in plan.vocabulary.groupby("domain")}
    for table, column, domain in CODED:
        yield from _unresolved(
            plan, table, column, words.get(domain, set()), "ETK131", {"domain": domain}
        )
    for table, column in (("projects", "layer"), ("targets", "layers"), ("zones", "layer")):
        yield from _unresolved(plan, table, column, layers, "ETK132", {})
    features = _feature_ids(plan)
    yield from _unresolved(plan, "places", "feature", features, "ETK133", {})
    yield from _unresolved(plan, "patterns", "features", features, "ETK133", {})
    yield from _unresolved(plan, "published", "subject", features | {"etk"}, "ETK133", {})
    yield from _check_comparators(plan)
    yield from _check_siting(plan)
    yield from _check_places(plan)
    for name, table_ in TABLES.items():
        yield from _check_pairs(getattr(plan, name), table_.file, table_.key)


def _feature_ids(plan: Plan) -> set[str]:
    """Return the ids that the tables turn into features."""
    named = set(plan.projects["id"]) | set(plan.zones["id"]) | set(plan.places["id"])
    return named | DERIVED_FEATURES


def _row_key(frame: pd.DataFrame, key: tuple[str, ...], index: int) -> str:
    if not key:
        return f"row {index + 2}"
    return "/".join(str(frame[name].iloc[index]) for name in key)


def _unresolved(
    plan: Plan, table: str, column: str, known: set[str], code: str, detail: Mapping[str, str]
) -> Iterator[Issue]:
    frame: pd.DataFrame = getattr(plan, table)
    for index, cell in enumerate(frame[column]):
        for name in _named(cell):
            if name not in known:
                where = _row_key(frame, TABLES[table].key, index)
                found = {"column": column, "found": name, **detail}
                yield Issue(TABLES[table].file, where, code, found)


def _check_comparators(plan: Plan) -> Iterator[Issue]:
    for row in records(plan.targets):
        if row["comparator"] not in COMPARATORS:
            detail = {
                "column": "comparator",
                "found": str(row["comparator"]),
                "domain": "comparator",
            }
            yield Issue(TABLES["targets"].file, str(row["id"]), "ETK131", detail)
        if not row["places"]:
            yield Issue(TABLES["targets"].file, str(row["id"]), "ETK134", {"column": "places"})
        if not row["citation"]:
            yield Issue(TABLES["targets"].file, str(row["id"]), "ETK134", {"column": "citation"})


def _check_siting(plan: Plan) -> Iterator[Issue]:
    sited = set(plan.siting["project_id"])
    for project in plan.projects["id"]:
        if project not in sited:
            yield Issue(TABLES["siting"].file, project, "ETK406")
    located = set(plan.places.loc[plan.places["lon"].notna(), "id"])
    for row in records(plan.siting):
        pinned = row["siting"] in (Siting.AT_PLACE, Siting.NEAR_PLACE, Siting.BETWEEN_PLACES)
        lost = [name for name in row["anchors"] if name not in located]
        if pinned and (lost or not row["anchors"]):
            yield Issue(
                TABLES["siting"].file, str(row["project_id"]), "ETK408", {"column": "anchors"}
            )


def _check_places(plan: Plan) -> Iterator[Issue]:
    box = REGION_BOUNDS
    for row in records(plan.places):
        known = [pd.notna(value) for value in (row["lon"], row["lat"], row["accuracy_m"])]
        if any(known) and not all(known):
            yield Issue(
                TABLES["places"].file, str(row["id"]), "ETK408", {"column": "lon, lat, accuracy_m"}
            )
        elif all(known) and not (
            box.west <= row["lon"] <= box.east and box.south <= row["lat"] <= box.north
        ):
            yield Issue(
                TABLES["places"].file,
                str(row["id"]),
                "ETK108",
                {"found": f"{row['lon']}, {row['lat']}"},
            )


def _check_pairs(frame: pd.DataFrame, file: str, key: tuple[str, ...]) -> Iterator[Issue]:
    """Check that every text stands in both languages, and each in its own."""
    for column in frame.columns:
        if not column.endswith("_zh"):
            continue
        other = column.removesuffix("_zh") + "_en"
        for index, (zh, en) in enumerate(zip(frame[column], frame[other], strict=True)):
            if bool(zh) != bool(en):
                where = _row_key(frame, key, index)
                yield Issue(file, where, "ETK135", {"column": column if not zh else other})


def _check_geometries(file: str, gdf: pd.DataFrame) -> Iterator[Issue]:
    for feature_id, reason in invalid_geometries(gdf).items():
        yield Issue(file, feature_id, "ETK111", {"reason": reason})


def check_layer(file: str, gdf: pd.DataFrame, plan: Plan) -> Iterator[Issue]:
    """Yield what is wrong with features: invalid geometry, ids and codes that are not there."""
    yield from _check_geometries(file, gdf)
    categories = set(plan.categories["id"])
    statuses = set(plan.vocabulary.loc[plan.vocabulary["domain"] == "status", "code"])
    attributes = set(plan.vocabulary.loc[plan.vocabulary["domain"] == "attribute", "code"])
    known = {name: set(getattr(plan, table)[key]) for name, table, key in FEATURE_REFERENCES}
    for row in records(gdf):
        for name, table, _ in FEATURE_REFERENCES:
            for value in row[name]:
                if value not in known[name]:
                    detail = {"column": name, "found": value, "table": TABLES[table].file}
                    yield Issue(file, row["id"], "ETK130", detail)
        for name, value, codes in (
            ("category", row["category"], categories),
            ("status", row["status"], statuses),
            *(("facts", fact["attribute"], attributes) for fact in row["facts"]),
        ):
            if isinstance(value, str) and value not in codes:
                yield Issue(
                    file, row["id"], "ETK131", {"column": name, "found": value, "domain": name}
                )


def _check_sources_of_records(catalog: Catalog, plan: Plan) -> Iterator[Issue]:
    known = set(plan.sources["id"])
    for layer in catalog.layers.values():
        record = layer.provenance
        for source in record.sources:
            if source not in known:
                detail = {"column": "sources", "found": source, "table": TABLES["sources"].file}
                yield Issue(record_path(record.file), record.id, "ETK130", detail)
        if len(record.known_gaps_zh) != len(record.known_gaps_en):
            yield Issue(record_path(record.file), record.id, "ETK135", {"column": "known_gaps_en"})


def _check_build(root: Path, catalog: Catalog) -> Iterator[Issue]:
    """Check that the layers are what their tables give today."""
    try:
        compiled = compile_layers(root)
    except DataError as error:
        yield from Issue.all_of(error)
        return
    except (KeyError, TypeError) as error:
        yield Issue(REGISTRY, str(error), "ETK411")
        return
    yield from _stale(root, compiled)
    yield from drifted_edits(root)
    records = {
        layer.provenance.file
        for layer in catalog.layers.values()
        if layer.provenance.supplied is None
    }
    for file in sorted(records - set(compiled)):
        yield Issue(file, "", "ETK207")


def _check_rules(root: Path, plan: Plan, catalog: Catalog) -> Iterator[Issue]:
    """Check the rule tables, and that what they name in the plan and the layers is there."""
    try:
        book = read_rules(root)
    except DataError as error:
        yield from Issue.all_of(error)
        return
    outline = set(plan.outline["citation"])
    for kind in book.zone_types.values():
        for citation in kind.citations:
            if citation not in outline:
                detail = {"column": "citations", "found": citation, "table": TABLES["outline"].file}
                yield Issue(RULE_FILES[ZoneType], kind.code, "ETK130", detail)
    for category in sorted(set(plan.projects["category"])):
        if not book.rule_categories(category):
            detail = {"column": "project_category", "found": category, "domain": "category"}
            yield Issue(RULE_FILES[CategoryLink], category, "ETK131", detail)
    for source in book.zone_sources:
        layer = catalog.layers.get(source.layer)
        if source.feature and layer is not None and source.feature not in set(layer.gdf["id"]):
            detail = {"column": "feature", "found": source.feature}
            yield Issue(RULE_FILES[ZoneSource], source.zone_type, "ETK133", detail)


def _stale(root: Path, compiled: Mapping[str, bytes]) -> Iterable[Issue]:
    for file, content in compiled.items():
        try:
            current = read_bytes(root, file)
        except DataError:
            continue  # already said by the catalog
        if sha256(current) != sha256(content):
            yield Issue(file, "", "ETK205")
