"""The whole data set from its tables: layer files and their provenance records, as bytes.

Writes nothing itself unless told to; two runs over the same tables give the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

from etk_geo.build import places, projects, zones
from etk_geo.build.edits import (
    Edit,
    apply_edits,
    drifted,
    dump_edits,
    edits_file,
    read_edits,
)
from etk_geo.build.feature import Feature
from etk_geo.build.tables import BuildTables, read_tables
from etk_geo.catalog import CRS_NAME, REGISTRY, dump_provenance, parse_provenance, record_path
from etk_geo.errors import TableError
from etk_geo.geojson import dump_document
from etk_geo.model import Issue
from etk_geo.store import dump_json, read_toml, sha256, write_atomic

BUILDERS: Mapping[str, Callable[[BuildTables], Iterator[Feature]]] = {
    "banner": places.banner,
    "neighbours": places.neighbours,
    "townships": places.townships,
    "rivers": places.rivers,
    "settlements": places.settlements,
    "industrial_parks": lambda t: projects.projects(t, "industrial_parks"),
    "yellow_river_corridor": lambda t: chain(
        [places.corridor_reach(t)],
        projects.projects(t, "yellow_river_corridor"),
        zones.zones(t, "yellow_river_corridor"),
    ),
    "nature_reserves": lambda t: chain(
        zones.zones(t, "nature_reserves"), projects.projects(t, "nature_reserves")
    ),
    "mining_remediation": lambda t: chain(
        zones.mines(t),
        projects.projects(t, "mining_remediation"),
        zones.zones(t, "mining_remediation"),
    ),
    "township_projects": lambda t: projects.projects(t, "township_projects"),
    "highways": lambda t: chain(
        projects.projects(t, "highways"), [places.route_feature(t, "g338")]
    ),
    "railways": lambda t: chain(
        projects.projects(t, "railways"),
        (
            places.route_feature(t, route)
            for route in ("baolan_railway", "dongwu_railway", "sanxin_railway")
        ),
    ),
    "power_plants": zones.plants,
}
"""How each layer of ``data/layers.toml`` comes about."""


DERIVED_FEATURES = frozenset(
    {
        "otog_banner",
        "yellow_river_banner_reach",
        "yellow_river_context",
        "yellow_river_corridor_reach",
        "mining_indicative_extent",
    }
)
"""Ids of features that no row of a table carries, but a builder draws from several rows."""


def compile_layers(root: Path) -> dict[str, bytes]:
    """Return every layer file and provenance record by path relative to ``root``.

    Raises
    ------
    DataError
        If a table cannot be read or asks for what the others do not hold; ``more`` has the rest.
    """
    tables = read_tables(root)
    files: dict[str, bytes] = {}
    for order, entry in enumerate(read_toml(root, REGISTRY)["layer"], start=1):
        edits = read_edits(root, str(entry["id"]))
        checksum = tables.checksum(edits_file(entry["id"])) if edits else ""
        files |= _compiled(tables, entry, order, edits, checksum)
    return files


def compile_layer(root: Path, layer: str, edits: Sequence[Edit]) -> dict[str, bytes]:
    """Return the file and the record of one layer as they are with these edits.

    Raises
    ------
    DataError
        As :func:`compile_layers`; ETK412 if there is no such layer.
    """
    tables = read_tables(root)
    for order, entry in enumerate(read_toml(root, REGISTRY)["layer"], start=1):
        if entry["id"] == layer:
            checksum = sha256(dump_edits(edits)) if edits else ""
            return _compiled(tables, entry, order, edits, checksum)
    raise TableError("ETK412", file=REGISTRY, where=layer)


def unedited_documents(root: Path, layer: str) -> list[dict[str, Any]]:
    """Return the features of a layer as the tables give them."""
    return _documents(read_tables(root), layer)


def drifted_edits(root: Path) -> Iterator[Issue]:
    """Yield the edits under which the tables have changed since they were made."""
    for entry in read_toml(root, REGISTRY)["layer"]:
        edits = read_edits(root, str(entry["id"]))
        if edits:
            documents = unedited_documents(root, entry["id"])
            yield from drifted(documents, edits, entry["id"])


def _documents(tables: BuildTables, layer: str) -> list[dict[str, Any]]:
    if layer not in BUILDERS:
        raise TableError("ETK412", file=REGISTRY, where=layer)
    return [feature.document() for feature in BUILDERS[layer](tables)]


def _compiled(
    tables: BuildTables, entry: Mapping[str, Any], order: int, edits: Sequence[Edit], checksum: str
) -> dict[str, bytes]:
    """Return a layer's file and record by path; ``checksum`` is that of the file of its edits."""
    documents = apply_edits(_documents(tables, str(entry["id"])), edits)
    content = dump_document(documents)
    built_from = {name: tables.checksum(name) for name in (*entry["tables"], REGISTRY)}
    if checksum:
        built_from[edits_file(entry["id"])] = checksum
    values = {
        **{name: value for name, value in entry.items() if name != "tables"},
        "order": order,
        "crs": CRS_NAME,
        "feature_count": len(documents),
        "unlocated_count": sum(document["geometry"] is None for document in documents),
        "sha256": sha256(content),
        "built_from": built_from,
    }
    record = dump_provenance(parse_provenance(values, REGISTRY))
    return {entry["file"]: content, record_path(entry["file"]): dump_json(record)}


def write_layers(root: Path) -> list[str]:
    """Compile the layers and write those whose bytes changed; return their paths, sorted."""
    changed = []
    for file, content in sorted(compile_layers(root).items()):
        path = root / file
        if not path.is_file() or path.read_bytes() != content:
            write_atomic(path, content)
            changed.append(file)
    return changed
