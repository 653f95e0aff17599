"""Layers found in the project folder, checked and opened; those that cannot be trusted are named.

Nothing is repaired here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from etk_geo.catalog.layer import Catalog, Layer, layer_frame
from etk_geo.catalog.properties import check_properties
from etk_geo.catalog.provenance import RECORD_SUFFIX, read_provenance, record_path
from etk_geo.catalog.table import parse_table
from etk_geo.errors import DataError, EtkGeoError, LayerError, ProvenanceError
from etk_geo.geojson import check_document
from etk_geo.model import Issue
from etk_geo.register import (
    SUPPLIED_FOLDER,
    Entry,
    Register,
    State,
    read_register,
    unregistered,
)
from etk_geo.store import parse_json, read_bytes, read_toml, sha256

LAYER_FOLDERS = ("data/boundaries", "layers", SUPPLIED_FOLDER)
REGISTRY = "data/layers.toml"


def open_catalog(root: Path) -> Catalog:
    """Open every layer of the project folder.

    Returns
    -------
    catalog
        Layers in the order of ``data/layers.toml``, then the others by name. Never raises for what
        is wrong with data: that is in ``issues``.
    """
    issues: list[Issue] = []
    layers: dict[str, Layer] = {}
    for file in layer_files(root, issues):
        try:
            layer = open_layer(root, file)
        except EtkGeoError as error:
            issues.extend(Issue.all_of(error))
            continue
        if layer.id in layers:
            issues.append(Issue(file, layer.id, "ETK123"))
            continue
        layers[layer.id] = layer
    former: dict[str, Layer] = {}
    _open_supplied(root, layers, former, issues)
    issues.extend(_duplicate_ids(layers.values()))
    return Catalog(layers, tuple(issues), former)


def _open_supplied(
    root: Path, layers: dict[str, Layer], former: dict[str, Layer], issues: list[Issue]
) -> None:
    """Open the layers that the register holds; files that it does not name are only noted."""
    try:
        register = read_register(root)
    except EtkGeoError as error:
        issues.extend(Issue.all_of(error))
        # What is not known to hold is not used: each file becomes a layer that did not open.
        issues.extend(
            Issue(file, "", "ETK897", {"reason": "register"})
            for file in unregistered(root, Register())
        )
        return
    issues.extend(Issue(file, "", "ETK898") for file in unregistered(root, register))
    for entry in register.of(State.IN_FORCE, State.SUPERSEDED):
        try:
            layer = _open_table(root, entry) or open_layer(root, entry.file)
            if layer.id != entry.id or layer.provenance.supplied is None:
                raise ProvenanceError("ETK202", file=entry.file, member="supplied")
            record = read_bytes(root, record_path(entry.file))
            if (layer.provenance.sha256, sha256(record)) != (entry.sha256, entry.record_sha256):
                raise ProvenanceError("ETK203", file=entry.file)
        except EtkGeoError as error:
            issues.extend(Issue.all_of(error))
            continue
        supplied = replace(layer.provenance.supplied, valid_to=register.valid_to(entry))
        layer = Layer(replace(layer.provenance, supplied=supplied), layer.gdf)
        in_force = register.state(entry) is State.IN_FORCE
        (layers if in_force else former)[layer.id] = layer


def _open_table(root: Path, entry: Entry) -> Layer | None:
    """Open a supplied layer by its table, written with it; ``None`` where that is not possible.

    Parsing and checking a file of 100 MB of GeoJSON takes minutes; that both are the files written
    together is known by their checksums.
    """
    if not entry.table_sha256:
        return None
    try:
        table = read_bytes(root, entry.table)
    except DataError:
        return None
    if sha256(table) != entry.table_sha256:
        return None
    if sha256(read_bytes(root, entry.file)) != entry.sha256:
        raise ProvenanceError("ETK203", file=entry.file)
    return Layer(read_provenance(root, entry.file), parse_table(table))


def registered_ids(root: Path) -> set[str]:
    """Return the ids of ``data/layers.toml``, or none where it cannot be read."""
    try:
        return {str(entry["id"]) for entry in read_toml(root, REGISTRY)["layer"]}
    except (EtkGeoError, KeyError, TypeError):
        return set()


def layer_files(root: Path, issues: list[Issue]) -> list[str]:
    """List layer files: registered ones first, then any other found in the layer folders.

    Those that users supplied are not among them; :mod:`etk_geo.register` names those.
    """
    registered: list[str] = []
    try:
        registry = read_toml(root, REGISTRY)
        registered = [str(entry["file"]) for entry in registry["layer"]]
    except EtkGeoError as error:
        issues.extend(Issue.all_of(error))
    except (KeyError, TypeError) as error:
        issues.append(Issue(REGISTRY, str(error), "ETK411"))
    folders = [folder for folder in LAYER_FOLDERS if folder != SUPPLIED_FOLDER]
    found = {
        f"{folder}/{path.name}" for folder in folders for path in (root / folder).glob("*.geojson")
    }
    recorded = {
        f"{folder}/{path.name.removesuffix(RECORD_SUFFIX)}.geojson"
        for folder in folders
        for path in (root / folder).glob(f"*{RECORD_SUFFIX}")
    }
    return registered + sorted((found | recorded) - set(registered))


def open_layer(root: Path, file: str) -> Layer:
    """Open one layer if its file, its record and the two together are sound.

    Raises
    ------
    LayerError, ProvenanceError, DataError
        Naming the file and, in ``more`` where there are several, each problem.
    """
    content = read_bytes(root, file)
    provenance = read_provenance(root, file)
    if sha256(content) != provenance.sha256:
        # A file that is broken says more when it is also said how.
        document = parse_json(content, file)
        _raise_first(check_document(document, file), file)
        raise ProvenanceError("ETK203", file=file)
    document = parse_json(content, file)
    _raise_first(check_document(document, file), file)
    _raise_first(check_properties(document["features"], file), file)
    gdf = layer_frame(document["features"])
    if len(gdf) != provenance.feature_count:
        raise ProvenanceError(
            "ETK204", file=file, found=len(gdf), expected=provenance.feature_count
        )
    return Layer(provenance, gdf)


def _raise_first(issues: Sequence[Issue], file: str) -> None:
    if issues:
        first, *more = [LayerError(i.code, file=file, where=i.where, **i.detail) for i in issues]
        first.more = tuple(more)
        raise first


def _duplicate_ids(layers: Iterable[Layer]) -> list[Issue]:
    owner: dict[str, str] = {}
    issues = []
    for layer in layers:
        for feature_id in layer.gdf["id"]:
            if feature_id in owner and owner[feature_id] != layer.provenance.file:
                issues.append(
                    Issue(layer.provenance.file, feature_id, "ETK126", {"other": owner[feature_id]})
                )
            owner.setdefault(feature_id, layer.provenance.file)
    return issues
