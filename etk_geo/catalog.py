"""Layers with their provenance: found in the project folder, checked, opened as frames.

A layer that cannot be trusted (missing, broken, changed by hand, without provenance) is withheld
and named; the others open. Nothing is repaired here.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry import shape

from etk_geo.crs import CRS_STORE
from etk_geo.errors import DataError, EtkGeoError, LayerError, ProvenanceError
from etk_geo.geojson import check_document, feature_label
from etk_geo.model import (
    FACT_PROPERTIES,
    FEATURE_PROPERTIES,
    LIST_PROPERTIES,
    Bound,
    Completeness,
    Issue,
    Kind,
    LayerGroup,
    Provenance,
    Siting,
    Supplied,
)
from etk_geo.register import (
    SUPPLIED_FOLDER,
    Entry,
    Register,
    State,
    read_register,
    unregistered,
)
from etk_geo.store import parse_json, read_bytes, read_json, read_toml, sha256

LAYER_FOLDERS = ("data/boundaries", "layers", SUPPLIED_FOLDER)
RECORD_SUFFIX = ".provenance.json"
REGISTRY = "data/layers.toml"
CRS_NAME = "OGC:CRS84"


@dataclass(frozen=True)
class Layer:
    """A layer that passed the checks.

    ``gdf`` has the columns of ``model.FEATURE_PROPERTIES`` and ``geometry``, WGS 84 degrees, one
    row per feature, index 0..n-1; the geometry of an unlocated feature is ``None``. Shared between
    sessions: treat as read-only.
    """

    provenance: Provenance
    gdf: gpd.GeoDataFrame

    @property
    def id(self) -> str:
        """The layer's id."""
        return self.provenance.id

    @property
    def located(self) -> gpd.GeoDataFrame:
        """The features that have a geometry."""
        return self.gdf[self.gdf.geometry.notna()]

    @property
    def unlocated(self) -> gpd.GeoDataFrame:
        """The features whose position is not known."""
        return self.gdf[self.gdf.geometry.isna()]


@dataclass(frozen=True)
class Catalog:
    """The layers that opened, in legend order, and what is wrong with the rest.

    ``former`` are official layers that a newer version superseded: for screening under a date
    before it, shown nowhere.
    """

    layers: Mapping[str, Layer]
    issues: tuple[Issue, ...]
    former: Mapping[str, Layer] = field(default_factory=dict)


def record_path(layer_file: str) -> str:
    """Return the path of the provenance record that belongs to a layer file."""
    return layer_file.removesuffix(".geojson") + RECORD_SUFFIX


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


def dump_table(features: Sequence[Mapping[str, Any]]) -> bytes:
    """Return features as the table that :func:`parse_table` reads."""
    gdf = layer_frame(features)
    for name in (*LIST_PROPERTIES, "facts"):
        gdf[name] = [json.dumps(value, ensure_ascii=False) for value in gdf[name]]
    stream = io.BytesIO()
    gdf.to_parquet(stream, index=False)
    return stream.getvalue()


def parse_table(content: bytes) -> gpd.GeoDataFrame:
    """Return the frame of a layer from its table."""
    gdf = gpd.read_parquet(io.BytesIO(content))
    for name in (*LIST_PROPERTIES, "facts"):
        gdf[name] = pd.Series([json.loads(v) for v in gdf[name]], index=gdf.index, dtype=object)
    return gdf


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


def read_provenance(root: Path, layer_file: str) -> Provenance:
    """Read the provenance record of a layer file."""
    file = record_path(layer_file)
    try:
        record = read_json(root, file)
    except DataError as error:
        if error.code == "ETK101":
            raise ProvenanceError("ETK201", file=layer_file, record=file) from None
        raise ProvenanceError("ETK202", file=file, member=error.code) from error
    return parse_provenance(record, file)


def parse_provenance(record: Any, file: str) -> Provenance:
    """Turn a parsed record into :class:`Provenance`, or say which member is wrong."""
    if not isinstance(record, Mapping):
        raise ProvenanceError("ETK202", file=file, member="$")
    values: dict[str, Any] = {}
    for member in fields(Provenance):
        if member.name == "supplied":
            values["supplied"] = _parse_supplied(record.get("supplied"), file)
            continue
        if member.name not in record:
            raise ProvenanceError("ETK202", file=file, member=member.name)
        value = record[member.name]
        if str(member.type).startswith("tuple"):
            good = isinstance(value, list) and all(isinstance(item, str) for item in value)
            value = tuple(value) if good else value
        elif member.type == "LayerGroup":
            good = value in set(LayerGroup)
            value = LayerGroup(value) if good else value
        elif str(member.type).startswith("Mapping"):
            good = isinstance(value, Mapping)
        else:
            expected = {"str": str, "bool": bool, "int": int}[str(member.type)]
            good = type(value) is expected
        if not good:
            raise ProvenanceError("ETK202", file=file, member=member.name)
        values[member.name] = value
    if values["crs"] != CRS_NAME:
        raise ProvenanceError("ETK104", file=file, where="crs", found=values["crs"])
    return Provenance(**values)


def _parse_supplied(record: Any, file: str) -> Supplied | None:
    """Turn the statement of an official layer into :class:`Supplied`; others have none."""
    if record is None:
        return None
    try:
        values = {member.name: record[member.name] for member in fields(Supplied)}
        values["complete"] = Completeness(values["complete"])
        values["stands_for"] = tuple(values["stands_for"])
        for name in ("zone_type", "version", "holder", "valid_from", "valid_to", "supplied_on"):
            if not isinstance(values[name], str):
                raise TypeError(name)  # noqa: TRY301
    except (KeyError, TypeError, ValueError) as error:
        raise ProvenanceError("ETK202", file=file, member=f"supplied: {error}"[:60]) from error
    return Supplied(**values)


def dump_provenance(provenance: Provenance) -> dict[str, Any]:
    """Return the record of a layer as JSON values, members in a fixed order."""
    record: dict[str, Any] = {}
    for member in fields(Provenance):
        value = getattr(provenance, member.name)
        if isinstance(value, Supplied):
            value = _plain(value)
        elif value is None:
            continue
        record[member.name] = list(value) if isinstance(value, tuple) else value
        if isinstance(value, Mapping) and member.name != "supplied":
            record[member.name] = dict(sorted(value.items()))
    return record


def _plain(supplied: Supplied) -> dict[str, Any]:
    values = {member.name: getattr(supplied, member.name) for member in fields(Supplied)}
    return values | {
        "stands_for": list(supplied.stands_for),
        "intake": dict(sorted(supplied.intake.items())),
    }


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


def layer_frame(features: Sequence[Mapping[str, Any]]) -> gpd.GeoDataFrame:
    """Return sound features as a frame, columns as :class:`Layer` says."""
    geometries = [
        None if feature["geometry"] is None else shape(feature["geometry"]) for feature in features
    ]
    columns = {
        name: [feature["properties"][name] for feature in features] for name in FEATURE_PROPERTIES
    }
    gdf = gpd.GeoDataFrame(columns, geometry=geometries, crs=CRS_STORE)
    for name in ("accuracy_m", "extent_m"):
        gdf[name] = gdf[name].astype("float64")
    return gdf


def invalid_geometries(gdf: gpd.GeoDataFrame) -> dict[str, str]:
    """Return the reason why a geometry is invalid, by feature id."""
    located = gdf[gdf.geometry.notna()]
    valid = shapely.is_valid(np.asarray(located.geometry))
    invalid = located[~valid]
    return {
        str(feature_id): str(shapely.is_valid_reason(geometry))
        for feature_id, geometry in zip(invalid["id"], invalid.geometry, strict=True)
    }


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
