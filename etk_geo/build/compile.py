"""The whole data set from its tables: layer files and their provenance records, as bytes.

Writes nothing itself unless told to; two runs over the same tables give the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Any

from etk_geo.build import places, projects, zones
from etk_geo.build.feature import Feature
from etk_geo.build.tables import BuildTables, read_tables
from etk_geo.catalog import CRS_NAME, REGISTRY, dump_provenance, parse_provenance, record_path
from etk_geo.errors import TableError
from etk_geo.geojson import dump_document
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
        if entry["id"] not in BUILDERS:
            raise TableError("ETK412", file=REGISTRY, where=str(entry["id"]))
        features = list(BUILDERS[entry["id"]](tables))
        content = dump_document([feature.document() for feature in features])
        files[entry["file"]] = content
        record = _record(tables, entry, order, features, content)
        files[record_path(entry["file"])] = dump_json(record)
    return files


def _record(
    tables: BuildTables,
    entry: Mapping[str, Any],
    order: int,
    features: list[Feature],
    content: bytes,
) -> dict[str, Any]:
    names = [*entry["tables"], REGISTRY]
    values = {
        **{name: value for name, value in entry.items() if name != "tables"},
        "order": order,
        "crs": CRS_NAME,
        "feature_count": len(features),
        "unlocated_count": sum(feature.geometry is None for feature in features),
        "sha256": sha256(content),
        "built_from": {name: tables.checksum(name) for name in names},
    }
    return dump_provenance(parse_provenance(values, REGISTRY))


def write_layers(root: Path) -> list[str]:
    """Compile the layers and write those whose bytes changed; return their paths, sorted."""
    changed = []
    for file, content in sorted(compile_layers(root).items()):
        path = root / file
        if not path.is_file() or path.read_bytes() != content:
            write_atomic(path, content)
            changed.append(file)
    return changed
