"""The provenance record that lies beside a layer file: read, checked, written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from etk_geo.errors import DataError, ProvenanceError
from etk_geo.model import Completeness, LayerGroup, Provenance, Supplied
from etk_geo.store import read_json

RECORD_SUFFIX = ".provenance.json"
CRS_NAME = "OGC:CRS84"


def record_path(layer_file: str) -> str:
    """Return the path of the provenance record that belongs to a layer file."""
    return layer_file.removesuffix(".geojson") + RECORD_SUFFIX


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
